package org.pagewheel.shell.internal.print;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.RingView;

/**
 * Results as JSON. Names are in small letters with {@code _} between words, as {@code jq} takes
 * them without quotes; a text of several words, which is not data, is an object with a {@code
 * message}.
 */
public final class Json {
  private Json() {}

  /** The result of a command, in one line. */
  public static String of(Object result) {
    StringBuilder out = new StringBuilder();
    switch (result) {
      case null -> out.append("{}");
      case CharSequence message -> append(out, Map.of("message", message));
      default -> append(out, result);
    }
    return out.toString();
  }

  private static void append(StringBuilder out, Object value) {
    switch (value) {
      case null -> out.append("null");
      case Optional<?> optional -> append(out, optional.orElse(null));
      case Double number when !Double.isFinite(number) -> out.append("null");
      case Number number -> out.append(number);
      case Boolean truth -> out.append(truth);
      case Enum<?> constant -> quote(out, constant.name().toLowerCase(Locale.ROOT));
      case Map<?, ?> map -> object(out, map);
      case Collection<?> list -> array(out, list);
      case Counters counters -> object(out, counters(counters));
      case RingView view -> object(out, view(view));
      case RingView.PageView page -> object(out, page(page));
      case Account account -> object(out, account.json());
      case Record row -> object(out, components(row));
      default -> quote(out, value.toString());
    }
  }

  private static void array(StringBuilder out, Collection<?> list) {
    String separator = "[";
    for (Object each : list) {
      append(out.append(separator), each);
      separator = ",";
    }
    out.append(list.isEmpty() ? "[]" : "]");
  }

  private static void object(StringBuilder out, Map<?, ?> map) {
    String separator = "{";
    for (Map.Entry<?, ?> each : map.entrySet()) {
      quote(out.append(separator), each.getKey().toString());
      append(out.append(':'), each.getValue());
      separator = ",";
    }
    out.append(map.isEmpty() ? "{}" : "}");
  }

  private static Map<String, Object> components(Record row) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (RecordComponent component : row.getClass().getRecordComponents()) {
      map.put(name(component.getName()), Table.value(component, row));
    }
    return map;
  }

  static Map<String, Object> counters(Counters counters) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("unread", counters.unread());
    map.put("refused", counters.refused());
    for (Counter counter : Counter.values()) {
      if (counter == Counter.CLEARED) {
        continue; // only in totals
      }
      long value = counters.get(counter);
      map.put(counter.name().toLowerCase(Locale.ROOT), value == Counters.NONE ? null : value);
    }
    return map;
  }

  private static Map<String, Object> view(RingView view) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("cpu", view.cpu());
    map.put("capacity", view.capacity());
    map.put("head", view.head());
    map.put("commit", view.commit());
    map.put("tail", view.tail());
    map.put("reader", view.reader());
    map.put("pages", view.pages());
    return map;
  }

  private static Map<String, Object> page(RingView.PageView page) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("sequence", page.sequence());
    map.put("state", page.state());
    map.put("used", page.used());
    map.put("entries", page.entries());
    return map;
  }

  /** {@code pageSize} becomes {@code page_size}. */
  private static String name(String component) {
    return component.replaceAll("(\\p{Upper})", "_$1").toLowerCase(Locale.ROOT);
  }

  /** Characters that are not plainly printable are written as numbers. */
  private static void quote(StringBuilder out, String text) {
    out.append('"');
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
              } else if (isPlain(c)) {
                out.append((char) c);
              } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
              }
            });
    out.append('"');
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
