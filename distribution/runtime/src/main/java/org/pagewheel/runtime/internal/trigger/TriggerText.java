package org.pagewheel.runtime.internal.trigger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.analysis.LatencyLimit;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventSet;
import org.pagewheel.spi.Nearest;
import org.pagewheel.spi.Quantity;

/**
 * A trigger as people write it: {@code EVENT ACTION[:COUNT] [if FILTER]}, the kernel's syntax with
 * the event before it. What asks for latencies names a span, or two events: {@code SPAN ACTION if
 * latency > 50 ms}, {@code FIRST SECOND by KEY ACTION if p99 > 5 ms over 10 s}.
 *
 * @param events a pattern of {@code system:event}; of latencies a span's name, or two events
 * @param by of two events the fields whose values belong together
 * @param action what happens
 * @param count how often at most; −1 without end
 * @param window what {@link Action#KEEP} keeps; null for other actions
 * @param limit what is asked of latencies; null if nothing is
 * @param filter what must hold; null if nothing must
 */
public record TriggerText(
    List<String> events,
    List<String> by,
    Action action,
    long count,
    Window window,
    LatencyLimit limit,
    EventFilter filter) {
  private static final Pattern FORM =
      Pattern.compile("\\s*(.+?)(?:\\s+if\\s+(.+?))?\\s*", Pattern.DOTALL);
  private static final Pattern WINDOW =
      Pattern.compile("(?:before\\s+(.+?))?(?:(?:^|,\\s*|\\s+)after\\s+(.+?))?\\s*");

  private static final String RIGHT =
      "SYSTEM:EVENT traceoff|snapshot|keep|log|stacktrace[:COUNT] [if FILTER] would be right";

  private static final String KEEPS = "keep before 10 s, after 5 s would be right";
  private static final Pattern NOTHING = Pattern.compile("0+\\s*(?:ns|us|ms|s|min)");
  private static final String BY = "by";
  private static final int MAX_DIGITS = 18;
  private static final long SECOND = 1_000_000_000;
  private static final long MILLI = 1_000_000;
  private static final long MAX_WINDOW = 3600 * SECOND;

  /** What can happen. */
  public enum Action {
    /** Recording stops. */
    TRACEOFF,
    /** The buffer is saved. */
    SNAPSHOT,
    /** What lies around the event is saved, once all of it is there. */
    KEEP,
    /** A line in the log. */
    LOG,
    /** The stack of the writer, in the buffer, after the event. */
    STACKTRACE;

    String verb() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is kept around an event.
   *
   * @param before nanoseconds before it, of a span before its begin
   * @param after nanoseconds after it
   */
  public record Window(long before, long after) {
    static final Window OF_EVENT = new Window(10 * SECOND, 5 * SECOND);

    /** The whole of it. */
    static final Window OF_SPAN = new Window(0, 0);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none, in one line that says what would be right
   */
  public static TriggerText of(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("trigger '" + text.strip() + "': " + RIGHT);
    }
    List<String> words = Arrays.asList(matcher.group(1).split("\\s+"));
    int at = actionAt(text, words);
    List<String> events = new ArrayList<>(words.subList(0, at));
    List<String> by = by(text, events);
    events.forEach(EventSet::checkPattern);
    String[] verb = words.get(at).split(":", 2);
    Action action = action(verb[0]).orElseThrow();
    LatencyLimit limit =
        matcher.group(2) == null ? null : LatencyLimit.of(matcher.group(2)).orElse(null);
    if (limit == null && events.size() == 2) {
      throw new IllegalArgumentException(
          "trigger '" + text.strip() + "': two events need a latency, such as if latency > 50 ms");
    }
    if (limit != null && action == Action.STACKTRACE) {
      throw new IllegalArgumentException(
          "trigger '"
              + text.strip()
              + "': a latency has no stack, an observer finds it; SYSTEM:EVENT stacktrace, or"
              + " keep if latency > 50 ms, would be right");
    }
    String filter = limit == null ? matcher.group(2) : limit.filter().orElse(null);
    return new TriggerText(
        List.copyOf(events),
        by,
        action,
        count(verb.length == 1 ? null : verb[1]),
        window(action, String.join(" ", words.subList(at + 1, words.size())), limit != null),
        limit,
        filter == null ? null : EventFilter.of(filter));
  }

  private static Optional<Action> action(String word) {
    return Arrays.stream(Action.values()).filter(each -> each.verb().equals(word)).findFirst();
  }

  /** The index of the action: after an event, or after two and their keys. */
  private static int actionAt(String text, List<String> words) {
    for (int i = 1; i < words.size(); i++) {
      if (action(words.get(i).split(":", 2)[0]).isPresent()) {
        return i;
      }
    }
    if (words.size() < 2) {
      throw new IllegalArgumentException("trigger '" + text.strip() + "': " + RIGHT);
    }
    // The wrong word is the one after the event, or after the second event and its keys.
    boolean isPair = words.size() > 2 && words.get(1).indexOf(':') > 0;
    int at = !isPair ? 1 : words.get(2).equals(BY) ? Math.min(4, words.size() - 1) : 2;
    String wrong = words.get(at).split(":", 2)[0];
    String near =
        Nearest.to(wrong, Arrays.stream(Action.values()).map(Action::verb).toList())
            .map(word -> "did you mean " + word + "? ")
            .orElse("");
    throw new IllegalArgumentException("there is no action " + wrong + ": " + near + RIGHT);
  }

  /** Takes the keys off the events. */
  private static List<String> by(String text, List<String> events) {
    int at = events.indexOf(BY);
    if (at < 0) {
      if (events.size() > 2) {
        throw new IllegalArgumentException("trigger '" + text.strip() + "': " + RIGHT);
      }
      return events.size() == 1 ? List.of() : List.of("tid");
    }
    List<String> fields =
        List.of(String.join("", events.subList(at + 1, events.size())).split(",", -1));
    events.subList(at, events.size()).clear();
    if (events.size() != 2 || fields.contains("")) {
      throw new IllegalArgumentException(
          "trigger '"
              + text.strip()
              + "': FIRST SECOND by FIELD,... ACTION if latency > 50 ms would be right");
    }
    return fields;
  }

  private static long count(String text) {
    if (text == null) {
      return -1;
    }
    if (text.matches("[0-9]{1," + MAX_DIGITS + "}") && Long.parseLong(text) > 0) {
      return Long.parseLong(text);
    }
    throw new IllegalArgumentException(
        "trigger: the count '" + text + "' must be a whole number of at least 1");
  }

  private static Window window(Action action, String text, boolean isSpan) {
    if (action != Action.KEEP) {
      if (!text.isEmpty()) {
        throw new IllegalArgumentException(
            "'" + text + "' after " + action.verb() + " means nothing: " + RIGHT);
      }
      return null;
    }
    Window usual = isSpan ? Window.OF_SPAN : Window.OF_EVENT;
    Matcher form = WINDOW.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("keep '" + text + "': " + KEEPS);
    }
    return new Window(
        time("before", form.group(1), usual.before), time("after", form.group(2), usual.after));
  }

  private static long time(String what, String text, long usual) {
    if (text == null) {
      return usual;
    }
    long time = NOTHING.matcher(text).matches() ? 0 : Quantity.nanos(what, text);
    if (time > MAX_WINDOW) {
      throw new IllegalArgumentException(what + " " + text + " is longer than an hour: " + KEEPS);
    }
    return time;
  }

  /** The events as people write them. */
  public String event() {
    return String.join(" ", events) + (by.isEmpty() ? "" : " by " + String.join(",", by));
  }

  /** The action as people write it, without the count. */
  public String verb() {
    return action != Action.KEEP
        ? action.verb()
        : "keep before " + seconds(window.before) + " after " + seconds(window.after);
  }

  private static String seconds(long nanos) {
    return nanos % SECOND == 0
        ? nanos / SECOND + "s"
        : nanos % MILLI == 0 ? nanos / MILLI + "ms" : nanos + "ns";
  }

  /** Whether two say the same but for the count, and for how much is kept. */
  public boolean isLike(TriggerText other) {
    return event().equals(other.event())
        && action == other.action
        && condition().equals(other.condition());
  }

  /** The condition after {@code if}; empty if there is none. */
  public String condition() {
    String fields = filter == null ? "" : filter.text();
    return limit == null ? fields : limit.text() + (fields.isEmpty() ? "" : " && " + fields);
  }
}
