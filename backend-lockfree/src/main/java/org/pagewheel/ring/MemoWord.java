package org.pagewheel.ring;

/**
 * The result of a walk over a page: that with this sequence it is complete, and how many events it
 * has. Saves other threads the walk; a memo overwritten by an older one costs another walk and
 * nothing else.
 *
 * <pre>
 *  63                                     18  17  16               0
 * +-----------------------------------------+----+-----------------+
 * | sequence (low bits)                     | M  | events          |
 * +-----------------------------------------+----+-----------------+
 *   M  mixed: there are also time extends or discarded events
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
