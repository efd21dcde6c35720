package org.pagewheel.shell.internal.print;

import java.util.regex.Pattern;

/**
 * Text that cannot control a terminal. Text from a file, another process or an application, even a
 * thread's name, may contain escape sequences.
 */
public final class Printable {
  /** All but line ends and tabs, which lay out events of several lines. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  /** Also everything that ends a line or changes its direction. */
  private static final Pattern CONTROL_IN_LINE =
      Pattern.compile("[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069]");

  private Printable() {}

  /** The text with each control character as its number, such as {@code \\x1b}. */
  public static String of(String text) {
    return escaped(CONTROL, text);
  }

  /** The same for text that has to stay one line, such as a cell: a name must not add a row. */
  public static String line(String text) {
    return escaped(CONTROL_IN_LINE, text);
  }

  private static String escaped(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .replaceAll(
            found -> {
              int code = found.group().charAt(0);
              return String.format(code < 0x100 ? "\\\\x%02x" : "\\\\u%04x", code);
            });
  }
}
