package org.pagewheel.analysis;

import java.util.Arrays;

/**
 * Counts of several things over the same time, in at most {@link #SLICES} slices, which grow with
 * the time. Allocates nothing for a count.
 */
final class Rates {
  static final int SLICES = 128;

  private final long base;
  private int shift;
  private long[][] counts;

  /**
   * Makes empty counts.
   *
   * @param base approximately the first time; earlier ones count as this one
   * @param things how many things to count
   */
  Rates(long base, int things) {
    this.base = base;
    this.counts = new long[things][];
  }

  void add(int thing, long time) {
    add(thing, time, 1);
  }

  void add(int thing, long time, long more) {
    long past = Math.max(0, time - base);
    while (past >>> shift >= SLICES) {
      fold();
    }
    long[] of = counts[thing];
    if (of == null) {
      of = new long[SLICES];
      counts[thing] = of;
    }
    of[(int) (past >>> shift)] += more;
  }

  private void fold() {
    shift++;
    for (long[] of : counts) {
      if (of != null) {
        for (int i = 0; i < SLICES / 2; i++) {
          of[i] = of[2 * i] + of[2 * i + 1];
        }
        Arrays.fill(of, SLICES / 2, SLICES, 0);
      }
    }
  }

  /** How long a slice is. */
  long width() {
    return 1L << shift;
  }

  long base() {
    return base;
  }

  /** The counts of a thing by slice. */
  long[] of(int thing) {
    return counts[thing] == null ? new long[SLICES] : counts[thing].clone();
  }

  /** Those of all things. */
  long[] sum() {
    long[] sum = new long[SLICES];
    for (long[] of : counts) {
      for (int i = 0; of != null && i < SLICES; i++) {
        sum[i] += of[i];
      }
    }
    return sum;
  }

  /** The counts between the base and a time, in as many parts as a line has columns, or fewer. */
  long[] over(long[] slices, long until, int parts) {
    int used = Math.clamp((Math.max(0, until - base) >>> shift) + 1, 1, SLICES);
    int each = (used + parts - 1) / parts; // slices in a part, in all the same
    long[] parted = new long[(used + each - 1) / each];
    for (int i = 0; i < used; i++) {
      parted[i / each] += slices[i];
    }
    return parted;
  }
}
