package org.pagewheel.spi;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values of settings as people write them: counts, sizes such as {@code 64 MiB}, times such as
 * {@code 1.5 h}, and choices of words. White space around a value is ignored. Messages name the
 * setting, its value, and what would be right.
 */
public final class Quantity {
  private static final Map<String, Long> BYTES =
      Map.ofEntries(
          Map.entry("", 1L),
          Map.entry("B", 1L),
          Map.entry("kB", 1_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30),
          Map.entry("TiB", 1L << 40));

  private static final Map<String, Long> NANOS =
      Map.of(
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "min", 60_000_000_000L,
          "h", 3_600_000_000_000L,
          "d", 86_400_000_000_000L);

  private static final Pattern FORM = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*([A-Za-z]*)");

  /** A number that fits a long, with leading zeros. */
  private static final Pattern DIGITS = Pattern.compile("0*(\\d{1,18})");

  private Quantity() {}

  /**
   * A size.
   *
   * @param setting the setting's name, for the message
   * @param text a number, and a unit from B to TiB; bytes without one
   * @return bytes, at least 0
   * @throws IllegalArgumentException if it is not one; the message says what would be right
   */
  public static long bytes(String setting, String text) {
    return parse(setting, text, BYTES, "a size such as 64 MiB or 1 GiB");
  }

  /**
   * A time.
   *
   * @param setting the setting's name, for the message
   * @param text a number, and a unit: ms, s, min, h or d
   * @return nanoseconds, at least 0
   * @throws IllegalArgumentException if it is not one; the message says what would be right
   */
  public static long nanos(String setting, String text) {
    return parse(setting, text, NANOS, "a time such as 10 s, 5 min or 1 h");
  }

  /**
   * A whole number.
   *
   * @param setting the setting's name, for the message
   * @param text digits
   * @param min the smallest valid number, at least 0
   * @param max the largest valid number
   * @return a number from {@code min} to {@code max}
   * @throws IllegalArgumentException if it is not one; the message says what would be right
   */
  public static int count(String setting, String text, int min, int max) {
    return count(setting, text, min, max, "");
  }

  /**
   * A whole number, or a word that means none.
   *
   * @param setting the setting's name, for the message
   * @param text digits, or the word
   * @param min the smallest valid number, at least 0
   * @param max the largest valid number
   * @param word such as {@code unlimited}
   * @return a number from {@code min} to {@code max}; empty for the word
   * @throws IllegalArgumentException if it is neither; the message says what would be right
   */
  public static OptionalInt countOr(String setting, String text, int min, int max, String word) {
    return text.strip().equals(word)
        ? OptionalInt.empty()
        : OptionalInt.of(count(setting, text, min, max, ", or " + word + ","));
  }

  private static int count(String setting, String text, int min, int max, String otherwise) {
    Matcher digits = DIGITS.matcher(text.strip());
    long value = digits.matches() ? Long.parseLong(digits.group(1)) : -1;
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s = %s: a number from %d to %d%s is right"
              .formatted(setting, text, min, max, otherwise));
    }
    return (int) value;
  }

  /**
   * One word of several.
   *
   * @param setting the setting's name, for the message
   * @param text what was written
   * @param words the valid ones, at least one
   * @return the word, without white space around it
   * @throws IllegalArgumentException if it is none of them; the message lists them
   */
  public static String oneOf(String setting, String text, String... words) {
    String word = text.strip();
    if (!List.of(words).contains(word)) {
      int last = words.length - 1;
      String before = String.join(", ", List.of(words).subList(0, last));
      throw new IllegalArgumentException(
          "%s = %s: %s%s is right"
              .formatted(setting, text, last == 0 ? "" : before + " or ", words[last]));
    }
    return word;
  }

  private static long parse(String setting, String text, Map<String, Long> units, String right) {
    Matcher matcher = FORM.matcher(text.strip());
    Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
    if (unit != null) {
      BigDecimal value = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
      if (value.signum() > 0 && value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0) {
        return value.longValue();
      }
      throw new IllegalArgumentException(
          "%s = %s: it must be more than 0 and at most %s"
              .formatted(setting, text, units == BYTES ? "8 EiB" : "292 years"));
    }
    throw new IllegalArgumentException(setting + " = " + text + ": " + right + " is right");
  }

  /**
   * A size in the largest unit of which it is a multiple.
   *
   * @param bytes a size
   * @return a text that {@link #bytes} understands
   */
  public static String text(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long value = bytes;
    while (value != 0 && value % 1024 == 0 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return value + " " + units[unit];
  }
}
