package org.pagewheel.event.internal;

import java.util.regex.Pattern;

/** A pattern for event types, {@code system:name}: {@code *} stands for any characters. */
public record EventGlob(String text, Pattern pattern) {
  private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_.*-]+:[A-Za-z0-9_*]+");

  /** Reads a pattern; {@code *} alone stands for every type. */
  public static EventGlob of(String glob) {
    String text = glob.equals("*") ? "*:*" : glob;
    if (!SHAPE.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "bad event pattern \""
              + glob
              + "\": write system:name with letters, digits, _ and * for any characters, as in"
              + " shop:* or *:gc_*, or * for all");
    }
    String regex = text.replaceAll("\\*+", "*").replace(".", "\\.").replace("*", ".*");
    return new EventGlob(text, Pattern.compile(regex));
  }

  boolean matches(String key) {
    return pattern.matcher(key).matches();
  }

  /** Whether it overrides every earlier pattern. */
  boolean isAll() {
    return text.equals("*:*");
  }
}
