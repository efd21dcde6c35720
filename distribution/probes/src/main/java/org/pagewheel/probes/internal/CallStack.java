package org.pagewheel.probes.internal;

import java.util.Arrays;
import org.pagewheel.Clock;

/** Where one thread is in one graph. For that thread alone. */
final class CallStack {
  private static final int FIRST = 32;

  /** Which of the counters of the graph is this thread's, and those of few others. */
  final int counter = (int) Thread.currentThread().threadId() & Graph.COUNTERS - 1;

  /** How many calls are open. */
  int depth;

  /** Whether the thread is recording: what it calls for that is not recorded. */
  boolean isBusy;

  /** Of the open calls, how many of the outermost have their entry written. */
  int written;

  /** The clock by which the open calls began. */
  Clock clock;

  /** When each open call began. */
  long[] times = new long[FIRST];

  /** Which method each open call is of. */
  int[] methods = new int[FIRST];

  /** The thread's name when it was last looked at, and whether it is one to record. */
  String threadName;

  boolean isSelected;

  /** Another clock: how long the open calls have lasted is not known, they begin now. */
  void restart(Clock clock, long now) {
    this.clock = clock;
    Arrays.fill(times, now);
  }

  /** Makes room for a call at a depth. */
  void grow(int depth) {
    int[] more = Arrays.copyOf(methods, 2 * depth);
    times = Arrays.copyOf(times, 2 * depth);
    methods = more; // together, or not at all
  }
}
