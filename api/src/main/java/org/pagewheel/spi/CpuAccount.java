package org.pagewheel.spi;

import org.pagewheel.Counter;
import org.pagewheel.Counters;

/**
 * The account of one CPU's ring, for backends: the source of its {@link Counters}. Not thread-safe:
 * guarded by whatever guards the ring.
 *
 * <p>After each change {@code written = read + overrun + unread events}. The fields are public for
 * backends that must change them in one run without a call, see {@link Leftovers}.
 */
public final class CpuAccount {
  /** Events committed. */
  public long written;

  /** Events given to readers. */
  public long read;

  /** Events overwritten, or given up, before they were read. */
  public long overrun;

  /** Events refused because the ring had come round to events still being written. */
  public long commitOverrun;

  /** Events refused because the ring was full. */
  public long dropped;

  /** Events refused because recording was off. */
  public long disabled;

  /** Events refused because no page holds so many bytes. */
  public long tooLong;

  /** Events refused because the ring's clock or CPU number tried to write them. */
  public long recursion;

  /** Events discarded by their writers. */
  public long discarded;

  /** Bytes of records that are unread. */
  public long bytes;

  /** Pages that became full or were closed. */
  public long pagesWritten;

  /** Pages that readers got, or that left without a reader because nothing was unread. */
  public long pagesRead;

  /** Pages overwritten or given up. */
  public long pagesLost;

  /** How much of {@link #overrun} the pages that readers took have reported. */
  public long told;

  /** Makes an empty account. */
  public CpuAccount() {}

  /**
   * Counts an event that gets no room.
   *
   * @param refusal a constant of {@link Refusal}; {@link Refusal#SEALED} is not counted
   * @return the same
   */
  public long refuse(long refusal) {
    switch ((int) refusal) {
      case (int) Refusal.DROPPED -> dropped++;
      case (int) Refusal.COMMIT_OVERRUN -> commitOverrun++;
      case (int) Refusal.DISABLED -> disabled++;
      case (int) Refusal.TOO_LONG -> tooLong++;
      case (int) Refusal.RECURSION -> recursion++;
      default -> {
        if (refusal != Refusal.SEALED) {
          throw new IllegalArgumentException("not a refusal: " + refusal);
        }
      }
    }
    return refusal;
  }

  /**
   * The missed events to report in the next page that is taken.
   *
   * @return lost events that no page has reported yet
   */
  public long untold() {
    return overrun - told;
  }

  /**
   * The counters as they are now.
   *
   * @param oldest the time of the oldest unread event, or {@link Counters#NONE}
   * @return a copy
   */
  public Counters snapshot(long oldest) {
    return Counters.builder()
        .set(Counter.WRITTEN, written)
        .set(Counter.READ, read)
        .set(Counter.OVERRUN, overrun)
        .set(Counter.COMMIT_OVERRUN, commitOverrun)
        .set(Counter.DROPPED, dropped)
        .set(Counter.DISABLED, disabled)
        .set(Counter.TOO_LONG, tooLong)
        .set(Counter.RECURSION, recursion)
        .set(Counter.DISCARDED, discarded)
        .set(Counter.BYTES, bytes)
        .set(Counter.PAGES_WRITTEN, pagesWritten)
        .set(Counter.PAGES_READ, pagesRead)
        .set(Counter.PAGES_LOST, pagesLost)
        .set(Counter.OLDEST, oldest)
        .build();
  }
}
