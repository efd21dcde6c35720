package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
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
    JSONL,
    /** The Common Trace Format, a directory: for babeltrace2 and Trace Compass. */
    CTF,
    /** OpenTelemetry's protocol as JSON lines: requests of spans and of logs. */
    OTLP_JSON;

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
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Whether it is a directory of files.
     *
     * @return false if it is a stream of bytes
     */
    public boolean isDirectory() {
      return this == CTF;
    }
  }

  private final List<Trace> traces;
  private final Format format;
  private final Problems problems = new Problems();
  private Optional<Matching> where = Optional.empty();
  private long events;
  private long lost;
  private List<String> notes = List.of();

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
   * Writes into a stream.
   *
   * @param out gets the bytes; it is flushed, not closed
   * @return what could not be read, one line each
   * @throws IOException if nothing can be read, or the stream fails
   * @throws IllegalStateException if the format is a {@linkplain Format#isDirectory directory}
   */
  public List<String> run(OutputStream out) throws IOException {
    List<String> lines = run(sink(out));
    out.flush();
    return lines;
  }

  /**
   * Makes a directory, which only its owner can read, and which appears when it is complete.
   *
   * @param directory its name: that of nothing, or of an empty directory
   * @return what could not be read, one line each
   * @throws IOException if nothing can be read, or it cannot be made
   * @throws IllegalStateException if the format is not a {@linkplain Format#isDirectory directory}
   */
  public List<String> run(Path directory) throws IOException {
    if (!format.isDirectory()) {
      throw new IllegalStateException(format.word() + " is no directory: a stream is right");
    }
    try (NewDirectory made = new NewDirectory(directory)) {
      List<String> lines = run(new CtfSink(traces, made));
      made.finish();
      return lines;
    }
  }

  private List<String> run(EventSink sink) throws IOException {
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
    notes = sink.notes();
    return problems.lines();
  }

  private EventSink sink(OutputStream out) {
    return switch (format) {
      case PERFETTO -> new PerfettoSink(traces, out);
      case CHROME -> new ChromeSink(traces, out);
      case CSV, JSONL -> new RowSink(traces, format == Format.CSV, out);
      case OTLP_JSON -> new OtlpSink(traces, out);
      case CTF -> throw new IllegalStateException("ctf is a directory: a path is right");
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
   * Notes on what the output may not contain, such as lost events, or could not express.
   *
   * @return one line each
   */
  public List<String> notes() {
    return Stream.concat(Words.lossNote(lost).stream(), notes.stream()).toList();
  }
}
