package org.pagewheel.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The lines of a timeline, by numbers: processes, threads, what has a line of its own by type, and
 * the losses of CPUs. A number consists of the trace's index, a kind, and the number of the thread,
 * type or lane. Remembers which have been announced.
 */
final class Tracks {
  private static final long PROCESS = 0;
  private static final long THREAD = 1;
  private static final long TYPE = 2;
  private static final long LOST = 3;
  private static final long SPAN = 4;
  private static final long OPEN = 5;
  private static final long COUNTER = 6;

  private static final int LINE_BITS = 8;
  private static final int MAX_LINES = 1 << LINE_BITS;

  private final Map<String, Integer> counters = new HashMap<>();

  /** By type, when the last span on each of its lines ends. */
  private final Map<Long, List<Long>> spans = new HashMap<>();

  private final Set<Long> known = new HashSet<>();

  private static long number(int trace, long kind, long number) {
    return (trace + 1L) << 40 | kind << 36 | number & 0xffffffffL;
  }

  static long process(int trace) {
    return number(trace, PROCESS, 0);
  }

  static long thread(LaneEvents at) {
    return number(at.traceIndex, THREAD, at.tid());
  }

  /**
   * A line of its type on which a span overlaps no other: they come in the order of their ends, and
   * one that begins before the last end on a line gets another.
   */
  long span(LaneEvents at, long begin) {
    return line(at, TYPE, at.type(), begin);
  }

  /** The same for a span of several events. */
  long span(LaneEvents at, SpanTypes.Part part, long begin) {
    return line(at, SPAN, part.number(), begin);
  }

  /** The line of a type's spans that do not end. */
  static long open(int trace, SpanTypes.Part part) {
    return number(trace, OPEN, part.number());
  }

  /** The line of a counter. */
  long counter(int trace, String name) {
    Integer known = counters.putIfAbsent(name, counters.size());
    return number(trace, COUNTER, known == null ? counters.size() - 1 : known);
  }

  private long line(LaneEvents at, long kind, int type, long begin) {
    List<Long> ends =
        spans.computeIfAbsent(number(at.traceIndex, kind, type), key -> new ArrayList<>());
    int line = 0;
    while (line < Math.min(ends.size(), MAX_LINES - 1) && ends.get(line) > begin) {
      line++;
    }
    if (line == ends.size()) {
      ends.add(at.time());
    } else {
      ends.set(line, at.time());
    }
    return number(at.traceIndex, kind, (long) type << LINE_BITS | line);
  }

  static long lost(int trace, Lane lane) {
    return number(trace, LOST, (long) lane.buffer().hashCode() << 16 ^ lane.cpu());
  }

  /** Whether a track is new. */
  boolean isNew(long track) {
    return known.add(track);
  }

  /** The process of a thread; the thread's own number if unknown. */
  static int process(LaneEvents at) {
    return at.tid() == 0 ? 0 : at.trace.process().orElse(at.tid());
  }

  /** The name of a CPU's losses. */
  static String lostName(Lane lane) {
    return "lost, CPU " + lane.cpu() + (lane.buffer().isEmpty() ? "" : " of " + lane.buffer());
  }
}
