package org.pagewheel.analysis;

import java.util.HashMap;
import java.util.Map;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventFormat;

/** How viewers of timelines draw the types of a trace's events: as points, or as spans of time. */
final class Drawing {
  /** The role of an event on a timeline. */
  enum Shape {
    /** A point. */
    INSTANT,
    /** The begin of a call on its thread. */
    BEGIN,
    /** The end of the newest call on its thread. */
    END,
    /** The end of something; the event says when it began. */
    SPAN,
    /** The end of a call; the event says how long it took. */
    CALL,
    /** An event that only repeats another one. */
    NOTHING,
    /** Another thread runs on a CPU. */
    SWITCH
  }

  private static final String ENTRY = "ftrace:funcgraph_entry";
  private static final String EXIT = "ftrace:funcgraph_exit";
  private static final String BEGUN = "calltime";
  private static final String ENDED = "rettime";
  private static final String BEGAN = "began";
  private static final String DURATION = "duration";
  private static final String NANOS = "ns";

  private final Map<Integer, Shape> shapes = new HashMap<>();

  private final boolean isNanos;

  /** Whether the exits of calls say how long they took, which late entries do not. */
  private final boolean areTimed;

  Drawing(Trace trace) {
    isNanos = trace.isNanos();
    areTimed =
        trace.formats().stream()
            .filter(format -> TypeIndex.name(format).equals(EXIT))
            .anyMatch(format -> has(format, "func") && has(format, BEGUN) && has(format, ENDED));
    for (EventFormat format : trace.formats()) {
      shapes.put(format.id(), shape(format));
    }
  }

  private Shape shape(EventFormat format) {
    return switch (TypeIndex.name(format)) {
      case ENTRY -> areTimed ? Shape.NOTHING : has(format, "func") ? Shape.BEGIN : Shape.INSTANT;
      case EXIT -> areTimed ? Shape.CALL : Shape.END;
      case "sched:sched_switch" ->
          has(format, "prev_pid") && has(format, "next_pid") ? Shape.SWITCH : Shape.INSTANT;
      default ->
          isNanos && (isNanos(format, BEGAN) || isSpan(format)) && isNanos(format, DURATION)
              ? Shape.SPAN
              : Shape.INSTANT;
    };
  }

  private static boolean isSpan(EventFormat format) {
    return SpanTypes.field(format)
        .filter(field -> field.role() == EventField.Role.DURATION)
        .isPresent();
  }

  private static boolean has(EventFormat format, String field) {
    return format.fields().stream().anyMatch(each -> each.name().equals(field));
  }

  private static boolean isNanos(EventFormat format, String field) {
    return format.fields().stream()
        .anyMatch(
            each ->
                each.name().equals(field)
                    && each.kind() == EventField.Kind.INTEGER
                    && each.unit().filter(NANOS::equals).isPresent());
  }

  Shape shape(int type) {
    return shapes.getOrDefault(type, Shape.INSTANT);
  }

  /** The length of what is drawn; 0 for a point. */
  static long duration(Shape shape, Event event) {
    return shape == Shape.SPAN || shape == Shape.CALL ? duration(event) : 0;
  }

  /** The length of a span, at least 0; anything that is not a length of time counts as 0. */
  static long duration(Event span) {
    try {
      return Math.max(
          0, span.has(ENDED) ? span.getLong(ENDED) - span.getLong(BEGUN) : span.getLong(DURATION));
    } catch (IllegalStateException e) {
      return 0; // the event is shorter than its format
    }
  }

  /** The name under which an event is drawn: the text of a mark, the method of a call. */
  static String name(Event event, Cells cells, LaneEvents at) {
    String name = event.name();
    return switch (TypeIndex.name(event.system(), name)) {
      case "ftrace:print" -> event.has("buf") ? text(event) : name;
      case ENTRY, EXIT -> method(cells.report(at));
      default -> name;
    };
  }

  private static String text(Event mark) {
    String text = String.valueOf(Cells.field(mark, "buf")).strip();
    return text.isEmpty() ? mark.name() : text;
  }

  /** From such as {@code funcgraph_entry: --> com.acme.Orders.place (2)}, or with an arrow back. */
  private static String method(String report) {
    int begin = Math.max(report.indexOf("--> "), report.indexOf("<-- "));
    int end = report.lastIndexOf(" (");
    return begin > 0 && end > begin ? report.substring(begin + 4, end) : report;
  }
}
