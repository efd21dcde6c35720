package org.pagewheel.ring;

/**
 * How many events were overwritten, and up to which sequence that is counted: whoever turns to the
 * next page adds what was lost with the page that gives way, and the tag lets that happen once.
 *
 * <pre>
 *  63                                              c  c-1                0
 * +--------------------------------------------------+--------------------+
 * | sequence (low bits)                              | events, modulo 2^c |
 * +--------------------------------------------------+--------------------+
 *   c = 20
 * </pre>
 *
 * <p>The tag must not come round while a thread stands still: 44 bits of it take years. So the
 * count is short, and comes round in a second. A second word, {@link RingLayout#LOSS_HALVES}, says
 * how many halves of the count's range are full. It may be one behind, for it is written after this
 * one; the highest bit of the count says whether it is, since a page has fewer events than a half.
 * Nobody counts further before it is right, so it is never more than one behind, even if the thread
 * that was to write it has died.
 */
final class LossWord {
  /** Half of the range is more than four pages of 1 MiB have events. */
  static final int COUNT_BITS = 20;

  private static final LossWord USUAL = new LossWord(COUNT_BITS);

  private final int countBits;
  private final long countMask;

  LossWord(int countBits) {
    this.countBits = countBits;
    this.countMask = (1L << countBits) - 1;
  }

  /** A word of the usual width. */
  static long of(long sequence, long count) {
    return USUAL.word(sequence, count);
  }

  long word(long sequence, long count) {
    return sequence << countBits | count & countMask;
  }

  /** The word for a sequence, with so many events more than another. */
  long plus(long word, long sequence, int events) {
    return word(sequence, count(word) + events);
  }

  boolean isAt(long word, long sequence) {
    return word >>> countBits == sequence << countBits >>> countBits;
  }

  private long count(long word) {
    return word & countMask;
  }

  /** Whether the count of full halves, read while the word was this, is one behind. */
  boolean isBehind(long halves, long word) {
    return (halves & 1) != count(word) >>> countBits - 1;
  }

  /** All events lost; the count of full halves was read while the word was this. */
  long total(long halves, long word) {
    long full = isBehind(halves, word) ? halves + 1 : halves;
    return (full << countBits - 1) + (count(word) & countMask >>> 1);
  }
}
