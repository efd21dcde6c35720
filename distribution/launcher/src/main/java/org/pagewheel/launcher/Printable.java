package org.pagewheel.launcher;

import java.util.regex.Pattern;

/** Text that cannot control a terminal; the shell's bundle has its own class for this. */
final class Printable {
  /** All but line ends and tabs; and characters that change the text's direction. */
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069&&[^\\n\\t]]");

  private Printable() {}

  /** The text with each such character as its number, such as {@code \\x1b}. */
  static String of(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(
            found -> {
              int code = found.group().charAt(0);
              return String.format(code < 0x100 ? "\\\\x%02x" : "\\\\u%04x", code);
            });
  }
}
