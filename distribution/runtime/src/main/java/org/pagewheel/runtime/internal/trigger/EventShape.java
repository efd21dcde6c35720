package org.pagewheel.runtime.internal.trigger;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.event.EventFormat;

/** Where the fields of an event lie and what they are, as far as a filter needs it. */
final class EventShape {
  /** What a field's bytes mean. */
  enum Kind {
    /** A whole number. */
    NUMBER,
    /** The bits of a double. */
    REAL,
    /** Text in place, up to a NUL. */
    TEXT,
    /** A word that tells where in the payload text lies: offset, and length above. */
    DYNAMIC_TEXT,
    /** Anything else; no filter knows it. */
    OTHER
  }

  /**
   * A field.
   *
   * @param kind what its bytes mean
   * @param offset where it begins in the payload
   * @param size bytes; of text in place, 0 if it reaches up to its NUL
   * @param signed whether a number has a sign
   * @param symbols values by name
   */
  record Field(Kind kind, int offset, int size, boolean signed, Map<String, Long> symbols) {}

  private static final Pattern FIELD =
      Pattern.compile(
          "field:([^;\n]{1,200}?)(\\w+)(\\[\\w*\\])?;\\s*offset:(\\d{1,6});\\s*size:(\\d{1,6});"
              + "\\s*signed:([01]);");

  private static final Pattern SYMBOLS =
      Pattern.compile(
          "__print_(?:symbolic|flags)\\(REC->(\\w+)(?: & 0x7fffffffffffffff)?,"
              + "((?:[^\"()]|\"[^\"\n]*\")*)\\)");

  /** The name of the highest bit of a set of 64 constants, which has no entry in the table. */
  private static final Pattern HIGHEST =
      Pattern.compile("\\(REC->(\\w+) >> 63\\) \\? \"([^\"\n]*)\" : \"\"");

  private static final Pattern SYMBOL =
      Pattern.compile("\\{\\s*(0x[0-9a-fA-F]{1,16}|-?\\d{1,19})\\s*,\\s*\"([^\"]*)\"\\s*\\}");

  /** How the format text of a typed event shows a double: sign, whole part, fraction. */
  private static final String REAL = "=%s%s%llu.%06llu";

  private final String name;
  private final Map<String, Field> fields = new LinkedHashMap<>();

  EventShape(EventFormat format) {
    this.name = format.system() + ":" + format.name();
    String text = format.text();
    int print = Math.max(0, text.indexOf("print fmt:"));
    Map<String, Map<String, Long>> symbols = symbols(text.substring(print));
    Matcher matcher = FIELD.matcher(text.substring(0, print));
    while (matcher.find()) {
      String field = matcher.group(2);
      String type = matcher.group(1).strip() + (matcher.group(3) == null ? "" : "[]");
      boolean real = isReal(text.substring(print), field);
      int size = Integer.parseInt(matcher.group(5));
      Map<String, Long> names = new HashMap<>(symbols.getOrDefault(field, Map.of()));
      if (matcher.group(6).equals("1") && size == Integer.BYTES) {
        names.replaceAll((symbol, value) -> (long) value.intValue()); // 0xffffffff is −1
      }
      fields.put(
          field,
          new Field(
              kind(type, size, real),
              Integer.parseInt(matcher.group(4)),
              size,
              matcher.group(6).equals("1"),
              names));
    }
  }

  private static boolean isReal(String print, String field) {
    return print.contains("\"" + field + REAL) || print.contains(" " + field + REAL);
  }

  private static Kind kind(String type, int size, boolean real) {
    return switch (type) {
      case "char[]" -> Kind.TEXT;
      case "__data_loc char[]" -> Kind.DYNAMIC_TEXT;
      case String other when other.endsWith("[]") -> Kind.OTHER;
      default -> real && size == Long.BYTES ? Kind.REAL : Kind.NUMBER;
    };
  }

  private static Map<String, Map<String, Long>> symbols(String print) {
    Map<String, Map<String, Long>> all = new HashMap<>();
    Matcher table = SYMBOLS.matcher(print);
    while (table.find()) {
      Map<String, Long> values = new HashMap<>();
      Matcher symbol = SYMBOL.matcher(table.group(2));
      while (symbol.find()) {
        String value = symbol.group(1);
        values.put(
            symbol.group(2),
            value.startsWith("0x")
                ? Long.parseUnsignedLong(value.substring(2), 16)
                : Long.parseLong(value));
      }
      all.put(table.group(1), values);
    }
    Matcher highest = HIGHEST.matcher(print);
    while (highest.find()) {
      all.computeIfPresent(
          highest.group(1),
          (field, values) -> {
            values.put(highest.group(2), Long.MIN_VALUE);
            return values;
          });
    }
    return all;
  }

  /** The event's name with its system. */
  String name() {
    return name;
  }

  /** The fields by name, in the order of the event. */
  Map<String, Field> fields() {
    return fields;
  }
}
