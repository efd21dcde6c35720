package org.pagewheel.analysis;

import java.util.HashMap;
import java.util.Map;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventFormat;

/** How viewers of timelines draw the types of a trace's events: as points, or as spans of time. */
final class Drawing {
  /** What an event is on a timeline. */
  enum Shape {
    /** A point. */
    INSTANT,
    /** The begin of a call on its thread. */
    BEGIN,
    /** The end of the newest call on its thread. */
    END,
    /** The end of something that says when it began. */
    SPAN,
    /** Another thread runs on a CPU. */
    SWITCH
  }

  private static final String BEGAN = "began";
  private static final String DURATION = "duration";
  private static final String NANOS = "ns";

  private final Map<Integer, Shape> shapes = new HashMap<>();

  Drawing(Trace trace) {
    for (EventFormat format : trace.formats()) {
      shapes.put(format.id(), shape(format));
    }
  }

  private static Shape shape(EventFormat format) {
    return switch (TypeIndex.name(format)) {
      case "ftrace:funcgraph_entry" -> has(format, "func") ? Shape.BEGIN : Shape.INSTANT;
      case "ftrace:funcgraph_exit" -> Shape.END;
      case "sched:sched_switch" ->
          has(format, "prev_pid") && has(format, "next_pid") ? Shape.SWITCH : Shape.INSTANT;
      default -> isNanos(format, BEGAN) && isNanos(format, DURATION) ? Shape.SPAN : Shape.INSTANT;
    };
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

  /** How long a span has lasted, at least 0; what is no length of time counts as 0. */
  static long duration(Event span) {
    try {
      return Math.max(0, span.getLong(DURATION));
    } catch (IllegalStateException e) {
      return 0; // it is shorter than its format says
    }
  }

  /** The name under which an event is drawn: of a mark its text, of a call the method. */
  static String name(Event event, Cells cells, LaneEvents at) {
    String name = event.name();
    return switch (TypeIndex.name(event.system(), name)) {
      case "ftrace:print" -> event.has("buf") ? text(event) : name;
      case "ftrace:funcgraph_entry" -> method(cells.report(at));
      default -> name;
    };
  }

  private static String text(Event mark) {
    String text = String.valueOf(Cells.field(mark, "buf")).strip();
    return text.isEmpty() ? mark.name() : text;
  }

  /** From such as {@code funcgraph_entry: --> com.acme.Orders.place (2)}. */
  private static String method(String report) {
    int begin = report.indexOf("--> ");
    int end = report.lastIndexOf(" (");
    return begin > 0 && end > begin ? report.substring(begin + 4, end) : report;
  }
}
