package org.pagewheel.analysis;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventFormat;

/**
 * The roles of event types in a question about latencies, determined at the first event of each,
 * for types become known at any time.
 */
final class LiveTypes {
  private static final int IDS = 1 << 16;

  /** The role of the events of one type; a null check matches all of them. */
  static final class OfType {
    static final OfType NOTHING = new OfType();

    /** For a span; null for two events. */
    SpanTypes.Part part;

    boolean isFirst;
    boolean isSecond;
    private EventFilter.Check first;
    private EventFilter.Check second;

    boolean isFirst(MemorySegment payload) {
      return isFirst && passes(first, payload);
    }

    boolean isSecond(MemorySegment payload) {
      return isSecond && passes(second, payload);
    }

    private static boolean passes(EventFilter.Check check, MemorySegment payload) {
      try {
        return check == null || check.test(payload, 0);
      } catch (IndexOutOfBoundsException e) {
        return false; // the event is shorter than its format
      }
    }
  }

  private final Latency question;
  private final SpanTypes spans = new SpanTypes(List.of());
  private final OfType[] byId = new OfType[IDS];

  LiveTypes(Latency question) {
    this.question = question;
  }

  /** The role of an event. */
  OfType of(Event event) {
    EventFormat format = event.format().orElse(null);
    if (format == null || format.id() < 0 || format.id() >= IDS) {
      return OfType.NOTHING;
    }
    OfType known = byId[format.id()];
    if (known == null) {
      known = find(format);
      byId[format.id()] = known;
    }
    return known;
  }

  private OfType find(EventFormat format) {
    OfType type = new OfType();
    if (question.span != null) {
      if (question.span.isAbout(format)) {
        type.part = spans.part(format).orElse(null);
        type.isFirst = type.part != null;
        try {
          type.first = question.span.check(format, ByteOrder.LITTLE_ENDIAN).orElse(null);
        } catch (IllegalArgumentException e) {
          type.first = null; // the other event of the span has the field
        }
      }
      return type;
    }
    try {
      type.isFirst = has(question.first, format, Keys.side(question.by, false));
      type.first = type.isFirst ? check(question.first, format) : null;
      type.isSecond = has(question.second, format, Keys.side(question.by, true));
      type.second = type.isSecond ? check(question.second, format) : null;
      return type;
    } catch (IllegalArgumentException e) {
      return OfType.NOTHING; // of a type that came later, and lacks a field
    }
  }

  private static EventFilter.Check check(Condition condition, EventFormat format) {
    return condition.check(format, ByteOrder.LITTLE_ENDIAN).orElse(null);
  }

  private static boolean has(Condition condition, EventFormat format, List<String> by) {
    if (!condition.isAbout(format)) {
      return false;
    }
    by.forEach(name -> Cells.checkAll("--by", name, List.of(format)));
    return true;
  }
}
