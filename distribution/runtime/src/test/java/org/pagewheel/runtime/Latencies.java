package org.pagewheel.runtime;

import java.util.Locale;

/** How long something took, in microseconds, with and without the time its thread did not run. */
final class Latencies {
  /** From here on it is asked whether the thread ran. */
  static final long SLOW_NANOS = 20_000;

  private static final int MAX_MICROS = 1_000_000;

  private final long[] counts = new long[MAX_MICROS + 1];
  private final long[] whole = new long[MAX_MICROS + 1];
  private long all;
  private long longest;
  private long longestRunning;

  /**
   * Takes note.
   *
   * @param nanos how long it took
   * @param running in how much of it the thread ran
   */
  void add(long nanos, long running) {
    counts[(int) Math.min(MAX_MICROS, running / 1000)]++;
    whole[(int) Math.min(MAX_MICROS, nanos / 1000)]++;
    all++;
    longest = Math.max(longest, nanos);
    longestRunning = Math.max(longestRunning, running);
  }

  void add(Latencies other) {
    for (int i = 0; i <= MAX_MICROS; i++) {
      counts[i] += other.counts[i];
      whole[i] += other.whole[i];
    }
    all += other.all;
    longest = Math.max(longest, other.longest);
    longestRunning = Math.max(longestRunning, other.longestRunning);
  }

  /** No more than this share ran longer; rounded up to whole microseconds. */
  long micros(double share) {
    return micros(counts, share);
  }

  private long micros(long[] of, double share) {
    long more = all - (long) Math.ceil(all * share);
    int micros = MAX_MICROS;
    while (micros > 0 && more >= of[micros]) {
      more -= of[micros--];
    }
    return micros + 1;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "running: p50 %d us, p99 %d us, p99.99 %d us, longest %.2f ms;"
            + " with the time not run: p99.99 %d us, longest %.2f ms",
        micros(counts, 0.5),
        micros(counts, 0.99),
        micros(counts, 0.9999),
        longestRunning / 1e6,
        micros(whole, 0.9999),
        longest / 1e6);
  }
}
