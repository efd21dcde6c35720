package org.pagewheel.ring;

/**
 * What is in a slot of the ring: the word for which writers that need the room and a reader that
 * wants the page compete by compare-and-exchange.
 *
 * <pre>
 *  63                       c+19 c+18             c+3 c+2   c  c-1            0
 * +-----------------------------+--------------------+-------+-----------------+
 * | sequence (low bits)         | page frame         | state | count           |
 * +-----------------------------+--------------------+-------+-----------------+
 *   c = log2(page size) - 3: there are fewer events on a page
 *
 *  LIVE    the page with this sequence      count: events of it that were read already
 *  PARKED  an older page with events still  count: the same
 *          being written, stepped over
 *  BUSY    a page that one thread empties   count: events lost with it
 *  FREE    an empty page for the next lap   count: events lost with the page emptied
 * </pre>
 *
 * <p>The sequence makes each word of a slot occur once in 2<sup>36</sup> pages of 4 KiB (3 days at
 * 40 ns an event), 2<sup>28</sup> of 1 MiB. So it is compared with sequences near it alone, those
 * of the laps before and after the current page, never with a remembered one.
 */
final class SlotWord {
  static final int LIVE = 0;
  static final int PARKED = 1;
  static final int BUSY = 2;
  static final int FREE = 3;

  private static final int STATE_BITS = 3;
  private static final int PAGE_BITS = 16;

  private final int stateShift;
  private final int pageShift;
  private final int sequenceShift;
  private final long countMask;
  private final long sequenceMask;

  /**
   * For pages of a size.
   *
   * @param sequenceBits how many bits of the sequence are kept; or as many as fit, if fewer
   */
  SlotWord(int pageSize, int sequenceBits) {
    stateShift = Integer.numberOfTrailingZeros(pageSize) - 3;
    pageShift = stateShift + STATE_BITS;
    sequenceShift = pageShift + PAGE_BITS;
    countMask = (1L << stateShift) - 1;
    sequenceMask = -1L >>> Math.max(sequenceShift, Long.SIZE - sequenceBits);
  }

  long of(long sequence, int page, int state, int count) {
    return (sequence & sequenceMask) << sequenceShift
        | (long) page << pageShift
        | (long) state << stateShift
        | count;
  }

  /** The same slot at a later sequence, in another state. */
  long moved(long word, long sequence, int state) {
    return of(sequence, page(word), state, count(word));
  }

  int page(long word) {
    return (int) (word >>> pageShift) & (1 << PAGE_BITS) - 1;
  }

  int state(long word) {
    return (int) (word >>> stateShift) & (1 << STATE_BITS) - 1;
  }

  int count(long word) {
    return (int) (word & countMask);
  }

  /** By how many sequences the slot is behind a sequence; 0 if it is at it. */
  long behind(long word, long sequence) {
    return sequence - (word >>> sequenceShift) & sequenceMask;
  }

  /** By how many sequences the slot is ahead of a sequence; 0 if it is at it. */
  long ahead(long word, long sequence) {
    return (word >>> sequenceShift) - sequence & sequenceMask;
  }

  boolean isAt(long word, long sequence) {
    return behind(word, sequence) == 0;
  }
}
