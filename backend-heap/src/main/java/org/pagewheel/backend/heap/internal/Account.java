package org.pagewheel.backend.heap.internal;

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
    return new Counters(
        written,
        read,
        overrun,
        commitOverrun,
        dropped,
        disabled,
        tooLong,
        recursion,
        discarded,
        bytes,
        pagesWritten,
        pagesRead,
        pagesLost,
        oldest);
  }
}
