package org.pagewheel.analysis;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Numbers, sizes, times and names as people read them. */
final class Words {
  private static final long SECOND = 1_000_000_000;
  private static final String BARS = "▁▂▃▄▅▆▇█";
  private static final String ASCII_BARS = "_.:-=+*#";

  /** Characters that end a line, change its direction or control a terminal. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069]");

  /** The same except tabs, which lay out events. */
  private static final Pattern CONTROL_IN_EVENT =
      Pattern.compile("[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069&&[^\\t]]");

  private static final Pattern CONTROL_IN_TEXT = Pattern.compile("[\\p{Cc}&&[^\\t\\n\\r]]");

  private static final DateTimeFormatter WALL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private Words() {}

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Such as {@code 1 event} and {@code 2 events}. */
  static String count(long number, String what) {
    return number(number) + " " + what + (number == 1 ? "" : "s");
  }

  static String lost(long missed) {
    return missed < 0 ? "an unknown number of events" : count(missed, "event");
  }

  /** A hint how to see the rest, if not all are shown. */
  static void more(int size, int shown, String what, Style style, List<String> into) {
    if (size > shown) {
      String more = count(size - (long) shown, "more " + what);
      wrap("and %s (--top %d)".formatted(more, size), style.columns(), into);
    }
  }

  /** The note on lost events; empty if there are none. */
  static List<String> lossNote(long missed) {
    return missed == 0
        ? List.of()
        : List.of(
            "the trace lost %s: some that were asked for may be among them"
                .formatted(lost(missed)));
  }

  static String bytes(long bytes) {
    if (bytes < 10_000) {
      return number(bytes) + " B";
    }
    if (bytes < 1L << 20) {
      return String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0);
    }
    return String.format(Locale.ROOT, "%,.1f MiB", bytes / 1048576.0);
  }

  static String percent(long part, long whole) {
    return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f%%", 100.0 * part / whole);
  }

  /** A length of time with three digits; a number for a clock that counts something else. */
  static String duration(long nanos, boolean isNanos) {
    if (!isNanos) {
      return number(nanos);
    }
    if (nanos < 1000) {
      return nanos + " ns";
    }
    if (nanos < 1_000_000) {
      return digits(nanos / 1e3) + " us";
    }
    return nanos < SECOND ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e9) + " s";
  }

  private static String digits(double number) {
    return String.format(
        Locale.ROOT, number < 9.995 ? "%.2f" : number < 99.95 ? "%.1f" : "%,.0f", number);
  }

  /** Events in a second. */
  static String rate(double perSecond) {
    return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%,.0f", perSecond);
  }

  /** A time as in the trace: seconds with microseconds, or a count. */
  static String time(long time, boolean isNanos) {
    if (!isNanos) {
      return Long.toUnsignedString(time);
    }
    long micros = Long.divideUnsigned(time + 500, 1000);
    return String.format(Locale.ROOT, "%d.%06d", micros / 1_000_000, micros % 1_000_000);
  }

  /** The time of day, if requested and known. */
  static String time(long time, Trace trace, Style style) {
    OptionalLong offset = trace.wallOffset();
    return style.isWall() && offset.isPresent()
        ? wall(time + offset.getAsLong())
        : time(time, trace.isNanos());
  }

  static String wall(long sinceEpoch) {
    return WALL.format(instant(sinceEpoch));
  }

  /** A time in nanoseconds since 1970. */
  static Instant instant(long sinceEpoch) {
    return Instant.ofEpochSecond(
        Math.floorDiv(sinceEpoch, SECOND), Math.floorMod(sinceEpoch, SECOND));
  }

  /** Numbers as bars, the greatest at full height; any that is not 0 is visible. */
  static String bars(long[] numbers, Style style) {
    String bars = style.isAscii() ? ASCII_BARS : BARS;
    long most = 1;
    for (long number : numbers) {
      most = Math.max(most, number);
    }
    StringBuilder line = new StringBuilder();
    for (long number : numbers) {
      double part = (double) number / most;
      line.append(number <= 0 ? ' ' : bars.charAt((int) Math.min(7, part * 8)));
    }
    return line.toString();
  }

  /** A bar of a length. */
  static String bar(long number, long most, int width, Style style) {
    int length = most <= 0 ? 0 : (int) Math.max(number > 0 ? 1 : 0, (double) number / most * width);
    return (style.isAscii() ? "#" : "█").repeat(Math.min(length, width));
  }

  /** A name of a file, a type or a thread: one line without control characters. */
  static String name(String text) {
    return escaped(CONTROL, text);
  }

  /** An event, also one line. */
  static String event(String text) {
    return escaped(CONTROL_IN_EVENT, text);
  }

  /** A text of several lines, perhaps. */
  static String text(String text) {
    return escaped(CONTROL_IN_TEXT, text);
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

  /** A text of at most this many characters. */
  static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, Math.max(0, width - 2)) + "..";
  }

  /** A line as lines of a width, cut at blanks if there are any. */
  static void wrap(String line, int columns, List<String> into) {
    String left = line;
    while (left.length() > columns) {
      int blank = left.lastIndexOf(' ', columns);
      boolean isWord = left.substring(0, Math.max(0, blank)).isBlank();
      int end = isWord ? columns : blank;
      into.add(left.substring(0, end));
      left = "  " + left.substring(end).strip();
    }
    into.add(left);
  }
}
