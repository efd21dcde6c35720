package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventField.Role;
import org.pagewheel.event.EventFormat;

/** The types of some traces that are spans or parts of them, by a role in their formats. */
final class SpanTypes {
  /** Fields that have a part in a span. */
  static final String ENDED = "ended";

  private static final String BEGIN_SUFFIX = "_begin";
  private static final String END_SUFFIX = "_end";

  /**
   * The role of a type.
   *
   * @param number that of the span's name among all
   * @param name such as {@code shop:place}
   * @param field the field with the span's number, or its duration
   * @param hasEnded whether the event says that there was a result
   */
  record Part(int number, String name, Role role, String field, boolean hasEnded) {
    /** Without the system. */
    String plainName() {
      return name.substring(name.indexOf(':') + 1);
    }

    String system() {
      return name.substring(0, name.indexOf(':'));
    }

    boolean isBegin() {
      return role == Role.SPAN_BEGIN || role == Role.ASYNC_BEGIN;
    }

    boolean isWhole() {
      return role == Role.DURATION;
    }

    boolean isAsync() {
      return role == Role.ASYNC_BEGIN || role == Role.ASYNC_END;
    }

    /** Whether a span ended without the result that its type has. */
    boolean isLeft(Event event) {
      try {
        return hasEnded && !event.getBoolean(ENDED);
      } catch (IllegalArgumentException | IllegalStateException e) {
        return false; // another field of this name, or damaged
      }
    }
  }

  private final List<Map<Integer, Part>> byId = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>();

  SpanTypes(List<Trace> traces) {
    for (Trace trace : traces) {
      Map<Integer, Part> parts = new HashMap<>();
      for (EventFormat format : trace.formats()) {
        part(format).ifPresent(part -> parts.put(format.id(), part));
      }
      byId.add(parts);
    }
  }

  /** The role of a type; empty if it is not part of a span. */
  Optional<Part> part(EventFormat format) {
    return field(format)
        .map(
            field -> {
              String name = TypeIndex.name(format.system(), name(format));
              Integer number = numbers.putIfAbsent(name, numbers.size());
              boolean hasEnded =
                  format.fields().stream().anyMatch(each -> each.name().equals(ENDED));
              return new Part(
                  number == null ? numbers.size() - 1 : number,
                  name,
                  field.role(),
                  field.name(),
                  hasEnded);
            });
  }

  /** The field that makes a type a part of a span. */
  static Optional<EventField> field(EventFormat format) {
    return format.fields().stream()
        .filter(
            each ->
                each.kind() == EventField.Kind.INTEGER
                    && each.role() != Role.NONE
                    && each.role() != Role.COUNTER
                    && each.role() != Role.FLOW)
        .findFirst();
  }

  /** The name of a span: that of its events without the word for the part. */
  static String name(EventFormat format) {
    String suffix =
        switch (field(format).map(EventField::role).orElse(Role.NONE)) {
          case SPAN_BEGIN, ASYNC_BEGIN -> BEGIN_SUFFIX;
          case SPAN_END, ASYNC_END -> END_SUFFIX;
          default -> "";
        };
    String name = format.name();
    return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : name;
  }

  /** The role of the lane's current event in a span; null if none. */
  Part of(LaneEvents at) {
    return byId.get(at.traceIndex).get(at.type());
  }

  boolean isEmpty() {
    return numbers.isEmpty();
  }
}
