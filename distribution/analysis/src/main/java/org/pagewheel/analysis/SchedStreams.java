package org.pagewheel.analysis;

import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pagewheel.format.PageLayout;

/** The CPUs of all buffers, and whether they have events of the scheduler. */
final class SchedStreams {
  /** One CPU of one buffer. */
  static final class Stream {
    final LaneEvents lane;
    final int buffer;
    boolean isScheduler;

    /** The thread that is on the CPU; null for none, or where it is not known. */
    ThreadTime current;

    /** Whether that is known. */
    boolean isKnown;

    /** The one that has left it last. */
    ThreadTime left;

    /** Whether events were lost and the next one has not come yet. */
    boolean isLost;

    Stream(LaneEvents lane, int buffer) {
      this.lane = lane;
      this.buffer = buffer;
    }
  }

  private final Map<LaneEvents, Stream> streams = new IdentityHashMap<>();

  /** Buffers with the scheduler's events, a bit each. */
  private long schedulers;

  /** Looks at all lanes; gaps get those that begin with a loss. */
  SchedStreams(SchedTypes types, Merged events, Gaps gaps) throws IOException {
    Map<String, Integer> buffers = new LinkedHashMap<>();
    Map<Integer, Boolean> known = new HashMap<>();
    for (LaneEvents lane : events.lanes()) {
      String buffer = lane.traceIndex + ":" + lane.lane.buffer();
      Integer number = buffers.putIfAbsent(buffer, buffers.size());
      int of = number == null ? buffers.size() - 1 : number;
      Stream stream = new Stream(lane, of);
      if (!known.containsKey(of)) {
        known.put(of, types.has(lane.traceIndex, lane.trace, lane.lane.buffer()));
      }
      stream.isScheduler = known.get(of);
      streams.put(lane, stream);
      if (stream.isScheduler) {
        isScheduler(of);
        stream.isLost = lane.missed() != 0;
        if (stream.isLost || lane.missedAtEnd() != 0) {
          gaps.begin(Long.MIN_VALUE);
        }
      }
    }
  }

  /** Says that a buffer has them. */
  void isScheduler(int buffer) {
    schedulers |= 1L << Math.min(Long.SIZE - 1, buffer);
  }

  Stream get(LaneEvents lane) {
    return streams.get(lane);
  }

  boolean areThere() {
    return schedulers != 0;
  }

  /** Whether some of these buffers, a bit each, are not the kernel's. */
  boolean areOthers(long buffers) {
    return (buffers & ~schedulers) != 0;
  }

  /** Scheduling events that are lost; −1 for an unknown number. */
  long lost() {
    return streams.values().stream()
        .filter(each -> each.isScheduler)
        .mapToLong(each -> each.lane.lost())
        .reduce(0, PageLayout::sumOfMissed);
  }
}
