package org.pagewheel.consumer.splice.internal;

import java.util.Arrays;

/** Events that were lost and have not been told yet, by CPU. */
final class Losses {
  static final long UNKNOWN = -1;

  private long[] owed = {};

  /** A sum of counts of which either may be unknown. */
  static long sum(long one, long other) {
    return one < 0 || other < 0 ? UNKNOWN : one + other;
  }

  void add(int cpu, long events) {
    if (events != 0) {
      owed = owed.length > cpu ? owed : Arrays.copyOf(owed, cpu + 1);
      owed[cpu] = sum(owed[cpu], events);
    }
  }

  long owed(int cpu) {
    return cpu < owed.length ? owed[cpu] : 0;
  }

  void told(int cpu) {
    if (cpu < owed.length) {
      owed[cpu] = 0;
    }
  }
}
