package org.pagewheel.ring;

/**
 * What somebody found out by walking over a page: that with this sequence it is complete, and how
 * many events are on it. Spares others the walk; a memo that was overwritten by an older one costs
 * another walk and nothing else.
 *
 * <pre>
 *  63                                     18  17  16               0
 * +-----------------------------------------+----+-----------------+
 * | sequence (low bits)                     | M  | events          |
 * +-----------------------------------------+----+-----------------+
 *   M  mixed: there are time extends or discarded events, too
 * </pre>
 */
final class MemoWord {
  private static final int LOW_BITS = 18;

  private MemoWord() {}

  /** Events and MIXED, as a walk returns them. */
  static long of(long sequence, int events) {
    return sequence << LOW_BITS | events;
  }

  static boolean isAt(long word, long sequence) {
    return word >>> LOW_BITS == sequence << LOW_BITS >>> LOW_BITS;
  }

  static int events(long word) {
    return (int) word & Records.MIXED - 1;
  }

  static boolean isMixed(long word) {
    return (word & Records.MIXED) != 0;
  }
}
