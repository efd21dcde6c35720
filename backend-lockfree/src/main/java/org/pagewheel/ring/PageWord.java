package org.pagewheel.ring;

/**
 * How far a page is reserved, and the time of the last reserved event: one compare-and-exchange
 * fixes an event's room and its time relative to the event before it, so that no second word can
 * disagree.
 *
 * <pre>
 *  63 62                                     p p-1                   2 1     0
 * +--+----------------------------------------+-----------------------+-------+
 * |0 | nanoseconds from the page's time       | reserved bytes / 4    | state |   OPEN, CLOSED
 * +--+----------------------------------------+-----------------------+-------+
 * | sequence for which the page was emptied                           | state |   EMPTIED
 * +-------------------------------------------------------------------+-------+
 *   p = log2(page size): a page lasts 26 days at 4 KiB, 2.4 hours at 1 MiB; then the next begins
 * </pre>
 *
 * <p>Transitions, each of one page's life: EMPTIED to OPEN when the current word has reached its
 * sequence; OPEN to OPEN by a reserve; OPEN (or, by a seal, EMPTIED) to CLOSED; CLOSED to EMPTIED
 * by the thread that alone owns the page. An open page is always the current one, so a word that is
 * OPEN needs no sequence.
 */
final class PageWord {
  static final long OPEN = 0;
  static final long CLOSED = 1;
  static final long EMPTIED = 2;

  private static final long STATE = 3;

  /** A reserve adds {@code delta << timeShift} and its bytes. */
  final int timeShift;

  final int usedMask;

  PageWord(int pageSize) {
    timeShift = Integer.numberOfTrailingZeros(pageSize);
    usedMask = pageSize - 1 & (int) ~STATE;
  }

  static long emptied(long sequence) {
    return sequence << 2 | EMPTIED;
  }

  static long state(long word) {
    return word & STATE;
  }

  static boolean isOpen(long word) {
    return (word & STATE) == OPEN;
  }

  static long closed(long word) {
    return word | CLOSED;
  }

  /** Bytes of records that are reserved. */
  int used(long word) {
    return (int) word & usedMask;
  }

  /** The time of the last reserved event, counted from the page's time. */
  long time(long word) {
    return word >>> timeShift;
  }
}
