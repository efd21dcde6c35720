package org.pagewheel.shell.internal;

import java.util.regex.Pattern;

/**
 * Text that a terminal prints and does not obey. What comes from a file, another process or an
 * application, be it a thread's name, may hold escape sequences.
 */
final class Printable {
  /** All but line ends and tabulators, with which events of several lines are laid out. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}&&[^\\n\\t]]");

  private Printable() {}

  /** The text, each control character as its number, such as {@code \\x1b}. */
  static String of(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(found -> String.format("\\\\x%02x", (int) found.group().charAt(0)));
  }
}
