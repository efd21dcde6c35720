package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CountedPage;
import org.pagewheel.spi.Ring;

/** One CPU of a {@link KeptRing}; guarded by itself. */
final class KeptCpu {
  /** A copy of a page, with what the account needs of it; made before the page is taken. */
  static final class Kept {
    final MemorySegment copy;
    long sequence;
    int firstEntry;
    Kept next;

    /** The events on it, which the ring's account counts as read. */
    long events;

    /**
     * Whether the ring's account counts it as a page read, 1 or 0: not if it is the beginning of a
     * page that was still open.
     */
    long pages;

    Kept(int pageSize) {
      copy = MemorySegment.ofArray(new long[pageSize / Long.BYTES]);
    }

    long bytes() {
      return PageLayout.used(copy);
    }

    Page page(int cpu, MemorySegment memory) {
      return new CountedPage(cpu, sequence, firstEntry, memory, done -> {});
    }
  }

  /** The pages kept, oldest first: linked through themselves, so that adding needs no memory. */
  Kept first;

  Kept last;
  int size;

  /** The events on the pages kept. */
  long events;

  /** What readers have read, including the pages they had from the ring itself. */
  long read;

  long pagesRead;

  /** Whether {@link #read} and {@link #pagesRead} are known. */
  boolean isCounted;

  /** The ring's account at the last query. */
  Counters seen = Counters.ZERO;

  /** Whether {@link #seen} is the ring's last account. */
  boolean isCut;

  /** How many events were given up when it was cut. */
  long lost;

  /** For a look at the page after a copied one. */
  Kept scratch;

  /** The next page, if pages are copied. */
  long from;

  /** What was copied and given to readers, though the ring counts it as unread. */
  long copiesGiven;

  long bytesGiven;

  /** Taken from the ring and not kept yet. */
  Page taken;

  /** The destination of that page, and the ring's account before it was taken. */
  Kept place;

  Counters before;

  /** A kept page that has not been given back yet. */
  Page leaving;

  /** Asks the ring for its account. At the first query no page has been taken from here. */
  Counters ask(Ring ring, int number) {
    Counters now = ring.counters(number);
    if (!isCounted) {
      read = now.read();
      pagesRead = now.pagesRead();
      isCounted = true;
    }
    seen = now;
    return now;
  }

  /** An error leaves the half-done step for the next call; an exception of the backend does not. */
  void giveBack() {
    if (leaving != null) {
      try {
        leaving.release();
      } catch (Throwable thrown) {
        leaving = thrown instanceof VirtualMachineError ? leaving : null;
        throw thrown;
      }
      leaving = null;
    }
  }

  /** Only stores: an error comes before all of them or not at all. */
  void append(Kept kept, Counters after) {
    leaving = taken;
    taken = null;
    place = null;
    seen = after;
    from = kept.sequence + 1;
    if (first == null) {
      first = kept;
    } else {
      last.next = kept;
    }
    last = kept;
    size++;
    events += kept.events;
  }

  void removeFirst(boolean copied) {
    long bytes = copied ? first.bytes() : 0; // the last call: only stores come after it
    bytesGiven += bytes;
    copiesGiven++;
    read += first.events;
    pagesRead += first.pages;
    events -= first.events;
    first = first.next;
    size--;
  }
}
