package org.pagewheel.shell.internal.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.BufferStatus;

/**
 * The status of a process.
 *
 * @param command its command line
 * @param when it began
 * @param buffers its buffers
 */
record Status(String command, Instant since, List<BufferLine> buffers) {
  private static final String SEPARATOR = "\t";
  private static final int COLUMNS = 4;

  /** More would not be read; the status goes through the socket in one frame. */
  private static final int MAX_COMMAND = 1000;

  /**
   * A buffer.
   *
   * @param name its name
   * @param state {@code on}, {@code off} and so on
   * @param written how many events were ever written to it
   * @param problem what is wrong with it, or empty
   */
  record BufferLine(String name, String state, long written, String problem) {}

  static Status of(Buffers buffers, Administration administration) {
    List<BufferLine> lines = new ArrayList<>();
    for (BufferStatus status : administration.buffers()) {
      long written =
          buffers.find(status.name()).map(Buffer::totals).map(c -> c.written()).orElse(0L);
      lines.add(
          new BufferLine(
              status.name(),
              status.state().name().toLowerCase(Locale.ROOT),
              written,
              status.problem().orElse("")));
    }
    return new Status(
        System.getProperty(
            "pagewheel.launcher.command", System.getProperty("sun.java.command", "")),
        ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH),
        List.copyOf(lines));
  }

  /** A line for the process, then one for each buffer. */
  String text() {
    StringBuilder text = new StringBuilder();
    String begin = command.substring(0, Math.min(command.length(), MAX_COMMAND));
    text.append(since.toEpochMilli()).append(SEPARATOR).append(inOneLine(begin)).append('\n');
    for (BufferLine each : buffers) {
      text.append(
          String.join(
              SEPARATOR,
              each.name(),
              each.state(),
              Long.toString(each.written()),
              inOneLine(each.problem())));
      text.append('\n');
    }
    return text.toString();
  }

  private static String inOneLine(String text) {
    return text.replaceAll("\\p{Cntrl}+", " ").strip();
  }

  /**
   * The status in a text.
   *
   * @throws IllegalArgumentException if it is not one
   */
  static Status parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("an empty status");
    }
    String[] first = lines.getFirst().split(SEPARATOR, 2);
    List<BufferLine> buffers = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(SEPARATOR, COLUMNS);
      if (cells.length < COLUMNS) {
        throw new IllegalArgumentException("a short line in a status");
      }
      buffers.add(new BufferLine(cells[0], cells[1], Long.parseLong(cells[2]), cells[3]));
    }
    Instant since = Instant.ofEpochMilli(Long.parseLong(first[0]));
    return new Status(first.length > 1 ? first[1] : "", since, buffers);
  }

  long written() {
    return buffers.stream().mapToLong(BufferLine::written).sum();
  }
}
