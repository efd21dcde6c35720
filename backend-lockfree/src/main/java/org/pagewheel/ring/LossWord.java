package org.pagewheel.ring;

/**
 * How many events were overwritten, and up to which sequence they are counted: the thread that
 * turns to the next page adds what was lost with the page that gives way, and the tag lets that
 * happen once.
 *
 * <pre>
 *  63                                              c  c-1                0
 * +--------------------------------------------------+--------------------+
 * | sequence (low bits)                              | events, modulo 2^c |
 * +--------------------------------------------------+--------------------+
 *   c = 20
 * </pre>
 *
 * <p>The tag must not wrap round while a thread stands still: its 44 bits take years. So the count
 * is short, and wraps in a second. A second word, {@link RingLayout#LOSS_HALVES}, says how many
 * halves of the count's range are full. It may lag by one, for it is written after this word; the
 * highest bit of the count says whether it does, since a page has fewer events than a half. No
 * thread counts further before it is right, so it never lags by more than one, even if the thread
 * that was to write it has died.
 */
final class LossWord {
  /** Half of the range is more than the events of four pages of 1 MiB. */
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

  /** The word for a sequence, with more events than another word. */
  long plus(long word, long sequence, int events) {
    return word(sequence, count(word) + events);
  }

  boolean isAt(long word, long sequence) {
    return word >>> countBits == sequence << countBits >>> countBits;
  }

  private long count(long word) {
    return word & countMask;
  }

  /** Whether the count of full halves, read while this was the word, lags by one. */
  boolean isBehind(long halves, long word) {
    return (halves & 1) != count(word) >>> countBits - 1;
  }

  /** All events lost; the count of full halves was read while this was the word. */
  long total(long halves, long word) {
    long full = isBehind(halves, word) ? halves + 1 : halves;
    return (full << countBits - 1) + (count(word) & countMask >>> 1);
  }
}
