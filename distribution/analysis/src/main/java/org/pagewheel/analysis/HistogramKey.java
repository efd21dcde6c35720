package org.pagewheel.analysis;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventFormat;

/**
 * A key of a histogram: a field, {@code tid}, {@code thread} or {@code cpu}, and how its values are
 * grouped, in the kernel's words.
 *
 * @param field the field, or one of the words above
 * @param way how values are grouped
 * @param width of {@link Way#BUCKETS}
 */
record HistogramKey(String field, Way way, long width) {
  /** The ways to group values. */
  enum Way {
    /** Each value by itself. */
    EACH,
    /** Each value by itself, shown in hexadecimal. */
    HEX,
    /** By powers of two: the least that is not smaller. */
    LOG2,
    /** By intervals of a width. */
    BUCKETS
  }

  /** What an event has in its columns. */
  interface Row {
    /** A number, a text, or anything else a field can be; null if nothing. */
    Object value(String column);

    /** The same, but of enums and flags the number, and of any number the bits of a long. */
    Object number(String column);
  }

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z_]\\w*)(?:\\.(log2|hex|execname|buckets=(\\d{1,18})))?");

  /** The number of characters by which texts are distinguished. */
  private static final int MAX_TEXT = 256;

  private static final String PID = "common_pid";

  /** Reads one. */
  static HistogramKey of(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches() || "0".equals(form.group(3))) {
      throw new IllegalArgumentException(
          "key '"
              + text.strip()
              + "': FIELD, FIELD.log2, FIELD.hex or FIELD.buckets=10 would be right");
    }
    String field = form.group(1);
    String way = form.group(2) == null ? "" : form.group(2);
    if (way.equals("execname") && !field.equals(PID)) {
      throw new IllegalArgumentException(
          "key '" + text.strip() + "': only common_pid.execname is one");
    }
    if (field.equals(PID)) {
      return new HistogramKey(way.equals("execname") ? Cells.THREAD : Cells.TID, Way.EACH, 0);
    }
    return switch (way) {
      case "log2" -> new HistogramKey(field, Way.LOG2, 0);
      case "hex" -> new HistogramKey(field, Way.HEX, 0);
      case "" -> new HistogramKey(field, Way.EACH, 0);
      default -> new HistogramKey(field, Way.BUCKETS, Long.parseLong(form.group(3)));
    };
  }

  void check(Collection<EventFormat> formats) {
    if (!field.equals(Cells.THREAD)) {
      Cells.checkAll("key", field, formats);
    }
  }

  /** What an event has there: a number, or a text that stands for itself. */
  Object value(Row row) {
    Object value = way == Way.EACH ? row.value(field) : row.number(field);
    if (!(value instanceof Long number)) {
      return value instanceof Number ? value : Words.cut(ColumnRows.text(value), MAX_TEXT);
    }
    return switch (way) {
      case LOG2 -> number <= 1 ? number : 1L << 64 - Long.numberOfLeadingZeros(number - 1);
      case BUCKETS -> Math.floorDiv(number, width) * width;
      default -> number;
    };
  }

  /** A value for people. */
  String text(Object value) {
    if (!(value instanceof Long number)) {
      return String.valueOf(value);
    }
    return switch (way) {
      case HEX -> Long.toHexString(number);
      case LOG2 -> "~ " + number;
      case BUCKETS -> "~ " + number + "-" + (number + width - 1);
      case EACH -> number.toString();
    };
  }
}
