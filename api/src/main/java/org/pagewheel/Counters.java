package org.pagewheel;

/**
 * The account of one CPU, or of several added up. At any moment at which no writer and no reader is
 * at work:
 *
 * <ul>
 *   <li>{@code written = read + unread + overrun}
 *   <li>{@code attempted = written + dropped + commitOverrun + disabled + tooLong + recursion},
 *       where an attempt is a {@link RingWriter#reserve} that was not answered with {@link
 *       Refusal#SEALED} and not taken back by {@link RingWriter#discard}.
 * </ul>
 *
 * @param written events committed
 * @param read events consumed
 * @param overrun events that were overwritten, or given up with their page, before they were read
 * @param commitOverrun refused: the ring had come round to events still being written
 * @param dropped refused: the ring was full, in mode {@link Mode#DISCARD}
 * @param disabled refused: recording was off
 * @param tooLong refused: longer than the largest event
 * @param recursion refused: the ring's own clock or CPU number tried to write to it
 * @param discarded taken back by the writer; not among the attempts
 * @param bytes unread bytes, with record headers and padding
 * @param pagesWritten pages that the writers have left full or flushed
 * @param pagesRead pages that were consumed
 * @param pagesLost pages that were overwritten, or given up, with unread events
 * @param oldest the time of the oldest unread page, or {@link #NONE}
 */
public record Counters(
    long written,
    long read,
    long overrun,
    long commitOverrun,
    long dropped,
    long disabled,
    long tooLong,
    long recursion,
    long discarded,
    long bytes,
    long pagesWritten,
    long pagesRead,
    long pagesLost,
    long oldest) {

  /** The time of nothing. */
  public static final long NONE = Long.MIN_VALUE;

  /** All zero; nothing is unread. */
  public static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NONE);

  /**
   * The events that can still be read: the kernel's {@code entries}.
   *
   * @return {@code written - read - overrun}
   */
  public long unread() {
    return written - read - overrun;
  }

  /**
   * The events refused, by whatever cause.
   *
   * @return a number of at least 0
   */
  public long refused() {
    return dropped + commitOverrun + disabled + tooLong + recursion;
  }

  /**
   * The sum of two accounts.
   *
   * @param other the account of another CPU or ring
   * @return the sum; {@link #oldest} is the older one
   */
  public Counters plus(Counters other) {
    return new Counters(
        written + other.written,
        read + other.read,
        overrun + other.overrun,
        commitOverrun + other.commitOverrun,
        dropped + other.dropped,
        disabled + other.disabled,
        tooLong + other.tooLong,
        recursion + other.recursion,
        discarded + other.discarded,
        bytes + other.bytes,
        pagesWritten + other.pagesWritten,
        pagesRead + other.pagesRead,
        pagesLost + other.pagesLost,
        oldest == NONE
            ? other.oldest
            : other.oldest == NONE ? oldest : Math.min(oldest, other.oldest));
  }
}
