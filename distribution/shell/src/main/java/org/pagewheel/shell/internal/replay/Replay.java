package org.pagewheel.shell.internal.replay;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Buffers;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.PageReader;
import org.pagewheel.format.PageFormat;
import org.pagewheel.shell.internal.print.FileProblem;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.WritableBuffer;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceFileWriter;

/**
 * Feeds the events of a trace file through rings of the running system, one for each buffer in the
 * file, and writes what comes out as another file of the same version and byte order: with the
 * original times, CPUs, losses and metadata, so that {@code trace-cmd report -t} prints the same
 * for both.
 */
public final class Replay {
  private static final String NAME = "replay";

  private final Buffers buffers;
  private final BufferConfig like;
  private final int pageSize;

  private final List<String> rings = new ArrayList<>();
  private Counters counters = Counters.ZERO;
  private long eventsOut;
  private long untold;

  /**
   * Prepares a replay.
   *
   * @param buffers the registry in which its buffers are made
   * @param like the backend, its settings, and the number of pages
   * @param pageSize the least number of bytes per page, or 0 for that of the input
   */
  public Replay(Buffers buffers, BufferConfig like, int pageSize) {
    this.buffers = buffers;
    this.like = like;
    this.pageSize = pageSize;
  }

  /**
   * Replays a file. A replay is done once.
   *
   * @param from the file to read
   * @param to the file to write; it is replaced only when the new one is complete
   * @return the account
   * @throws ReplayException if the input cannot be read or is damaged, if the output cannot be
   *     written, or if the result is wrong; then there is no output
   */
  public ReplayReport run(Path from, Path to) throws ReplayException {
    checkPaths(from, to);
    try (TraceFile input = TraceFile.open(from)) {
      if (!input.warnings().isEmpty()) {
        throw new ReplayException(from + " is truncated: " + input.warnings().getFirst());
      }
      return replay(input, to);
    } catch (IOException e) {
      throw new ReplayException(FileProblem.of(e, from, to), e);
    }
  }

  private static void checkPaths(Path from, Path to) throws ReplayException {
    try {
      if (Files.exists(to) && Files.exists(from) && Files.isSameFile(from, to)) {
        throw new ReplayException(
            "input and output are the same file, " + from + ": give the output another name");
      }
      if (Files.isDirectory(from)) {
        throw new ReplayException(from + " is a directory; give a trace.dat file");
      }
    } catch (IOException e) {
      throw new ReplayException(Reason.of(e), e);
    }
  }

  private ReplayReport replay(TraceFile input, Path to) throws IOException, ReplayException {
    List<Survey> surveys = new ArrayList<>();
    for (int i = 0; i < input.buffers().size(); i++) {
      surveys.add(Survey.of(input, i));
    }
    ReplayPlan plan = ReplayPlan.of(input, surveys, pageSize);
    try (TraceFileWriter output =
        TraceFileWriter.create(to, input.version(), plan.format(), plan.buffers())) {
      for (int i = 0; i < surveys.size(); i++) {
        if (surveys.get(i).pages() > 0) {
          replay(input, i, plan, output);
        }
      }
      ReplayReport report = report(input, to, surveys);
      check(report);
      output.finish(
          plan.format().equals(input.metadata().pageFormat())
              ? input.metadata()
              : input.metadata().toBuilder().pageFormat(plan.format()).build());
      return report;
    }
  }

  private void replay(TraceFile input, int index, ReplayPlan plan, TraceFileWriter output)
      throws IOException, ReplayException {
    TraceBuffer to = plan.buffers().get(index);
    ReplayTime time = new ReplayTime(to.clock().isEmpty() ? "mono" : to.clock());
    PageFormat format = plan.format();
    PageExport export =
        new PageExport(new PageFormat(format.order(), format.longSize(), to.pageSize()));
    Buffer buffer = create(input, config(plan, index, time));
    try (PageReader reader = buffer.readers().pages()) {
      rings.add(describe(to, buffer.config()));
      for (int cpu = 0; cpu < to.cpus(); cpu++) {
        if (input.size(index, cpu) > 0) {
          int stream = cpu;
          RingFeed feed =
              new RingFeed(
                  (WritableBuffer) buffer,
                  reader,
                  time,
                  export,
                  page -> output.write(index, stream, page, 0),
                  cpu);
          feed.run(input.pages(index, cpu));
          eventsOut += feed.eventsOut();
        }
      }
      counters = counters.plus(buffer.counters());
      untold += export.unreported();
    } finally {
      buffers.destroy(buffer.name());
    }
  }

  private Buffer create(TraceFile input, BufferConfig config) throws IOException, ReplayException {
    try {
      return buffers.create(config);
    } catch (IllegalArgumentException beyond) {
      throw new ReplayException(
          input.path() + " cannot be replayed: " + beyond.getMessage(), beyond);
    }
  }

  private BufferConfig config(ReplayPlan plan, int index, ReplayTime time) {
    TraceBuffer to = plan.buffers().get(index);
    return BufferConfig.builder(freeName(), like.backend())
        .mode(Mode.DISCARD)
        .pages(plan.pages(index, like))
        .pageSize(to.pageSize())
        .cpus(to.cpus())
        .clock(time)
        .cpuNumber(time)
        .settings(like.settings())
        .build();
  }

  private String freeName() {
    String name = NAME;
    for (int i = 2; buffers.find(name).isPresent(); i++) {
      name = NAME + "-" + i;
    }
    return name;
  }

  private static String describe(TraceBuffer buffer, BufferConfig config) {
    return String.format(
        Locale.ROOT,
        "%sa ring of backend %s, %,d pages of %,d bytes for each of %d CPUs, clock %s",
        buffer.name().isEmpty() ? "" : "instance " + buffer.name() + ": ",
        config.backend(),
        config.pages(),
        config.pageSize(),
        config.cpus(),
        config.clock().name());
  }

  private ReplayReport report(TraceFile input, Path to, List<Survey> surveys) {
    return new ReplayReport(
        input.path(),
        to,
        List.copyOf(rings),
        surveys.stream().mapToLong(Survey::events).sum(),
        eventsOut,
        counters,
        surveys.stream().mapToLong(Survey::losses).sum(),
        surveys.stream().mapToLong(Survey::lost).sum(),
        surveys.stream().mapToLong(Survey::backwards).sum(),
        untold);
  }

  /** A ring that loses or duplicates events must be noticed. */
  private static void check(ReplayReport report) throws ReplayException {
    Counters counters = report.counters();
    if (report.eventsOut() != report.eventsIn()
        || counters.written() != report.eventsIn()
        || counters.read() != report.eventsIn()
        || counters.refused() + counters.overrun() != 0) {
      throw new ReplayException(
          report.eventsIn()
              + " events went into the ring and "
              + report.eventsOut()
              + " came out; its account: "
              + counters);
    }
  }
}
