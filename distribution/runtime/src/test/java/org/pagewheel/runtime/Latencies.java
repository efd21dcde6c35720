package org.pagewheel.runtime;

import java.util.Locale;

/** How long something took, in microseconds, with and without the time its thread was not run. */
final class Latencies {
  /** From here on it is asked whether the thread was run. */
  static final long SLOW_NANOS = 20_000;

  private static final int MOST_MICROS = 1_000_000;

  private final long[] counts = new long[MOST_MICROS + 1];
  private long all;
  private long longest;
  private long longestRunning;

  /**
   * Takes note.
   *
   * @param nanos how long it took
   * @param waited how much of it the thread was ready, but another one was run
   */
  void add(long nanos, long waited) {
    long running = Math.max(0, nanos - waited);
    counts[(int) Math.min(MOST_MICROS, running / 1000)]++;
    all++;
    longest = Math.max(longest, nanos);
    longestRunning = Math.max(longestRunning, running);
  }

  void add(Latencies other) {
    for (int i = 0; i <= MOST_MICROS; i++) {
      counts[i] += other.counts[i];
    }
    all += other.all;
    longest = Math.max(longest, other.longest);
    longestRunning = Math.max(longestRunning, other.longestRunning);
  }

  /** No more than this share is longer; rounded up to whole microseconds. */
  long micros(double share) {
    long more = all - (long) Math.ceil(all * share);
    int micros = MOST_MICROS;
    while (micros > 0 && more >= counts[micros]) {
      more -= counts[micros--];
    }
    return micros + 1;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 %d us, p99 %d us, p99.99 %d us, longest %.2f ms; with the time not run %.2f ms",
        micros(0.5),
        micros(0.99),
        micros(0.9999),
        longestRunning / 1e6,
        longest / 1e6);
  }
}
