package org.pagewheel.ring;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.spi.Refusal;

/**
 * The refusals on CPUs that have no memory, and which CPUs cannot get any. A seal ends the
 * counting, as {@link RingMemory#endRefusals} does where there is memory.
 */
final class EarlyRefusals {
  private static final int CAUSES = 3;

  /** Set in a count that is final. */
  private static final long ENDED = Long.MIN_VALUE;

  private final AtomicLongArray counts;
  private final AtomicIntegerArray without;

  EarlyRefusals(int cpus) {
    counts = new AtomicLongArray(CAUSES * cpus);
    without = new AtomicIntegerArray(cpus);
  }

  private static int index(int cpu, long cause) {
    int which =
        switch ((int) cause) {
          case (int) Refusal.DISABLED -> 0;
          case (int) Refusal.TOO_LONG -> 1;
          default -> 2;
        };
    return CAUSES * cpu + which;
  }

  /** Counts a refusal and returns it; after the end counts nothing and returns SEALED. */
  long refuse(int cpu, long cause) {
    int index = index(cpu, cause);
    while (true) {
      long count = counts.get(index);
      if (count < 0) {
        return Refusal.SEALED;
      }
      if (counts.compareAndSet(index, count, count + 1)) {
        return cause;
      }
    }
  }

  /** Makes the counts of a CPU final. */
  void end(int cpu) {
    for (int cause = 0; cause < CAUSES; cause++) {
      counts.getAndAccumulate(CAUSES * cpu + cause, ENDED, (count, ended) -> count | ended);
    }
  }

  /** Notes that a CPU cannot get memory; true the first time. */
  boolean goWithout(int cpu) {
    return without.compareAndSet(cpu, 0, 1);
  }

  boolean isWithout(int cpu) {
    return without.get(cpu) != 0;
  }

  Counters counters(int cpu) {
    return Counters.builder()
        .set(Counter.DISABLED, count(cpu, Refusal.DISABLED))
        .set(Counter.TOO_LONG, count(cpu, Refusal.TOO_LONG))
        .set(Counter.RECURSION, count(cpu, Refusal.RECURSION))
        .build();
  }

  private long count(int cpu, long cause) {
    return counts.get(index(cpu, cause)) & ~ENDED;
  }
}
