package org.pagewheel.shell.internal;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Map;
import org.pagewheel.tracedat.EventText;

/** Events as lines of text, in the columns of {@code trace-cmd report -t}. For one thread. */
final class EventLines {
  private static final String UNKNOWN = "<...>";

  /** The least width of the column of names, as {@code trace-cmd} has it. */
  static final int NAME_WIDTH = 21;

  /**
   * A line in parts.
   *
   * @param head thread, CPU and time
   * @param name the event's name with a colon; empty for a loss
   * @param fields the event's fields, may be empty
   */
  record Line(String head, String name, String fields) {
    /** The line, the name padded to a width. */
    String text(int nameWidth) {
      return name.isEmpty()
          ? head
          : (head + " " + name + " ".repeat(Math.max(0, nameWidth - name.length())) + " " + fields)
              .stripTrailing();
    }
  }

  private final EventText text;
  private final Map<Integer, String> threads;
  private final boolean seconds;

  /**
   * Prepares to print.
   *
   * @param text prints the events themselves
   * @param threads the threads' names by their number
   * @param clock the name of the clock of the times
   */
  EventLines(EventText text, Map<Integer, String> threads, String clock) {
    this.text = text;
    this.threads = threads;
    this.seconds = Descriptions.inSeconds(clock);
  }

  /** A line for an event. */
  Line event(int cpu, long time, MemorySegment memory, long offset, int length) {
    int pid = text.pid(memory, offset, length);
    String event = text.text(memory, offset, length);
    int colon = event.indexOf(": ");
    String head =
        String.format(
            Locale.ROOT,
            "%16s-%-5d [%03d] %s:",
            threads.getOrDefault(pid, UNKNOWN),
            pid,
            cpu,
            Descriptions.time(time, seconds));
    return new Line(head, event.substring(0, colon + 1), event.substring(colon + 1).strip());
  }

  /** A line for a loss; −1 is an unknown number. */
  static Line loss(int cpu, long missed) {
    String number = missed < 0 ? "" : missed + " ";
    return new Line("CPU:" + cpu + " [" + number + "EVENTS DROPPED]", "", "");
  }
}
