package org.pagewheel.analysis;

import java.util.HashSet;
import java.util.Set;

/**
 * The lines of a timeline, by numbers: processes, threads, what has a line of its own by type, and
 * the losses of CPUs. A number is made of the trace's place, a kind, and the number of the thread,
 * type or lane. Remembers which have been announced.
 */
final class Tracks {
  private static final long PROCESS = 0;
  private static final long THREAD = 1;
  private static final long TYPE = 2;
  private static final long LOST = 3;

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

  static long type(LaneEvents at) {
    return number(at.traceIndex, TYPE, at.type());
  }

  static long lost(int trace, Lane lane) {
    return number(trace, LOST, (long) lane.buffer().hashCode() << 16 ^ lane.cpu());
  }

  /** Whether a track is met for the first time. */
  boolean isNew(long track) {
    return known.add(track);
  }

  /** The process that a thread belongs to; its own number where that is not known. */
  static int process(LaneEvents at) {
    return at.tid() == 0 ? 0 : at.trace.process().orElse(at.tid());
  }

  /** How the losses of a CPU are named. */
  static String lostName(Lane lane) {
    return "lost, CPU " + lane.cpu() + (lane.buffer().isEmpty() ? "" : " of " + lane.buffer());
  }
}
