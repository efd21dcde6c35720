package org.pagewheel.analysis;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;

/**
 * Counts the values of fields on a buffer while it is written: an {@link EventHistogram} without an
 * end. Values beyond 65,536 have no room, unless {@code size=} says otherwise; their events are
 * counted.
 */
public final class LiveHistogram extends LiveObserver {
  private static final int IDS = 1 << 16;
  private static final EventFilter.Check ALL = (memory, offset) -> true;
  private static final EventFilter.Check NONE = (memory, offset) -> false;

  private final Condition condition;
  private final EventHistogram histogram;
  private final EventFilter.Check[] byId = new EventFilter.Check[IDS];

  /** The event at hand; guarded by this, as all below. */
  private Event event;

  private Map<Integer, String> threads = Map.of();

  /** Of how many events they were looked up. */
  private long threadsAt = -1;

  private final HistogramKey.Row row =
      new HistogramKey.Row() {
        @Override
        public Object value(String column) {
          return switch (column) {
            case Cells.CPU -> (long) event.cpu();
            case Cells.TID -> (long) event.pid();
            case Cells.THREAD -> thread(event.pid());
            default -> event.has(column) ? Cells.field(event, column) : null;
          };
        }

        @Override
        public Object number(String column) {
          return switch (column) {
            case Cells.CPU, Cells.TID, Cells.THREAD -> value(column);
            default -> Cells.number(column, event);
          };
        }
      };

  private LiveHistogram(Buffer buffer, Condition condition, EventHistogram histogram) {
    super(buffer, "hist");
    this.condition = condition;
    this.histogram = histogram;
  }

  /**
   * Begins to count.
   *
   * @param buffer of this process; the observer ends with it
   * @param condition which events; their type may become known later
   * @param fields as for {@link EventHistogram#of}
   * @param top how many values the text shows; 0 for 60
   * @return the observer, to be closed
   * @throws IllegalArgumentException if events of this name are known and cannot be asked this
   */
  public static LiveHistogram of(Buffer buffer, Condition condition, List<String> fields, int top) {
    EventHistogram histogram = EventHistogram.empty(condition, fields, top);
    BufferTrace trace = new BufferTrace(buffer);
    if (!condition.formats(trace).isEmpty()) {
      histogram.check(condition.in(List.of(trace)).formats());
    }
    LiveHistogram observer = new LiveHistogram(buffer, condition, histogram);
    observer.start();
    return observer;
  }

  @Override
  void event(EventReader events) {
    Event next = events.event();
    EventFormat format = next.format().orElse(null);
    if (format == null || format.id() < 0 || format.id() >= IDS) {
      return;
    }
    EventFilter.Check check = byId[format.id()];
    if (check == null) {
      check = check(format);
      byId[format.id()] = check;
    }
    try {
      if (check != NONE && (check == ALL || check.test(events.payload(), 0))) {
        event = next;
        histogram.add(row);
      }
    } catch (IndexOutOfBoundsException e) {
      // it is shorter than its format says
    }
  }

  /** Of a type that was met for the first time. */
  private EventFilter.Check check(EventFormat format) {
    if (!condition.isAbout(format)) {
      return NONE;
    }
    try {
      histogram.check(List.of(format));
      return condition.check(format, ByteOrder.LITTLE_ENDIAN).orElse(ALL);
    } catch (IllegalArgumentException e) {
      return NONE; // of a type that came later, and lacks a field
    }
  }

  private String thread(int tid) {
    if (!threads.containsKey(tid) && threadsAt < seen) {
      threads = Metadata.process().threadNames();
      threadsAt = seen + 1000; // one without a name is not looked up for each event
    }
    return Threads.name(threads, tid);
  }

  private EventHistogram answer() {
    histogram.sort();
    histogram.lost(lost);
    return histogram;
  }

  @Override
  public synchronized List<String> text(Style style) {
    List<String> lines = new ArrayList<>(answer().text(style));
    problems.lines().forEach(line -> Words.wrap(line, style.columns(), lines));
    Words.wrap(share(), style.columns(), lines);
    return lines;
  }

  @Override
  public synchronized String json(Style style) {
    return answer().json(style);
  }

  /**
   * How many events were counted.
   *
   * @return those that the condition means
   */
  public synchronized long hits() {
    return histogram.hits();
  }
}
