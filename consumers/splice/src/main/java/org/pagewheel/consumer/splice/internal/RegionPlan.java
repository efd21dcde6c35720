package org.pagewheel.consumer.splice.internal;

import java.util.Arrays;

/**
 * Shares a file's room among the CPUs before anything is written. A file is full when one region
 * is, so each CPU gets its share of the previous file, and a little in case it wakes up.
 */
final class RegionPlan {
  /** The part of the room that is shared equally, whatever was written before: one in this many. */
  private static final int EQUAL_PART = 4;

  private RegionPlan() {}

  /**
   * Finds the regions.
   *
   * @param before bytes of each CPU in the last file; all 0 if there was none
   * @param room bytes for all of them; if that is less than a page each, they get a page each
   * @param pageSize bytes of a page
   * @return bytes of each CPU, multiples of the page size
   */
  static long[] share(long[] before, long room, int pageSize) {
    int cpus = before.length;
    if (cpus == 0) {
      return new long[0];
    }
    long pages = Math.max(room / pageSize, cpus);
    double total = Arrays.stream(before).sum();
    long equal = total == 0 ? pages / cpus : Math.max(1, pages / EQUAL_PART / cpus);
    long rest = pages - equal * cpus;
    long[] regions = new long[cpus];
    long given = 0;
    int heaviest = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
      long own = total == 0 ? 0 : (long) (rest * (before[cpu] / total));
      own = Math.min(own, rest - given); // rounding must not give more than there is
      given += own;
      regions[cpu] = (equal + own) * pageSize;
      heaviest = before[cpu] > before[heaviest] ? cpu : heaviest;
    }
    regions[heaviest] += (rest - given) * pageSize;
    return regions;
  }
}
