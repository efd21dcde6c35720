package org.pagewheel.tracedat;

import java.util.Arrays;
import org.pagewheel.format.PageLayout;

/**
 * Counts, by CPU, the events lost that no page has reported yet, or that may become lost. The next
 * page of a CPU reports its count. For one thread at a time.
 */
public final class Losses {
  /** An unknown number. */
  public static final long UNKNOWN = PageLayout.MISSED_UNKNOWN;

  private long[] events = {};

  /** None. */
  public Losses() {}

  /**
   * The sum of two numbers, either of which may be unknown.
   *
   * @param one at least 0, or {@link #UNKNOWN}
   * @param other likewise
   * @return the sum, or {@link #UNKNOWN}
   */
  public static long sum(long one, long other) {
    return PageLayout.sumOfMissed(one, other);
  }

  /**
   * Adds to a CPU's losses.
   *
   * @param cpu from 0 on
   * @param more how many, or {@link #UNKNOWN}
   */
  public void add(int cpu, long more) {
    if (more != 0) {
      events = events.length > cpu ? events : Arrays.copyOf(events, cpu + 1);
      events[cpu] = sum(events[cpu], more);
    }
  }

  /**
   * Adds all losses of another object.
   *
   * @param other stays as it is
   */
  public void addAll(Losses other) {
    for (int cpu = 0; cpu < other.events.length; cpu++) {
      add(cpu, other.events[cpu]);
    }
  }

  /**
   * The losses of a CPU.
   *
   * @param cpu from 0 on
   * @return at least 0, or {@link #UNKNOWN}
   */
  public long get(int cpu) {
    return cpu < events.length ? events[cpu] : 0;
  }

  /**
   * Notes that the losses of a CPU have been reported.
   *
   * @param cpu from 0 on
   */
  public void clear(int cpu) {
    if (cpu < events.length) {
      events[cpu] = 0;
    }
  }

  /**
   * The losses of all CPUs.
   *
   * @return at least 0, or {@link #UNKNOWN}
   */
  public long total() {
    return Arrays.stream(events).reduce(0, Losses::sum);
  }
}
