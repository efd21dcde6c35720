package org.pagewheel.analysis;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventFormat;
import org.pagewheel.spi.Nearest;

/**
 * A choice of events: {@code EVENT if FILTER}, {@code EVENT} or {@code FILTER}. An event is {@code
 * system:name}, the name alone, that of a span, or a pattern in which {@code *} matches anything; a
 * filter is the kernel's. Immutable; it becomes a {@link Matching} for the types of some traces.
 */
public final class Condition {
  private static final Pattern FORM = Pattern.compile("\\s*(\\S+)\\s+if\\s+(.+?)\\s*");
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.*:-]+");
  private static final int MAX_NAMED = 12;

  private final String text;

  /** A pattern of {@code system:name}; null for any event. */
  private final String event;

  private final EventFilter filter;

  private Condition(String text, String event, EventFilter filter) {
    this.text = text;
    this.event = event;
    this.filter = filter;
  }

  /**
   * Reads a condition.
   *
   * @param text the condition
   * @return the condition
   * @throws IllegalArgumentException if it is not one; the message is one line
   */
  public static Condition of(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      return new Condition(text, pattern(form.group(1)), EventFilter.of(form.group(2)));
    }
    if (WORD.matcher(text.strip()).matches()) {
      return new Condition(text, pattern(text.strip()), null);
    }
    return new Condition(text, null, EventFilter.of(text));
  }

  /** The same events, without the filter. */
  Condition withoutFilter() {
    return new Condition(text, event, null);
  }

  private static String pattern(String event) {
    return event.indexOf(':') < 0 ? "*:" + event : event;
  }

  /**
   * The condition.
   *
   * @return as it was written
   */
  public String text() {
    return text.strip();
  }

  /** A span's name means the events that it consists of. */
  private boolean isOf(EventFormat format) {
    return event == null
        || format.matches(event)
        || SpanTypes.field(format).isPresent()
            && new EventFormat(0, format.system(), SpanTypes.name(format), "").matches(event);
  }

  /**
   * Finds the types that it matches.
   *
   * @throws IllegalArgumentException if there is none, or none to which the filter applies
   */
  Matching in(List<Trace> traces) {
    Matching matching = new Matching(traces.size());
    IllegalArgumentException last = null;
    boolean isFound = false;
    boolean isNear = false;
    for (int i = 0; i < traces.size(); i++) {
      for (EventFormat format : traces.get(i).formats()) {
        if (isOf(format)) {
          try {
            matching.add(
                i, format, filter == null ? null : filter.compile(format, traces.get(i).order()));
            isFound = true;
          } catch (IllegalArgumentException e) {
            boolean isNearer = isNear(format) && !isNear;
            last = last == null || isNearer ? e : last;
            isNear |= isNearer;
          }
        }
      }
    }
    if (isFound) {
      return matching;
    }
    throw last == null ? unknownEvent(traces) : event == null ? unknownField(traces, last) : last;
  }

  /** Whether a field that a type lacks is probably one that it has. */
  private boolean isNear(EventFormat format) {
    Set<String> known = new TreeSet<>();
    names(format.fields(), known);
    names(format.commonFields(), known);
    return filter.fields().stream()
        .anyMatch(field -> !known.contains(field) && Nearest.to(field, known).isPresent());
  }

  private IllegalArgumentException unknownEvent(List<Trace> traces) {
    Set<String> names = new TreeSet<>();
    boolean isWhole = !event.startsWith("*:");
    for (Trace trace : traces) {
      for (EventFormat format : trace.formats()) {
        names.add(isWhole ? TypeIndex.name(format) : format.name());
      }
    }
    String wrong = isWhole ? event : event.substring(2);
    return new IllegalArgumentException(
        "there is no event "
            + wrong
            + " in "
            + traces.getFirst().name()
            + ", "
            + hint(wrong, names));
  }

  /** The nearest, or some of the existing ones: a kernel has a thousand. */
  static String hint(String wrong, Set<String> names) {
    return Nearest.to(wrong, names)
        .map(near -> "did you mean " + near + "?")
        .orElseGet(
            () -> {
              List<String> some = names.stream().limit(MAX_NAMED).toList();
              return some.isEmpty()
                  ? "there is none"
                  : "there are "
                      + String.join(", ", some)
                      + (some.size() < names.size() ? ", …" : "");
            });
  }

  /** A filter for all types: the field is in none of them, or cannot be compared this way. */
  private IllegalArgumentException unknownField(
      List<Trace> traces, IllegalArgumentException otherwise) {
    Set<String> known = new TreeSet<>();
    for (Trace trace : traces) {
      for (EventFormat format : trace.formats()) {
        names(format.fields(), known);
        names(format.commonFields(), known);
      }
    }
    for (String field : filter.fields()) {
      if (!known.contains(field)) {
        return new IllegalArgumentException(
            "filter '"
                + filter.text()
                + "': no event has a field "
                + field
                + ", "
                + hint(field, known));
      }
    }
    return otherwise;
  }

  private static void names(Collection<EventField> fields, Set<String> into) {
    fields.forEach(field -> into.add(field.name()));
  }

  /** Whether it matches events of a type, apart from the filter. */
  boolean isAbout(EventFormat format) {
    return isOf(format);
  }

  /**
   * The check whether an event of a type matches; empty if all do.
   *
   * @throws IllegalArgumentException if the filter does not apply to the type
   */
  Optional<EventFilter.Check> check(EventFormat format, ByteOrder order) {
    return Optional.ofNullable(filter).map(given -> given.compile(format, order));
  }

  /** The formats of a trace that it matches. */
  List<EventFormat> formats(Trace trace) {
    List<EventFormat> formats = new ArrayList<>();
    for (EventFormat format : trace.formats()) {
      if (isOf(format)) {
        formats.add(format);
      }
    }
    return formats;
  }
}
