package org.pagewheel.backend.heap.internal;

import org.pagewheel.backend.heap.internal.Frame.State;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingConfig;

/** The ring of one CPU: the writer's side. {@link CpuReader} is the other. */
final class CpuRing extends CpuState {
  // How it works
  //
  // The stream is a row of pages, oldest first; the last one is the tail, which is being written.
  // One lock guards everything, held for two short sections per event: reserve (read the clock,
  // find the room, write the record's header) and commit or discard (count). In between the writer
  // fills the payload without the lock, for as long as it likes: a thread descheduled there stops
  // nobody.
  //
  // The clock is read with the lock held, and an event gets the later of that time and the last
  // event's, so times never run backwards; the room is taken in the same section, so the order of
  // times is the order of records.
  //
  // A page that the tail has left is complete when no reservation is open in it. Invariants:
  //
  // I1  A page with an open reservation is never written again: its frame does not become free.
  // I2  The events of a CPU are delivered in the order of reservation. So a page that is not
  //     complete holds back those after it (its committed beginning can be copied out); in mode
  //     DISCARD until its open reservations are old, see CpuReader.
  // I3  written = read + overrun + unread events of the pages in the stream, after every section.
  // I4  overrun = losses reported to takers of pages + losses that the next page will report.
  //
  // When the tail needs a page and the stream already has its maximum (I5: those given up with open
  // reservations, "parked", count as well), then
  //
  // * in mode OVERWRITE the oldest page without an open reservation is overwritten. All pages
  //   before it have open reservations; they have held back the reader until now and are given up
  //   with it: they leave the stream and are parked, and their unread events count as overrun. When
  //   every page has open reservations, the event is refused as commit overrun and nothing is given
  //   up.
  // * in mode DISCARD the event is refused, and nothing recorded is given up: dropped if
  //   the oldest page only waits to be read, commit overrun if it has an open reservation.
  //
  // A reservation in a parked page is finished like any other: the event is written and overrun at
  // once. With the last one the frame becomes free and the ring has its full size again. So a
  // thread stopped for ever between reserve and commit costs, in mode OVERWRITE, one page of the
  // ring and the events that were unread in that page when the ring came round to it; in mode
  // DISCARD, one page of the ring and its event, if that is committed after all. With one page
  // left, or no reader, it costs whatever comes once the pages after it are full, until the thread
  // goes on.
  //
  // An error of the JVM, a full stack or a full heap, can come out of any call and any allocation.
  // It goes on to the caller, and I6: then either nothing has happened, or one of the moves that a
  // method consists of: a tail was closed, pages were given up. So inside the lock everything is
  // first looked up, made, and written beyond what counts; the state changes after that by a run of
  // plain stores, here or in a move of Pages; and a plain store releases the lock. Notifications
  // for readers are kept until a thread can deliver them.
  //
  // Rejected: holding the lock from reserve to commit (a descheduled writer stops all others);
  // keeping a parked page's events for later (they could only come out of order); overwriting the
  // oldest page with the late writer still in it (torn events).

  /** The number of a page in a reservation: enough to distinguish two that had the same frame. */
  private static final int GENERATION_BITS = Reservation.OWN_BITS - HeapRing.CPU_BITS - 1;

  private static final int GENERATION_MASK = (1 << GENERATION_BITS) - 1;
  private static final long LONGEST_EXTEND = (1L << RecordLayout.STAMP_BITS) - 1;

  CpuRing(HeapRing ring, RingConfig config, int cpu) {
    super(ring, config, cpu);
  }

  // ---- reserve

  long reserve(int length) {
    long answer;
    boolean entered = lock.enter();
    try {
      answer = tryReserve(length);
    } catch (VirtualMachineError full) {
      throw full;
    } catch (Throwable broken) {
      breakDown(broken);
      account.disabled++;
      answer = Refusal.DISABLED;
    } finally {
      if (entered) {
        try {
          lock.leave();
        } catch (Throwable full) {
          lock.owner = 0;
        }
      }
    }
    if (due && entered) {
      try {
        tell();
      } catch (Throwable full) {
        due = !(full instanceof OutOfMemoryError); // this one has its room
      }
    }
    return answer;
  }

  private long tryReserve(int length) {
    if (sealed) {
      return Refusal.SEALED;
    }
    if (fault != null || !on) {
      account.disabled++;
      return Refusal.DISABLED;
    }
    if (length > maxEventSize) {
      account.tooLong++;
      return Refusal.TOO_LONG;
    }
    long now = clock.now();
    return sealed ? Refusal.SEALED : append(Math.max(now, lastTime), length);
  }

  /** The ring's own clock or CPU number has called reserve. */
  long refuseRecursion() {
    boolean entered = lock.enter();
    boolean counted = !sealed; // an account taken after a seal is final
    account.recursion += counted ? 1 : 0;
    if (entered) {
      lock.owner = 0;
    }
    return counted ? Refusal.RECURSION : Refusal.SEALED;
  }

  private long append(long time, int length) {
    int size = RecordLayout.size(length);
    Frame page = tail;
    long delta = 0;
    if (page != null && page.used > 0) {
      delta = time - page.time;
      int extended = delta > RecordLayout.MAX_DELTA ? size + RecordLayout.EXTEND_SIZE : size;
      if (!PageLayout.fits(pageSize, page.used, extended) || delta < 0 || delta > LONGEST_EXTEND) {
        page = null;
      }
    }
    if (page == null) {
      long refusal = openPage(time);
      if (refusal < 0) {
        return refusal;
      }
      page = tail;
      delta = 0;
    }
    if (page.used == 0) {
      PageEncoder.open(memory, page.base, time);
    }
    return put(page, time, delta, length, size);
  }

  private long put(Frame page, long time, long delta, int length, int size) {
    int at = PageLayout.DATA + page.used;
    int used = page.used + size;
    int rest = (int) delta;
    if (delta > RecordLayout.MAX_DELTA) {
      at = PageEncoder.putExtend(memory, page.base, at, delta);
      used += RecordLayout.EXTEND_SIZE;
      rest = 0;
    }
    int payload = PageEncoder.putData(memory, page.base, at, rest, length);
    int big = payload - at == RecordLayout.WORD ? 0 : 1;
    int generation = (int) page.sequence & GENERATION_MASK;
    int own = (generation << 1 | big) << HeapRing.CPU_BITS | cpu;
    long reservation = Reservation.of(own, page.base + payload);
    long bit = Pages.bit(page, at);
    // From here on nothing is called and nothing is made.
    pages.uncommitted[(int) (bit / Long.SIZE)] |= 1L << bit;
    account.bytes += used - page.used;
    if (page.used == 0) {
      page.readTime = time;
    }
    page.used = used;
    page.time = time;
    lastTime = time;
    page.open++;
    open++;
    return reservation;
  }

  /** Makes a new tail, or returns the refusal and counts it. */
  private long openPage(long time) {
    if (pages == null && !makePages(time)) {
      account.disabled++;
      return Refusal.DISABLED;
    }
    closeTail();
    dropConsumed();
    if (!pages.hasRoom()) {
      Frame oldest = pages.first();
      if (!overwrites && oldest != null && oldest.open == 0) {
        account.dropped++;
        return Refusal.DROPPED;
      }
      if (!overwrites || !overwriteOldest()) {
        account.commitOverrun++;
        return Refusal.COMMIT_OVERRUN;
      }
    }
    tail = pages.addLast();
    return 0;
  }

  private boolean overwriteOldest() {
    int place = 0;
    while (place < pages.inStream() && pages.get(place).open > 0) {
      place++;
    }
    if (place == pages.inStream()) {
      return false;
    }
    if (place > 0) {
      changes++;
      wakeDue = true; // those after the parked ones can then be taken
      due = true;
    }
    for (; place >= 0; place--) {
      pages.giveUpFirst(account);
    }
    return true;
  }

  // ---- commit and discard

  void commit(long reservation) {
    finish(reservation, true);
  }

  void discard(long reservation) {
    finish(reservation, false);
  }

  private void finish(long reservation, boolean commits) {
    boolean known = true;
    boolean entered = lock.enter();
    try {
      known = tryFinish(reservation, commits);
    } catch (VirtualMachineError full) {
      throw full;
    } catch (Throwable broken) {
      breakDown(broken);
    } finally {
      if (entered) {
        try {
          lock.leave();
        } catch (Throwable full) {
          lock.owner = 0;
        }
      }
    }
    if (due && entered) {
      try {
        tell();
      } catch (Throwable full) {
        due = !(full instanceof OutOfMemoryError); // this one is finished
      }
    }
    if (!known) {
      throw new IllegalStateException(
          "the reservation at offset "
              + Reservation.offset(reservation)
              + " of CPU "
              + cpu
              + " was committed or discarded already");
    }
  }

  /** Returns false, having changed nothing, if there is no such reservation. */
  private boolean tryFinish(long reservation, boolean commits) {
    int own = Reservation.own(reservation) >>> HeapRing.CPU_BITS;
    long offset = Reservation.offset(reservation);
    Frame page = pages == null ? null : pages.frameAt(offset);
    if (page == null || ((int) page.sequence & GENERATION_MASK) != own >>> 1) {
      return false;
    }
    int header = (own & 1) == 0 ? RecordLayout.WORD : 2 * RecordLayout.WORD;
    int at = (int) (offset - page.base) - header;
    if (at < PageLayout.DATA) {
      return false;
    }
    long bit = Pages.bit(page, at);
    long[] marks = pages.uncommitted;
    int mark = (int) (bit / Long.SIZE);
    if ((marks[mark] & 1L << bit) == 0) {
      return false;
    }
    int delta = commits ? 0 : takeBack(page, at);
    // From here on nothing is called and nothing is made.
    marks[mark] &= ~(1L << bit);
    page.open--;
    open--;
    changes++;
    if (commits) {
      account.written++;
      page.committed++;
      if (page.state == State.PARKED) {
        account.overrun++;
      }
    } else {
      account.discarded++;
      if (delta >= 0) {
        account.bytes -= PageLayout.DATA + page.used - at;
        page.used = at - PageLayout.DATA; // a time extend before it stays, for the next event
        page.time -= delta;
      } else {
        page.discards = true;
      }
    }
    if (page.open == 0) {
      if (page.state == State.PARKED) {
        page.state = State.FREE;
        pages.parked--;
        pages.free[pages.freeCount++] = page;
      } else if (page.state == State.CLOSED) {
        pages.incomplete--;
        wakeDue = true;
        due = true;
      }
    }
    if (closed && open == 0 && pages.held == 0) {
      pages = null;
      memory = null;
      tail = null;
    }
    return true;
  }

  /**
   * If the record is the last of the tail, removes it and returns its delta. Any other becomes a
   * record that readers skip, unless an earlier attempt did that: returns −1.
   */
  private int takeBack(Frame page, int at) {
    int word = memory.get(PageLayout.INT, page.base + at);
    int type = RecordLayout.type(word);
    int length =
        type == 0 || type == RecordLayout.PADDING
            ? memory.get(PageLayout.INT, page.base + at + RecordLayout.WORD)
            : type * RecordLayout.WORD;
    int end = PageLayout.DATA + page.used;
    if (page == tail && at + RecordLayout.WORD + length == end) {
      return RecordLayout.delta(word);
    }
    if (type != RecordLayout.PADDING) {
      PageEncoder.discard(memory, page.base, at);
    }
    return -1;
  }
}
