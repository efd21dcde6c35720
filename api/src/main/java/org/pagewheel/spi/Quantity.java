package org.pagewheel.spi;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers in people's units, {@code 64 MiB}, {@code 1.5 h}, as settings of consumers and backends
 * hold them.
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

  private Quantity() {}

  /**
   * A size.
   *
   * @param setting the setting's name, for the message
   * @param text a number, and a unit from B to TiB; bytes without one
   * @return bytes, at least 0
   * @throws IllegalArgumentException if it is none; the message says what would be right
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
   * @throws IllegalArgumentException if it is none; the message says what would be right
   */
  public static long nanos(String setting, String text) {
    return parse(setting, text, NANOS, "a time such as 10 s, 5 min or 1 h");
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
          "%s = %s: it is to be more than 0 and at most %s"
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
