package org.pagewheel.analysis;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventDecoder;
import org.pagewheel.event.EventFormat;
import org.pagewheel.tracedat.EventText;

/** The value of a column of an event: a property of all events, or one of its fields by name. */
final class Cells {
  static final String TIME = "time";
  static final String CPU = "cpu";
  static final String TID = "tid";
  static final String THREAD = "thread";
  static final String EVENT = "event";
  static final String FIELDS = "fields";

  /** The properties of every event. */
  static final List<String> COMMON = List.of(TIME, CPU, TID, THREAD, EVENT);

  private static final String DAMAGED = "(damaged)";

  private final List<Trace> traces;
  private final List<EventDecoder> decoders = new ArrayList<>();
  private final Map<Integer, EventText> texts = new HashMap<>();
  private final List<Map<Integer, String>> threads = new ArrayList<>();

  Cells(List<Trace> traces) {
    this.traces = traces;
    for (Trace trace : traces) {
      decoders.add(new EventDecoder(trace.formats(), trace.order()));
      threads.add(trace.threadNames());
    }
  }

  /**
   * Refuses a column that no event has.
   *
   * @param formats those of the possible events
   */
  static void check(String what, String column, Collection<EventFormat> formats) {
    Set<String> known = new TreeSet<>(COMMON);
    known.add(FIELDS);
    formats.forEach(format -> format.fields().forEach(field -> known.add(field.name())));
    if (!known.contains(column)) {
      throw new IllegalArgumentException(
          what + ": there is no column " + column + ", " + Condition.hint(column, known));
    }
  }

  /** Refuses a field that some of the events do not have. */
  static void checkAll(String what, String field, Collection<EventFormat> formats) {
    if (field.equals(TID) || field.equals(CPU)) {
      return;
    }
    for (EventFormat format : formats) {
      Set<String> known = new TreeSet<>(List.of(TID, CPU));
      format.fields().forEach(each -> known.add(each.name()));
      if (!known.contains(field)) {
        throw new IllegalArgumentException(
            "%s: event %s has no field %s, %s"
                .formatted(what, TypeIndex.name(format), field, Condition.hint(field, known)));
      }
    }
  }

  Event event(LaneEvents at) {
    return decoders
        .get(at.traceIndex)
        .event(at.memory(), at.offset(), at.length(), at.time(), at.lane.cpu());
  }

  /** An event of a copy. */
  Event event(int trace, byte[] content, long time, int cpu) {
    return decoders.get(trace).event(MemorySegment.ofArray(content), 0, content.length, time, cpu);
  }

  String thread(LaneEvents at) {
    return Threads.name(threads.get(at.traceIndex), at.tid());
  }

  /** The event as {@code trace-cmd report} prints it: its name with a colon, and the rest. */
  String report(LaneEvents at) {
    return text(at.traceIndex).report(at.memory(), at.offset(), at.length());
  }

  /** The same of a copy. */
  String report(int trace, byte[] content) {
    return text(trace).report(MemorySegment.ofArray(content), 0, content.length);
  }

  private EventText text(int trace) {
    return texts.computeIfAbsent(
        trace,
        index -> {
          Trace from = traces.get(index);
          return new EventText(from.formats(), from.pageFormat(), from.kallsyms());
        });
  }

  /** The value of a column: a number, a text, or anything else a field can be; null if nothing. */
  Object value(String column, LaneEvents at) {
    return switch (column) {
      case TIME -> at.time();
      case CPU -> (long) at.lane.cpu();
      case TID -> (long) at.tid();
      case THREAD -> thread(at);
      case EVENT -> name(event(at));
      case FIELDS -> fields(at);
      default -> {
        Event event = event(at);
        yield event.has(column) ? field(event, column) : null;
      }
    };
  }

  /** The same, but the number of enums and flags, and the bits of a long for any number. */
  Object number(String column, LaneEvents at) {
    return cellsOwn(column) ? value(column, at) : number(column, event(at));
  }

  /** Of a field: of numbers, enums and flags the bits of a long; null if there is none. */
  static Object number(String field, Event event) {
    if (!event.has(field)) {
      return null;
    }
    if (!event.field(field).isArray()) {
      switch (event.field(field).kind()) {
        case INTEGER, ENUM, FLAGS -> {
          try {
            return event.getLong(field);
          } catch (IllegalStateException e) {
            return DAMAGED;
          }
        }
        default -> {
          // as it is
        }
      }
    }
    return field(event, field);
  }

  private static boolean cellsOwn(String column) {
    return COMMON.contains(column) || column.equals(FIELDS);
  }

  /** An unsigned number of eight bytes may be too large for a long; so may those of an array. */
  static Object field(Event event, String field) {
    try {
      Object value = event.get(field);
      return switch (value) {
        case Long number when number < 0 && !event.field(field).isSigned() -> unsigned(number);
        case long[] numbers
            when !event.field(field).isSigned() && Arrays.stream(numbers).anyMatch(n -> n < 0) ->
            Arrays.stream(numbers).mapToObj(Cells::unsigned).toArray(BigInteger[]::new);
        default -> value;
      };
    } catch (IllegalStateException e) {
      return DAMAGED;
    }
  }

  private static BigInteger unsigned(long number) {
    return new BigInteger(Long.toUnsignedString(number));
  }

  static String name(Event event) {
    return TypeIndex.name(event.system(), event.name());
  }

  private String fields(LaneEvents at) {
    String report = report(at);
    return report.substring(report.indexOf(": ") + 1).strip();
  }
}
