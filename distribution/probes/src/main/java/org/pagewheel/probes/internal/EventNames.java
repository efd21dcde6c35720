package org.pagewheel.probes.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.pagewheel.probes.ProbeOptions;

/** What the events of probes and their fields are called. */
final class EventNames {
  private static final int MAX = 64;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,63}");
  private static final Pattern OTHER = Pattern.compile("[^A-Za-z0-9]+");
  private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  private EventNames() {}

  /**
   * The name that was given, or that of class and method.
   *
   * @throws IllegalArgumentException if the one that was given cannot be
   */
  static String event(ProbeOptions options) {
    if (options.name().isPresent()) {
      String name = options.name().get();
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "an event cannot be called '" + name + "': at most 64 ASCII letters, digits and _");
      }
      return name;
    }
    List<String> parts = Arrays.asList(options.pattern().split("\\."));
    String last = String.join("_", parts.subList(Math.max(0, parts.size() - 2), parts.size()));
    String words = WORD_START.matcher(last).replaceAll("_").toLowerCase(Locale.ROOT);
    String name = plain(words);
    return name.isEmpty() ? "method" : name;
  }

  /** A field's name: that of the value, with what tools do not read replaced, and only once. */
  static String field(String value, Set<String> taken) {
    String name = plain(value);
    name = name.isEmpty() || name.startsWith("common_") ? "_" + name : name;
    String unique = name;
    for (int i = 2; !taken.add(unique); i++) {
      unique = name + "_" + i;
    }
    return unique;
  }

  private static String plain(String text) {
    String name = OTHER.matcher(text).replaceAll("_").replaceAll("^_+|_+$", "");
    name = !name.isEmpty() && Character.isDigit(name.charAt(0)) ? "_" + name : name;
    return name.substring(0, Math.min(name.length(), MAX - 4));
  }

  /** What a condition calls a field: its path, or its name. */
  static String conditionField(String name) {
    return name.contains(".") ? plain(name) : name;
  }

  /** The name of an enum's constant, as tools can show it. */
  static String label(String constant) {
    return constant.replaceAll("[^ -~]|[\"\\\\]", "?");
  }
}
