package org.pagewheel.analysis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventField.Kind;
import org.pagewheel.event.EventField.Role;

/**
 * Writes events for a viewer of timelines, which draws spans, counters and flows.
 *
 * <p>A span is written when it has ended, for only then is it known whether it nests in those of
 * its thread: if so it goes there, else on a separate line. The content of its begin is kept until
 * then, for a limited number of spans and bytes; a span that is given up, or never ends, is drawn
 * as unended.
 */
abstract class TimelineSink implements EventSink {
  private static final int MAX_OPEN = 1 << 16;
  private static final long MAX_BYTES = 1 << 26;
  private static final int MAX_COUNTERS = 4096;

  /** What is kept of an open span. */
  private static final class Open {
    final int trace;
    final SpanTypes.Part part;
    final byte[] content;

    Open(LaneEvents at, SpanTypes.Part part, byte[] content) {
      this.trace = at.traceIndex;
      this.part = part;
      this.content = content;
    }
  }

  final List<Trace> traces;
  final Cells cells;
  final Tracks tracks = new Tracks();
  private final SpanPairs pairs;
  private final Map<Integer, Open> open = new HashMap<>();
  private final Nesting nesting = new Nesting();
  private final List<Map<Integer, List<EventField>>> counters = new ArrayList<>();
  private final List<Map<Integer, List<EventField>>> flows = new ArrayList<>();
  private final Set<String> counterNames = new HashSet<>();
  private long bytes;
  private long newest;

  TimelineSink(List<Trace> traces) {
    this.traces = traces;
    this.cells = new Cells(traces);
    this.pairs = new SpanPairs(traces, cells, MAX_OPEN, this::open);
    for (Trace trace : traces) {
      counters.add(fields(trace, Role.COUNTER));
      flows.add(fields(trace, Role.FLOW));
    }
  }

  private static Map<Integer, List<EventField>> fields(Trace trace, Role role) {
    Map<Integer, List<EventField>> byType = new HashMap<>();
    trace
        .formats()
        .forEach(
            format -> {
              List<EventField> fields =
                  format.fields().stream().filter(field -> field.role() == role).toList();
              if (!fields.isEmpty()) {
                byType.put(format.id(), fields);
              }
            });
    return byType;
  }

  /** An event that is not part of a span, or an end whose begin is missing. */
  abstract void point(LaneEvents at, Event event) throws IOException;

  /** The content of a begin, to be written when the span has ended. */
  abstract byte[] content(LaneEvents at, Event event) throws IOException;

  /**
   * A span.
   *
   * @param at its end
   * @param part the span that it ends
   * @param content that of the begin; null if there is only the end
   * @param isNested whether it is among those of its thread
   */
  abstract void span(
      LaneEvents at, SpanTypes.Part part, long begin, byte[] content, boolean isNested)
      throws IOException;

  /** A span that does not end. */
  abstract void unended(int trace, SpanTypes.Part part, long begin, byte[] content)
      throws IOException;

  /** The value of a counter: a Long or a Double. */
  abstract void counter(LaneEvents at, String name, Number value) throws IOException;

  /** The part of a span that the event is at which {@link #content} is asked. */
  final SpanTypes.Part part() {
    return pairs.part();
  }

  /** The latest time so far. */
  final long newest() {
    return newest;
  }

  final void see(LaneEvents at) {
    newest = Math.max(newest, at.time());
  }

  @Override
  public final void event(LaneEvents at) throws IOException {
    see(at);
    counters(at);
    Event event = cells.event(at);
    switch (pairs.look(at)) {
      case BEGIN -> {
        byte[] content = content(at, cells.event(at));
        open.put(pairs.entry(), new Open(at, pairs.part(), content));
        bytes += content.length;
        while (bytes > MAX_BYTES) {
          pairs.giveUpOldest();
        }
      }
      case SPAN -> {
        SpanTypes.Part part = pairs.part();
        Open begun = part.isWhole() ? null : open.remove(pairs.entry());
        bytes -= begun == null ? 0 : begun.content.length;
        boolean isNested =
            !part.isAsync()
                && pairs.beginTid() == at.tid()
                && nesting.fits(Tracks.thread(at), pairs.begin(), at.time());
        byte[] content = begun == null ? null : begun.content;
        span(at, part, pairs.begin(), content, isNested);
      }
      default -> point(at, event);
    }
  }

  private void open(int entry) throws IOException {
    Open begun = open.remove(entry);
    bytes -= begun.content.length;
    unended(begun.trace, begun.part, pairs.begin(entry), begun.content);
  }

  /** Writes spans that have not ended; to be called last. */
  final void endSpans() throws IOException {
    pairs.end();
  }

  private void counters(LaneEvents at) throws IOException {
    List<EventField> fields = counters.get(at.traceIndex).get(at.type());
    if (fields == null) {
      return;
    }
    for (EventField field : fields) {
      Event event = cells.event(at);
      Object value = Cells.field(event, field.name());
      if (value instanceof Number number) {
        String name = event.name() + "." + field.name();
        String labelled = name + labels(event);
        boolean isKnown = counterNames.contains(labelled);
        if (!isKnown && counterNames.size() < MAX_COUNTERS) {
          isKnown = counterNames.add(labelled);
        }
        counter(at, isKnown ? labelled : name, number);
      }
    }
  }

  /** The label of a counter, from the texts and names of its event. */
  private static String labels(Event event) {
    StringBuilder labels = new StringBuilder();
    for (EventField field : event.fields()) {
      if (!field.isArray() && (field.kind() == Kind.STRING || field.kind() == Kind.ENUM)) {
        labels.append(' ').append(ColumnRows.text(Cells.field(event, field.name())));
      }
    }
    return labels.toString();
  }

  /** The numbers of the flows that go through the lane's current event. */
  final List<Long> flows(LaneEvents at, Event event) {
    List<EventField> fields = flows.get(at.traceIndex).get(at.type());
    if (fields == null) {
      return List.of();
    }
    List<Long> numbers = new ArrayList<>();
    for (EventField field : fields) {
      try {
        long number = event.getLong(field.name()) * 0x9e3779b97f4a7c15L;
        numbers.add((number ^ number >>> 29) + field.name().hashCode() * 0xbf58476d1ce4e5b9L | 1);
      } catch (IllegalStateException e) {
        // the event is shorter than its format
      }
    }
    return numbers;
  }
}
