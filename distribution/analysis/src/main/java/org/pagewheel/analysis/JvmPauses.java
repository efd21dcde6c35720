package org.pagewheel.analysis;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pagewheel.event.Event;

/**
 * When garbage collections and other safepoints held all Java threads, by the events of the source
 * {@code jvm}. They come late, so a pass of its own reads them.
 */
final class JvmPauses {
  private static final String SYSTEM = "jvm";
  private static final String BUFFER = "jvm(-\\d+)?";
  private static final int MAX = 1 << 20;

  /** How many safepoints may be open at once in what is read: there is one. */
  private static final int MAX_OPEN = 64;

  /** Spans of time that are joined, with their sum up to each. */
  private static final class Times {
    private long[] begins = new long[16];
    private long[] ends = new long[16];
    private long[] before = {};
    private int size;

    boolean add(long begin, long end) {
      if (size == MAX) {
        return false;
      }
      if (size == begins.length) {
        begins = Arrays.copyOf(begins, 2 * size);
        ends = Arrays.copyOf(ends, 2 * size);
      }
      begins[size] = begin;
      ends[size++] = end;
      return true;
    }

    /** Moves those from an index on. */
    void shift(int from, long shift) {
      for (int i = from; i < size; i++) {
        begins[i] += shift;
        ends[i] += shift;
      }
    }

    void join() {
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compare(begins[a], begins[b]));
      long[] from = new long[size];
      long[] to = new long[size];
      int count = 0;
      for (int each : order) {
        if (count > 0 && begins[each] <= to[count - 1]) {
          to[count - 1] = Math.max(to[count - 1], ends[each]);
        } else {
          from[count] = begins[each];
          to[count++] = ends[each];
        }
      }
      begins = Arrays.copyOf(from, count);
      ends = Arrays.copyOf(to, count);
      before = new long[count + 1];
      size = count;
      for (int i = 0; i < count; i++) {
        before[i + 1] = before[i] + ends[i] - begins[i];
      }
    }

    /** How much of the time before a moment they are. */
    long until(long time) {
      int at = Arrays.binarySearch(begins, time);
      int index = at >= 0 ? at : -at - 2;
      return index < 0 ? 0 : before[index] + Math.min(time, ends[index]) - begins[index];
    }
  }

  private final Times gcs = new Times();
  private final Times all = new Times();
  private final Set<String> streams = new HashSet<>();
  private final Problems problems;

  private JvmPauses(Problems problems) {
    this.problems = problems;
  }

  /** Reads the lanes that may have them. */
  static JvmPauses of(List<Trace> traces, Problems problems) throws IOException {
    JvmPauses pauses = new JvmPauses(problems);
    Cells cells = new Cells(traces);
    for (int i = 0; i < traces.size(); i++) {
      Trace trace = traces.get(i);
      if (trace.formats().stream().anyMatch(each -> each.system().equals(SYSTEM))) {
        boolean hasOwn = trace.lanes().stream().anyMatch(each -> each.buffer().matches(BUFFER));
        for (Lane lane : trace.lanes()) {
          if (!hasOwn || lane.buffer().matches(BUFFER)) {
            pauses.read(new LaneEvents(i, trace, lane, problems), cells);
          }
        }
      }
    }
    pauses.gcs.join();
    pauses.all.join();
    return pauses;
  }

  private void read(LaneEvents events, Cells cells) {
    int firstGc = gcs.size;
    int first = all.size;
    long shift = Long.MAX_VALUE;
    Map<Long, Long> open = new LinkedHashMap<>();
    boolean[] isAsked = new boolean[1 << 16];
    Map<Integer, String> names = new HashMap<>();
    events.trace.formats().stream()
        .filter(each -> each.system().equals(SYSTEM) && each.id() >> 16 == 0)
        .forEach(
            each -> {
              isAsked[each.id()] = true;
              names.put(each.id(), each.name());
            });
    while (events.next()) {
      if (events.type() >= 0 && isAsked[events.type()]) {
        try {
          shift = Math.min(shift, read(names.get(events.type()), cells.event(events), open));
          streams.add(events.traceIndex + events.lane.buffer());
        } catch (IllegalArgumentException | IllegalStateException e) {
          // it has not the fields, or is too short for them
        }
      }
    }
    // Files that were moved have moved times, and the begins as they were.
    if (shift != Long.MAX_VALUE) {
      gcs.shift(firstGc, shift);
      all.shift(first, shift);
    }
  }

  /** Takes an event; returns how much later its time is than its end. */
  private long read(String name, Event event, Map<Long, Long> open) {
    long begin = event.getLong("began");
    long end = begin + (event.has("duration") ? Math.max(0, event.getLong("duration")) : 0);
    switch (name) {
      case "gc_pause" -> {
        add(gcs, begin, end);
        add(all, begin, end);
      }
      case "vm_operation" -> add(all, begin, end);
      case "safepoint_begin" -> {
        add(all, begin, end);
        open.put(event.getLong("safepoint"), begin);
        if (open.size() > MAX_OPEN) {
          open.remove(open.keySet().iterator().next());
        }
      }
      case "safepoint_end" -> {
        Long since = open.remove(event.getLong("safepoint"));
        add(all, since == null ? begin : Math.min(begin, since), end);
      }
      default -> {
        // it holds no thread
      }
    }
    return event.time() - end;
  }

  private void add(Times times, long begin, long end) {
    if (!times.add(begin, Math.max(begin, end))) {
      problems.add("too many pauses of the JVM: the later ones are left out");
    }
  }

  /** How much of a time garbage collections held the threads. */
  long gc(long from, long to) {
    return gcs.until(to) - gcs.until(from);
  }

  /** How much of it they or another safepoint did. */
  long stopped(long from, long to) {
    return all.until(to) - all.until(from);
  }

  /** Whether they are of several JVMs: then each of them would seem to hold all. */
  boolean areOfSeveral() {
    return streams.size() > 1;
  }
}
