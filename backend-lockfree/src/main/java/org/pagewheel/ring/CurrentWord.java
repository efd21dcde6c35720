package org.pagewheel.ring;

/**
 * Which page of a CPU is being written. Only ever moved on by compare-and-exchange, one sequence at
 * a time.
 *
 * <pre>
 *  63                                      18 17              2  1   0
 * +------------------------------------------+-----------------+---+---+
 * | sequence                                 | page frame      | B | S |
 * +------------------------------------------+-----------------+---+---+
 *   page frame: the number of frames if the sequence was stepped over
 *   B  broken: an invariant did not hold, the CPU's ring takes no more events
 *   S  sealed: the word never changes again, but for B
 * </pre>
 *
 * <p>46 bits of sequence last for ten years at a page of 100 events in 4.5 µs; then the CPU's ring
 * is disabled.
 */
final class CurrentWord {
  static final long SEALED = 1;
  static final long BROKEN = 2;
  static final long FLAGS = SEALED | BROKEN;
  static final int MAX_PAGES = 1 << 16;
  static final long LAST_SEQUENCE = -1L >>> 18;

  private static final int PAGE_SHIFT = 2;
  private static final int SEQUENCE_SHIFT = 18;

  private CurrentWord() {}

  static long of(long sequence, int page) {
    return sequence << SEQUENCE_SHIFT | (long) page << PAGE_SHIFT;
  }

  static long sequence(long word) {
    return word >>> SEQUENCE_SHIFT;
  }

  static int page(long word) {
    return (int) (word >>> PAGE_SHIFT) & MAX_PAGES - 1;
  }
}
