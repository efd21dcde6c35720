package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pagewheel.format.PageLayout;

/**
 * Writes the events of traces in the format of another tool. It streams: its memory does not grow
 * with the traces. For one thread.
 */
public final class Export {
  /** The formats. */
  public enum Format {
    /** Perfetto's own, protocol buffers: for ui.perfetto.dev and its trace processor. */
    PERFETTO,
    /** The JSON of Chrome's about:tracing, which many viewers read. */
    CHROME,
    /** Comma-separated values with a line of headings: time, cpu, tid, thread, event, fields. */
    CSV,
    /** A JSON object in a line for each event. */
    JSONL;

    /**
     * Finds a format.
     *
     * @param name its name, in any case
     * @return the format
     * @throws IllegalArgumentException if there is none; the message names all
     */
    public static Format of(String name) {
      return Stream.of(values())
          .filter(each -> each.word().equals(name.toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("no format " + name + ", " + all()));
    }

    private static String all() {
      return "there are: "
          + Stream.of(values()).map(Format::word).collect(Collectors.joining(", "));
    }

    /**
     * The name.
     *
     * @return in small letters
     */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final List<Trace> traces;
  private final Format format;
  private final Problems problems = new Problems();
  private Optional<Matching> where = Optional.empty();
  private long events;
  private long lost;

  /**
   * All events.
   *
   * @param traces of one clock; they stay open
   * @param format what is written
   */
  public Export(List<Trace> traces, Format format) {
    this.traces = List.copyOf(traces);
    this.format = format;
  }

  /**
   * Only some events.
   *
   * @param condition chooses them
   * @return this export
   */
  public Export where(Condition condition) {
    where = Optional.of(condition.in(traces));
    return this;
  }

  /**
   * Writes.
   *
   * @param out gets the bytes; it is flushed, not closed
   * @return what could not be read, one line each
   * @throws IOException if nothing can be read, or the stream fails
   */
  public List<String> run(OutputStream out) throws IOException {
    EventSink sink = sink(out);
    Merged merged = new Merged(traces, problems);
    sink.begin();
    for (LaneEvents at = merged.next(); at != null; at = merged.next()) {
      if (at.missed() != 0) {
        lost = PageLayout.sumOfMissed(lost, at.missed());
        sink.lost(at, at.missed());
      }
      if (where.isEmpty() || where.get().test(at)) {
        sink.event(at);
        events++;
      }
    }
    for (LaneEvents lane : merged.lanes()) {
      if (lane.missedAtEnd() != 0) {
        lost = PageLayout.sumOfMissed(lost, lane.missedAtEnd());
        sink.lost(lane, lane.missedAtEnd());
      }
    }
    sink.end();
    lost = traces.stream().mapToLong(Trace::refused).reduce(lost, PageLayout::sumOfMissed);
    out.flush();
    return problems.lines();
  }

  private EventSink sink(OutputStream out) {
    return switch (format) {
      case PERFETTO -> new PerfettoSink(traces, out);
      case CHROME -> new ChromeSink(traces, out);
      case CSV, JSONL -> new RowSink(traces, format == Format.CSV, out);
    };
  }

  /**
   * How many events have been written.
   *
   * @return at least 0
   */
  public long events() {
    return events;
  }

  /**
   * Notes on the output that it may not contain, such as that the trace lost events.
   *
   * @return one line each
   */
  public List<String> notes() {
    return Words.lossNote(lost);
  }
}
