package org.pagewheel.shell.internal.print;

import java.lang.foreign.MemorySegment;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.EventText;
import org.pagewheel.tracedat.TraceMetadata;

/** Events as lines of text, those of {@code trace-cmd report}. For one thread. */
public final class EventLines implements EventPrinter {
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
    Line {
      head = Printable.of(head);
      name = Printable.of(name);
      fields = Printable.of(fields);
    }

    /** The line, the name padded to a width. */
    String text(int nameWidth) {
      return name.isEmpty()
          ? head
          : (head + " " + name + " ".repeat(Math.max(0, nameWidth - name.length())) + " " + fields)
              .stripTrailing();
    }
  }

  /** How wide lines are. */
  public enum Style {
    /** Like {@code trace-cmd report}: microseconds. */
    MICROS,
    /** Like {@code trace-cmd report -t}: nanoseconds. */
    NANOS,
    /** Microseconds, and names of threads cut. */
    NARROW
  }

  private static final int THREAD_WIDTH = 16;
  private static final int NARROW_THREAD_WIDTH = 12;
  private static final int NANOS_BEYOND_MICROS = 3;
  private static final int HALF_MICRO = 500;

  private final EventText text;
  private final Map<Integer, String> threads;
  private final ShownTimes times;
  private final Style style;
  private final WallTime wall;

  /**
   * Prepares to print.
   *
   * @param text prints the events themselves
   * @param threads the threads' names by their number
   * @param times of the clock
   * @param style how wide
   * @param wall places times in the day; null if they are to be the clock's own
   */
  EventLines(
      EventText text, Map<Integer, String> threads, ShownTimes times, Style style, WallTime wall) {
    this.wall = wall;
    this.style = style;
    this.text = text;
    this.threads = threads;
    this.times = times;
  }

  /** Whole lines for the events of a reader, with the types and threads known now. */
  public static EventLines of(
      Metadata metadata, int pageSize, ShownTimes times, Style style, WallTime wall) {
    PageFormat pages = PageFormat.of(pageSize);
    String symbols = TraceMetadata.builder(pages).add(metadata).build().kallsyms();
    EventText text = new EventText(metadata.formats(), pages, symbols);
    return new EventLines(text, metadata.threadNames(), times, style, wall);
  }

  /** The same for the events of a buffer of this process. */
  public static EventLines of(Buffer buffer, Style style, WallTime wall) {
    ShownTimes times = ShownTimes.of(buffer.config().clock());
    return of(Metadata.process(), buffer.readers().pageSize(), times, style, wall);
  }

  @Override
  public void print(EventReader events, Consumer<String> out) {
    printLoss(events, out);
    MemorySegment payload = events.payload();
    int length = (int) payload.byteSize();
    out.accept(event(events.cpu(), events.time(), payload, 0, length).text(NAME_WIDTH));
  }

  @Override
  public void printLoss(EventReader events, Consumer<String> out) {
    if (events.missed() != 0) {
      out.accept(loss(events.cpu(), events.missed()).text(NAME_WIDTH));
    }
  }

  /** A line for an event. */
  Line event(int cpu, long when, MemorySegment memory, long offset, int length) {
    int pid = text.pid(memory, offset, length);
    String event = text.report(memory, offset, length);
    int colon = event.indexOf(": ");
    String thread = threads.getOrDefault(pid, UNKNOWN);
    int width = THREAD_WIDTH;
    if (style == Style.NARROW) {
      width = NARROW_THREAD_WIDTH;
      thread = thread.substring(0, Math.min(width, thread.length()));
    }
    String head =
        String.format(Locale.ROOT, "%" + width + "s-%-5d [%03d] %s:", thread, pid, cpu, time(when));
    return new Line(head, event.substring(0, colon + 1), event.substring(colon + 1).strip());
  }

  private String time(long counted) {
    long when = times.shown(counted);
    if (wall != null) {
      return wall.text(when);
    }
    if (!times.areSeconds() || style == Style.NANOS) {
      return Descriptions.time(when, times.areSeconds());
    }
    String rounded = Descriptions.time(when + HALF_MICRO, true);
    return rounded.substring(0, rounded.length() - NANOS_BEYOND_MICROS);
  }

  /** A line for a loss; −1 is an unknown number. */
  static Line loss(int cpu, long missed) {
    String number = missed < 0 ? "" : missed + " ";
    return new Line("CPU:" + cpu + " [" + number + "EVENTS DROPPED]", "", "");
  }
}
