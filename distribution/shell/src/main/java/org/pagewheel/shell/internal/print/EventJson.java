package org.pagewheel.shell.internal.print;

import java.lang.reflect.Array;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.pagewheel.EventReader;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.Metadata;

/**
 * Events as JSON, an object each; what was lost before one is an object of its own:
 *
 * <pre>{@code
 * {"time":6831646442000,"cpu":0,"pid":23952,"thread":"trader-2","event":"shop:filled","fields":{…}}
 * {"lost":12,"cpu":0}
 * }</pre>
 */
public final class EventJson implements EventPrinter {
  private final Metadata metadata;
  private final ShownTimes times;
  private final WallTime wall;
  private Map<Integer, String> threads = Map.of();

  /**
   * Prepares to print.
   *
   * @param metadata knows the threads' names
   * @param times of the clock
   * @param wall places times in the day; null if they are to be the clock's own
   */
  public EventJson(Metadata metadata, ShownTimes times, WallTime wall) {
    this.metadata = metadata;
    this.times = times;
    this.wall = wall;
  }

  @Override
  public void print(EventReader events, Consumer<String> out) {
    printLoss(events, out);
    out.accept(Json.of(object(events.event())));
  }

  @Override
  public void printLoss(EventReader events, Consumer<String> out) {
    if (events.missed() != 0) {
      Map<String, Object> loss = new LinkedHashMap<>();
      loss.put("lost", events.missed() < 0 ? null : events.missed());
      loss.put("cpu", events.cpu());
      out.accept(Json.of(loss));
    }
  }

  private Map<String, Object> object(Event event) {
    Map<String, Object> object = new LinkedHashMap<>();
    long time = times.shown(event.time());
    object.put("time", wall == null ? (Object) time : wall.iso(time));
    object.put("cpu", event.cpu());
    object.put("pid", event.pid());
    object.put("thread", thread(event.pid()));
    object.put("event", event.system() + ":" + event.name());
    Map<String, Object> fields = new LinkedHashMap<>();
    event.fields().forEach(field -> fields.put(field.name(), value(event, field)));
    object.put("fields", fields);
    return object;
  }

  /** Threads may become known at any time; null if it is not. */
  private String thread(int pid) {
    if (!threads.containsKey(pid)) {
      threads = metadata.threadNames();
    }
    return threads.get(pid);
  }

  private static Object value(Event event, EventField field) {
    try {
      Object value = event.get(field.name());
      return value.getClass().isArray() ? list(value, field) : number(value, field);
    } catch (IllegalStateException damaged) {
      return null;
    }
  }

  /** An unsigned number of eight bytes may be too large for a long. */
  private static Object number(Object value, EventField field) {
    return value instanceof Long number && !field.isSigned() && number < 0
        ? new BigInteger(Long.toUnsignedString(number))
        : value;
  }

  private static List<Object> list(Object array, EventField field) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < Array.getLength(array); i++) {
      list.add(number(Array.get(array, i), field));
    }
    return list;
  }
}
