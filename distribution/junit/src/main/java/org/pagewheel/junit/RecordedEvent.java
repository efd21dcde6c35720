package org.pagewheel.junit;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.spi.Nearest;

/**
 * An event of a test, as a value that stays.
 *
 * @param system such as {@code shop}
 * @param name such as {@code order_filled}
 * @param time in the unit of the buffer's clock
 * @param cpu the CPU, from 0
 * @param pid the thread that wrote it
 * @param fields the fields as tools show them, in the format's order: a {@code Boolean}, {@code
 *     Long}, {@code Double}, {@code String} (of an enum the name) or {@code List} of these (of
 *     flags the names)
 */
public record RecordedEvent(
    String system, String name, long time, int cpu, int pid, Map<String, Object> fields) {
  /**
   * Makes an event.
   *
   * @param fields copied
   */
  public RecordedEvent {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  static RecordedEvent of(Event event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (EventField field : event.fields()) {
      Object value = event.get(field.name());
      fields.put(field.name(), value.getClass().isArray() ? list(value) : value);
    }
    return new RecordedEvent(
        event.system(), event.name(), event.time(), event.cpu(), event.pid(), fields);
  }

  /** Arrays are equal only to themselves, and print badly. */
  private static List<Object> list(Object array) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      values.add(Array.get(array, i));
    }
    return Collections.unmodifiableList(values);
  }

  /**
   * A field's value.
   *
   * @param field its name as tools show it, such as {@code order_id}
   * @return one of {@link #fields}
   * @throws IllegalArgumentException if the event has no such field; the message names the nearest
   */
  public Object get(String field) {
    Object value = fields.get(field);
    if (value == null) {
      throw new IllegalArgumentException(
          "event %s:%s has no field %s, %s"
              .formatted(system, name, field, Nearest.hint(field, fields.keySet())));
    }
    return value;
  }

  /** System, name and fields: what a failed assertion shows. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(" ", system + ":" + name + " ", "");
    fields.forEach((field, value) -> text.add(field + "=" + value));
    return text.toString().strip();
  }
}
