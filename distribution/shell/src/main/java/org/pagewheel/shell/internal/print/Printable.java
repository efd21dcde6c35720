package org.pagewheel.shell.internal.print;

import java.util.regex.Pattern;

/**
 * Text that a terminal prints and does not obey. What comes from a file, another process or an
 * application, be it a thread's name, may hold escape sequences.
 */
public final class Printable {
  /** All but line ends and tabulators, with which events of several lines are laid out. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  /** Whatever ends a line or turns its direction as well. */
  private static final Pattern CONTROL_IN_LINE =
      Pattern.compile("[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069]");

  private Printable() {}

  /** The text, each control character as its number, such as {@code \\x1b}. */
  public static String of(String text) {
    return escaped(CONTROL, text);
  }

  /** The same for what has to stay one line, such as a cell: a name must not add a row. */
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
