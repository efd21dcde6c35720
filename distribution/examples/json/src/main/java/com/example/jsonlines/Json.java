package com.example.jsonlines;

import java.lang.reflect.Array;
import java.util.List;
import java.util.StringJoiner;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;

/** Values as JSON of RFC 8259, in plain ASCII. */
final class Json {
  private Json() {}

  static String of(Event event, EventField field) {
    try {
      Object value = event.get(field.name());
      boolean isUnsigned = value instanceof Long && !field.isSigned();
      return isUnsigned ? Long.toUnsignedString((Long) value) : of(value);
    } catch (IllegalStateException damaged) {
      return "null";
    }
  }

  static String of(Object value) {
    return switch (value) {
      case String text -> quote(text);
      case Double real when !Double.isFinite(real) -> quote(real.toString()); // JSON has no NaN
      case List<?> names -> of(names.toArray());
      case Object array when array.getClass().isArray() -> {
        StringJoiner values = new StringJoiner(",", "[", "]");
        for (int i = 0; i < Array.getLength(array); i++) {
          values.add(of(Array.get(array, i)));
        }
        yield values.toString();
      }
      default -> value.toString();
    };
  }

  /** All but printable ASCII is escaped: control characters, ends of lines, lone surrogates. */
  private static String quote(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
