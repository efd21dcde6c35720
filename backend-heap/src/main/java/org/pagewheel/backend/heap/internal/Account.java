package org.pagewheel.backend.heap.internal;

import org.pagewheel.Counter;
import org.pagewheel.Counters;

/** The counters of one CPU, as {@link Counters} names them. Guarded by the lock of the CPU. */
final class Account {
  long written;
  long read;
  long overrun;
  long commitOverrun;
  long dropped;
  long disabled;
  long tooLong;
  long recursion;
  long discarded;
  long bytes;
  long pagesWritten;
  long pagesRead;
  long pagesLost;

  /** How much of {@link #overrun} readers have been told in the pages they took. */
  long told;

  /** What is to be told in the next page that is taken. */
  long untold() {
    return overrun - told;
  }

  Counters snapshot(long oldest) {
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
