package org.pagewheel;

import java.util.function.LongSupplier;

/**
 * A counter and a clock in one moment: between two readings of the counter lies one of the clock.
 *
 * @param count the counter, in the middle
 * @param mono the clock
 * @param width counts between the two readings; the moment is known to within half of that
 */
record CounterSample(long count, long mono, long width) {
  /**
   * The narrowest of some, so that an interruption between the readings does no harm.
   *
   * @param tries how many
   */
  static CounterSample take(LongSupplier counter, LongSupplier mono, int tries) {
    CounterSample best = null;
    long before = counter.getAsLong();
    for (int i = 0; i < tries; i++) {
      long time = mono.getAsLong();
      long after = counter.getAsLong();
      long width = after - before;
      if (best == null || width < best.width) {
        best = new CounterSample(before + (width >> 1), time, width);
      }
      before = after;
    }
    return best;
  }
}
