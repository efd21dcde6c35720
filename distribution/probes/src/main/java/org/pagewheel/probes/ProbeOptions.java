package org.pagewheel.probes;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a probe records. Immutable; made from {@link #of}, and other ones from it.
 *
 * @param pattern which methods, see the {@linkplain org.pagewheel.probes description of the
 *     package}
 * @param signature the types of their parameters, by whole or simple names; empty for any
 * @param values arguments by name, fields by path; empty for all arguments that an event can hold
 * @param condition which of its events are written, as {@link org.pagewheel.event.EventFilter} has
 *     it; empty for all
 * @param onReturn whether the event is that of the return, with result, exception and duration
 * @param longer only calls that last at least so long are recorded; zero for all
 * @param stack whether a stack is written behind each event
 * @param name the event's name; empty for that of class and method
 * @param limit how many methods may be meant
 */
public record ProbeOptions(
    String pattern,
    Optional<List<String>> signature,
    Optional<List<String>> values,
    Optional<String> condition,
    boolean onReturn,
    Duration longer,
    boolean stack,
    Optional<String> name,
    int limit) {
  private static final Pattern TEXT =
      Pattern.compile(
          "\\s*([^\\s()]+)\\s*(\\([^()]*\\))?\\s*(\\([^()]*\\))?(?:\\s+if\\s+(\\S.*))?\\s*");
  private static final Pattern WORD = Pattern.compile("[\\p{javaJavaIdentifierPart}.]+(\\[\\])*");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is wrong
   */
  public ProbeOptions {
    if (longer.isNegative()) {
      throw new IllegalArgumentException("longer " + longer + ": from 0 on is right");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit + ": from 1 on is right");
    }
  }

  /**
   * Reads a probe, {@code com.acme.Orders.place(id, order.symbol) if id > 7}. Where a method has
   * overloads, the types of one stand before: {@code com.acme.Orders.place(long, String)(id)}.
   * Without parentheses all arguments are recorded that an event can hold, with empty ones none.
   *
   * @param text the probe
   * @return of the method's entry
   * @throws IllegalArgumentException if it is none, in one line
   */
  public static ProbeOptions of(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no probe: com.acme.Orders.place(id, symbol) if id > 7 would be right");
    }
    String first = matcher.group(2);
    String second = matcher.group(3);
    return new ProbeOptions(
        matcher.group(1),
        second == null ? Optional.empty() : Optional.of(words(text, first)),
        first == null
            ? Optional.empty()
            : Optional.of(words(text, second == null ? first : second)),
        Optional.ofNullable(matcher.group(4)),
        false,
        Duration.ZERO,
        false,
        Optional.empty(),
        GraphOptions.LIMIT);
  }

  private static List<String> words(String text, String list) {
    String inner = list.substring(1, list.length() - 1).strip();
    if (inner.isEmpty()) {
      return List.of();
    }
    List<String> words = Arrays.stream(inner.split(",", -1)).map(String::strip).toList();
    for (String word : words) {
      if (!WORD.matcher(word).matches()) {
        throw new IllegalArgumentException(
            "'" + word + "' in '" + text + "' is no name: (id, order.symbol) would be right");
      }
    }
    return words;
  }

  /**
   * The same of the return, with result, exception and duration.
   *
   * @return other options
   */
  public ProbeOptions withReturn() {
    return new ProbeOptions(
        pattern, signature, values, condition, true, longer, stack, name, limit);
  }

  /**
   * The same of the return of calls that last.
   *
   * @param longer at least so long
   * @return other options
   */
  public ProbeOptions withLonger(Duration longer) {
    return new ProbeOptions(
        pattern, signature, values, condition, true, longer, stack, name, limit);
  }

  /**
   * The same with stacks.
   *
   * @return other options
   */
  public ProbeOptions withStack() {
    return new ProbeOptions(
        pattern, signature, values, condition, onReturn, longer, true, name, limit);
  }

  /**
   * The same under another name.
   *
   * @param name the event's
   * @return other options
   */
  public ProbeOptions withName(String name) {
    return new ProbeOptions(
        pattern, signature, values, condition, onReturn, longer, stack, Optional.of(name), limit);
  }

  /**
   * The same with another limit.
   *
   * @param limit how many methods may be meant
   * @return other options
   */
  public ProbeOptions withLimit(int limit) {
    return new ProbeOptions(
        pattern, signature, values, condition, onReturn, longer, stack, name, limit);
  }
}
