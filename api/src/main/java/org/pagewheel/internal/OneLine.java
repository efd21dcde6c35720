package org.pagewheel.internal;

import java.util.regex.Pattern;

/** Foreign text inside our lines. */
public final class OneLine {
  /** Characters that would end the line, change its direction, or control a terminal. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069]");

  private OneLine() {}

  /** The text with each such character as its number, such as {@code \\x1b}. */
  public static String of(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(
            found -> {
              int code = found.group().charAt(0);
              return String.format(code < 0x100 ? "\\\\x%02x" : "\\\\u%04x", code);
            });
  }
}
