package org.pagewheel.ring;

/**
 * How many events were overwritten, and up to which sequence that is counted: whoever turns to the
 * next page adds what was lost with the page that gives way, and the tag lets that happen once.
 *
 * <pre>
 *  63                46 45                                              0
 * +--------------------+-------------------------------------------------+
 * | sequence (low)     | events lost, modulo 2^46                        |
 * +--------------------+-------------------------------------------------+
 * </pre>
 */
final class LossWord {
  static final int COUNT_BITS = 46;

  private static final long COUNT = (1L << COUNT_BITS) - 1;

  private LossWord() {}

  static long of(long sequence, long count) {
    return sequence << COUNT_BITS | count & COUNT;
  }

  static boolean isAt(long word, long sequence) {
    return word >>> COUNT_BITS == sequence << COUNT_BITS >>> COUNT_BITS;
  }

  static long count(long word) {
    return word & COUNT;
  }
}
