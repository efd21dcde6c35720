package org.pagewheel.analysis;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** Writes JSON in one line. For one thread; can be used again after {@link #take}. */
final class Json {
  private final StringBuilder out = new StringBuilder();
  private boolean first = true;

  private void comma() {
    if (!first) {
      out.append(',');
    }
    first = false;
  }

  Json open(char bracket) {
    comma();
    out.append(bracket);
    first = true;
    return this;
  }

  Json close(char bracket) {
    out.append(bracket);
    first = false;
    return this;
  }

  Json key(String name) {
    comma();
    quote(name);
    out.append(':');
    first = true;
    return this;
  }

  Json value(long value) {
    comma();
    out.append(value);
    return this;
  }

  /** A number that JSON lacks becomes a text. */
  Json value(double value) {
    comma();
    if (Double.isFinite(value)) {
      out.append(value);
    } else {
      quote(Double.toString(value));
    }
    return this;
  }

  Json value(boolean value) {
    comma();
    out.append(value);
    return this;
  }

  Json value(String value) {
    comma();
    if (value == null) {
      out.append("null");
    } else {
      quote(value);
    }
    return this;
  }

  /** Nanoseconds as microseconds with three places. */
  Json micros(long nanos) {
    comma();
    out.append(nanos / 1000).append('.');
    String places = Long.toString(1000 + nanos % 1000);
    out.append(places, 1, places.length());
    return this;
  }

  /** A number of lost events; null if unknown. */
  Json count(long missed) {
    return missed < 0 ? value((String) null) : value(missed);
  }

  /** A field's value, as {@link org.pagewheel.event.Event#get} gives it, or that of a row. */
  Json any(Object value) {
    switch (value) {
      case null -> value((String) null);
      case Long number -> value(number.longValue());
      case Integer number -> value(number.longValue());
      case BigInteger number -> {
        comma();
        out.append(number);
      }
      case Double number -> value(number.doubleValue());
      case Boolean flag -> value(flag.booleanValue());
      case BigDecimal number -> {
        comma();
        out.append(number.toPlainString());
      }
      case Map<?, ?> map -> {
        open('{');
        map.forEach((name, each) -> key(String.valueOf(name)).any(each));
        close('}');
      }
      case Iterable<?> list -> {
        open('[');
        list.forEach(this::any);
        close(']');
      }
      case long[] longs -> {
        open('[');
        for (long each : longs) {
          value(each);
        }
        close(']');
      }
      case BigInteger[] numbers -> {
        open('[');
        for (BigInteger each : numbers) {
          any(each);
        }
        close(']');
      }
      case double[] doubles -> {
        open('[');
        for (double each : doubles) {
          value(each);
        }
        close(']');
      }
      case boolean[] booleans -> {
        open('[');
        for (boolean each : booleans) {
          value(each);
        }
        close(']');
      }
      case byte[] bytes -> {
        open('[');
        for (byte each : bytes) {
          value(each & 0xff);
        }
        close(']');
      }
      default -> value(value.toString());
    }
    return this;
  }

  /** The result of {@link #take}, inside brackets; nothing if that was empty. */
  Json raw(String json) {
    if (!json.isEmpty()) {
      comma();
      out.append(json);
    }
    return this;
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          boolean isPlain = c >= ' ' && c < '\u007f' || c > '\u009f' && !isEscaped(c);
          out.append(isPlain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
      }
    }
    out.append('"');
  }

  /** An unpaired surrogate, and characters that end a line or change its direction. */
  private static boolean isEscaped(char c) {
    return c >= '\u2028' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069';
  }

  /** Returns what was written, and forgets it. */
  String take() {
    String text = out.toString();
    out.setLength(0);
    first = true;
    return text;
  }
}
