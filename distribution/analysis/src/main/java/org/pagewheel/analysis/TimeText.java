package org.pagewheel.analysis;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and lengths of time as people write them. */
final class TimeText {
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?");
  private static final int PLACES = 9;
  private static final long SECOND = 1_000_000_000;
  private static final long HOUR = 3600 * SECOND;

  private static final Pattern LENGTH =
      Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?)\\s*(ns|us|ms|s|min|h|)");

  private static final Map<String, Long> UNITS =
      Map.of("ns", 1L, "us", 1000L, "ms", 1_000_000L, "s", SECOND, "min", 60 * SECOND, "h", HOUR);

  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE / 4);

  private TimeText() {}

  /**
   * A time as printed, the time of day as {@code 2026-11-30T09:15:00.5}, or {@code +2s} after the
   * first event.
   *
   * @param isEnd whether it is the end of a span: what was printed was rounded
   */
  static long time(String text, Trace trace, long first, boolean isEnd) {
    if (text.startsWith("+")) {
      return first + duration("the time", text.substring(1), trace.isNanos());
    }
    if (text.indexOf('T') > 0) {
      return ofDay(text, trace);
    }
    if (!trace.isNanos() && text.matches("\\d{1,18}")) {
      return Long.parseLong(text);
    }
    Matcher printed = SECONDS.matcher(text);
    if (!printed.matches() || !trace.isNanos()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a time: one as it is printed, such as 6831.459574, or +2s after the first"
              + " event, or a time of day such as 2026-11-30T09:15:00.5 would be right");
    }
    String places = printed.group(2) == null ? "" : printed.group(2);
    long time =
        Long.parseLong(printed.group(1)) * SECOND
            + Long.parseLong(places + "0".repeat(PLACES - places.length()));
    long half = places.isEmpty() ? 0 : (long) Math.pow(10, PLACES - places.length()) / 2;
    return isEnd ? time + Math.max(0, half - 1) : time - half;
  }

  private static long ofDay(String text, Trace trace) {
    OptionalLong offset = trace.wallOffset();
    if (offset.isEmpty()) {
      throw new IllegalArgumentException(
          trace.name()
              + " does not say what time of day its times are: write one as it is printed");
    }
    try {
      Instant instant =
          text.endsWith("Z")
              ? Instant.parse(text)
              : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), SECOND),
          instant.getNano() - offset.getAsLong());
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a time of day, such as 2026-11-30T09:15:00.5", e);
    }
  }

  /** A length of time such as {@code 500ms}; a number for a clock that counts something else. */
  static long duration(String what, String text, boolean isNanos) {
    Matcher form = LENGTH.matcher(text.strip());
    if (form.matches() && (isNanos || form.group(2).isEmpty())) {
      BigDecimal unit =
          form.group(2).isEmpty() ? BigDecimal.ONE : BigDecimal.valueOf(UNITS.get(form.group(2)));
      BigDecimal length = new BigDecimal(form.group(1)).multiply(unit);
      boolean isUnit = !isNanos || !form.group(2).isEmpty() || length.signum() == 0;
      if (isUnit && length.compareTo(MAX) >= 0) {
        String most = isNanos ? MAX.longValue() / HOUR + "h" : MAX.toString();
        throw new IllegalArgumentException(
            what + " '" + text + "' is too long: at most " + most + " would be right");
      }
      if (isUnit) {
        return length.longValue();
      }
    }
    throw new IllegalArgumentException(
        what
            + " '"
            + text
            + "' is not a length of time: "
            + (isNanos ? "such as 50us, 500ms, 2s or 1min would be right" : "a number would be"));
  }
}
