package org.pagewheel.runtime.internal.trigger;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventSet;

/**
 * A trigger as people write it: {@code EVENT ACTION[:COUNT] [if FILTER]}, the kernel's syntax with
 * the event before it.
 *
 * @param event a pattern of {@code system:event}
 * @param action what happens
 * @param count how often at most; −1 without end
 * @param filter what must hold; null if nothing must
 */
public record TriggerText(String event, Action action, long count, EventFilter filter) {
  private static final Pattern FORM =
      Pattern.compile("\\s*(\\S+)\\s+([a-z]+)(?::(\\S+))?(?:\\s+if\\s+(.+?))?\\s*");

  private static final String RIGHT =
      "SYSTEM:EVENT traceoff|snapshot[:COUNT] [if FILTER] would be right";

  private static final int MAX_DIGITS = 18;

  /** What can happen. */
  public enum Action {
    /** Recording stops. */
    TRACEOFF,
    /** The buffer is saved. */
    SNAPSHOT
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
    EventSet.checkPattern(matcher.group(1));
    Action action =
        switch (matcher.group(2)) {
          case "traceoff" -> Action.TRACEOFF;
          case "snapshot" -> Action.SNAPSHOT;
          default ->
              throw new IllegalArgumentException(
                  "there is no action " + matcher.group(2) + ": " + RIGHT);
        };
    EventFilter filter = matcher.group(4) == null ? null : EventFilter.of(matcher.group(4));
    return new TriggerText(matcher.group(1), action, count(matcher.group(3)), filter);
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

  /** The action as people write it. */
  public String verb() {
    return action.name().toLowerCase(Locale.ROOT);
  }

  /** Whether two say the same but for the count. */
  public boolean isLike(TriggerText other) {
    return event.equals(other.event)
        && action == other.action
        && condition().equals(other.condition());
  }

  /** The filter's text, empty if there is none. */
  public String condition() {
    return filter == null ? "" : filter.text();
  }
}
