package org.pagewheel.tck.reference;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.CountedPage;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingConfig;

/** The ring of one CPU. One thread at a time: the object is its own lock. */
final class SimpleCpu {
  /*
   * A page is in exactly one place:
   *
   *     free ──open──> ring (oldest first, the last is being written)
   *      ^ ^ ^          │ │ │
   *      │ │ └─ empty ──┘ │ └── given up with an event still being written ──> parked
   *      │ └─ release ─ held by a reader <── take                                 │
   *      └──────────────────────── last commit ───────────────────────────────────┘
   *
   * I1  ring + parked <= pages, and held <= SPARES; as there are pages + SPARES pages in all, a
   *     page is free whenever the writer may open one or the reader may take one.
   * I2  Times: lastTime only rises; the last page's records end at lastTime.
   * I3  written = read + overrun + the unread events of the pages in the ring.
   *
   * A page is given up at the oldest end only, so all that was ever lost lies before the oldest
   * page in the ring: what is lost and not told yet is told with the next page that is taken.
   */

  /** How many pages readers may hold at once. */
  private static final int SPARES = 4;

  private final RingConfig config;
  private final int cpu;
  private final int pages;
  private final int pageSize;
  private final PageCursor cursor;

  private final ArrayDeque<SimplePage> free = new ArrayDeque<>();
  private final ArrayDeque<SimplePage> ring = new ArrayDeque<>();
  private SimplePage[] all;
  private MemorySegment memory;
  private int held;
  private int parked;
  private int pending;
  private long nextSequence;
  private long lastTime = Long.MIN_VALUE;
  private boolean sealed;
  private boolean closed;
  private boolean broken;

  private final long[] refused = new long[(int) -Refusal.SEALED];
  private long written;
  private long read;
  private long overrun;
  private long overrunTold;
  private long discarded;
  private long pagesWritten;
  private long pagesRead;
  private long pagesLost;

  SimpleCpu(RingConfig config, int cpu) {
    this.config = config;
    this.cpu = cpu;
    this.pages = config.buffer().pages();
    this.pageSize = config.buffer().pageSize();
    this.cursor = new PageCursor(PageFormat.of(pageSize));
  }

  static int cpu(int own) {
    return own >> 2;
  }

  private static int own(int cpu, int extend, int header) {
    return cpu << 2 | extend / RecordLayout.EXTEND_SIZE << 1 | header / RecordLayout.WORD - 1;
  }

  private static int extendSize(int own) {
    return (own >> 1 & 1) * RecordLayout.EXTEND_SIZE;
  }

  private static int headerSize(int own) {
    return ((own & 1) + 1) * RecordLayout.WORD;
  }

  MemorySegment memory() {
    return memory; // set before the first reservation was given out, and not changed while one is
  }

  synchronized long refuse(long cause) {
    return sealed ? Refusal.SEALED : counted(cause);
  }

  private long counted(long cause) {
    refused[(int) -cause]++;
    return cause;
  }

  synchronized long reserve(int length) {
    if (sealed) {
      return Refusal.SEALED;
    }
    if (broken) {
      return counted(Refusal.DISABLED);
    }
    return place(Math.max(length, 1), Math.max(config.buffer().clock().now(), lastTime));
  }

  private long place(int length, long time) {
    int size = RecordLayout.size(length);
    SimplePage page = ring.peekLast();
    int extend = page == null ? 0 : extendSize(time);
    if (page == null || page.closed || !PageLayout.fits(pageSize, page.used, extend + size)) {
      close(page);
      long refusal = makeRoom();
      if (refusal < 0) {
        return counted(refusal);
      }
      page = open(time);
      extend = 0;
    }
    int start = PageLayout.DATA + page.used;
    int delta = page.used == 0 ? 0 : (int) (time - lastTime);
    if (extend != 0) {
      PageEncoder.putExtend(memory, page.base, start, time - lastTime);
      delta = 0;
    }
    int payload = PageEncoder.putData(memory, page.base, start + extend, delta, length);
    lastTime = time;
    page.used += extend + size;
    page.reserve(start);
    pending++;
    return Reservation.of(own(cpu, extend, payload - start - extend), page.base + payload);
  }

  private int extendSize(long time) {
    return time - lastTime > RecordLayout.MAX_DELTA ? RecordLayout.EXTEND_SIZE : 0;
  }

  private void close(SimplePage page) {
    if (page != null && !page.closed) {
      page.closed = true;
      pagesWritten++;
      wakeReaders(page);
    }
  }

  /** Makes it possible to open a page; returns 0 or a refusal. */
  private long makeRoom() {
    dropEmpty();
    if (ring.size() + parked < pages) {
      return 0;
    }
    if (config.buffer().mode() == Mode.DISCARD) {
      return Refusal.DROPPED;
    }
    for (SimplePage page : ring) {
      if (page.pending == 0) {
        while (!giveUpOldest()) {
          // that one is parked and gave no room
        }
        return 0;
      }
    }
    return Refusal.COMMIT_OVERRUN;
  }

  private boolean giveUpOldest() {
    SimplePage page = ring.removeFirst();
    overrun += page.unread();
    pagesLost++;
    if (page.pending == 0) {
      free.addLast(page);
      return true;
    }
    page.parked = true;
    parked++;
    return false;
  }

  /** Pages in which nothing is left to read go without a reader. */
  private void dropEmpty() {
    while (!ring.isEmpty() && ring.peekFirst().isComplete() && ring.peekFirst().unread() == 0) {
      free.addLast(ring.removeFirst());
      pagesRead++;
    }
  }

  private SimplePage open(long time) {
    if (memory == null) {
      allocate();
    }
    SimplePage page = free.removeFirst();
    page.reset(nextSequence++);
    PageEncoder.open(memory, page.base, time);
    ring.addLast(page);
    return page;
  }

  private void allocate() {
    all = new SimplePage[pages + SPARES];
    for (int i = 0; i < all.length; i++) {
      all[i] = new SimplePage((long) i * pageSize, pageSize);
      free.addLast(all[i]);
    }
    memory = MemorySegment.ofArray(new long[all.length * (pageSize / Long.BYTES)]);
  }

  synchronized void settle(long reservation, boolean discard) {
    long payload = Reservation.offset(reservation);
    int own = Reservation.own(reservation);
    SimplePage page = all[(int) (payload / pageSize)];
    int record = (int) (payload - page.base) - headerSize(own);
    page.settle(record - extendSize(own));
    pending--;
    if (discard) {
      PageEncoder.discard(memory, page.base, record);
      page.discards = true;
      discarded++;
    } else {
      page.entries++;
      written++;
      overrun += page.parked ? 1 : 0;
    }
    if (page.parked && page.pending == 0) {
      parked--;
      free.addLast(page);
    } else {
      wakeReaders(page);
    }
    forgetIfIdle();
  }

  synchronized Page take(boolean open) {
    dropEmpty();
    SimplePage page = ring.peekFirst();
    if (page == null || closed || held == SPARES) {
      return null;
    }
    if (!page.isComplete()) {
      return open ? takePrefix(page) : null;
    }
    ring.removeFirst();
    pagesRead++;
    return handOut(page, page, page.used, page.unread());
  }

  private Page takePrefix(SimplePage page) {
    int bytes = page.committedBytes();
    int unread = count(page, bytes) - page.entriesRead;
    if (unread <= 0) {
      return null;
    }
    SimplePage copy = free.removeFirst();
    MemorySegment.copy(memory, page.base, memory, copy.base, pageSize);
    Page result = handOut(page, copy, bytes, unread);
    page.entriesRead += unread;
    page.bytesRead = bytes;
    return result;
  }

  /**
   * Finishes the page in {@code place}, which is {@code page} or a copy, and gives it to a reader.
   */
  private Page handOut(SimplePage page, SimplePage place, int bytes, int unread) {
    MemorySegment bytesOfPage = memory.asSlice(place.base, pageSize);
    finish(page, bytesOfPage, bytes, overrun - overrunTold);
    overrunTold = overrun;
    read += unread;
    held++;
    return new CountedPage(
        cpu, page.sequence, page.entriesRead, bytesOfPage, done -> release(place));
  }

  private synchronized void release(SimplePage place) {
    held--;
    free.addLast(place);
    forgetIfIdle();
  }

  synchronized Page copy(long from, MemorySegment into) {
    if (closed) {
      return null;
    }
    boolean oldest = true;
    for (SimplePage page : ring) {
      int bytes = page.committedBytes();
      int unread = count(page, bytes) - page.entriesRead;
      if (unread > 0 && page.sequence >= from) {
        MemorySegment.copy(memory, page.base, into, 0, pageSize);
        finish(page, into, bytes, oldest ? overrun - overrunTold : 0);
        return new CountedPage(cpu, page.sequence, page.entriesRead, into, done -> {});
      }
      if (page.pending > 0) {
        return null; // what comes after an event that is still being written waits for it
      }
      oldest &= unread <= 0;
    }
    return null;
  }

  /** How many events there are in the first bytes of a page. */
  private int count(SimplePage page, int bytes) {
    MemorySegment bytesOfPage = memory.asSlice(page.base, pageSize);
    try {
      PageEncoder.setMissed(memory, page.base, pageSize, bytes, 0);
      return cursor.count(bytesOfPage);
    } catch (DamagedPageException e) {
      return damaged(e);
    }
  }

  /** Makes bytes that are no longer written a page to be handed on, without what was read of it. */
  private void finish(SimplePage page, MemorySegment bytesOfPage, int bytes, long missed) {
    int left = bytes;
    try {
      if (page.entriesRead > 0) {
        PageEncoder.setMissed(bytesOfPage, 0, pageSize, bytes, 0);
        cursor.reset(bytesOfPage);
        for (int i = 0; i <= page.entriesRead; i++) {
          cursor.next();
        }
        int end = PageLayout.DATA + bytes;
        left = PageEncoder.keepFrom(bytesOfPage, 0, cursor.recordOffset(), end, cursor.time());
      }
    } catch (DamagedPageException e) {
      left = damaged(e);
    }
    try {
      PageEncoder.finish(bytesOfPage, 0, pageSize, left, missed, page.discards);
    } catch (IllegalStateException e) {
      damaged(e); // its reader will meet the damage
    }
  }

  /** Something wrote where it must not: this CPU records no more, the application goes on. */
  private int damaged(Exception e) {
    if (!broken) {
      broken = true;
      config.fault().accept("CPU " + cpu + " is disabled: " + e.getMessage());
    }
    return 0;
  }

  synchronized void flush() {
    if (!ring.isEmpty() && ring.peekLast().used > 0) {
      close(ring.peekLast());
    }
  }

  synchronized int unreadPages() {
    return (int) ring.stream().filter(page -> page.isComplete() && page.unread() > 0).count();
  }

  synchronized Counters counters() {
    long bytes = 0;
    long oldest = Counters.NONE;
    for (SimplePage page : ring) {
      if (page.unread() > 0) {
        bytes += page.used - page.bytesRead;
        if (oldest == Counters.NONE) {
          oldest = memory.get(PageLayout.LONG, page.base + PageLayout.TIME);
        }
      }
    }
    return Counters.builder()
        .set(Counter.WRITTEN, written)
        .set(Counter.READ, read)
        .set(Counter.OVERRUN, overrun)
        .setRefusals(cause -> refused[(int) -cause])
        .set(Counter.DISCARDED, discarded)
        .set(Counter.BYTES, bytes)
        .set(Counter.PAGES_WRITTEN, pagesWritten)
        .set(Counter.PAGES_READ, pagesRead)
        .set(Counter.PAGES_LOST, pagesLost)
        .set(Counter.OLDEST, oldest)
        .build();
  }

  synchronized RingView view() {
    List<RingView.PageView> views = new ArrayList<>();
    int commit = -1;
    for (SimplePage page : ring) {
      RingView.State state =
          !page.closed
              ? RingView.State.OPEN
              : page.pending > 0 ? RingView.State.PENDING : RingView.State.FULL;
      commit = commit < 0 && page.pending > 0 ? views.size() : commit;
      views.add(RingView.PageView.of(page.sequence, state, page.used, page.entries));
    }
    int tail = Math.max(views.size() - 1, 0);
    while (views.size() < pages) {
      views.add(RingView.PageView.EMPTY);
    }
    int head = ring.isEmpty() ? -1 : 0;
    int capacity = PageLayout.capacity(pageSize);
    return RingView.builder(cpu, capacity, views).head(head).tail(tail).commit(commit).build();
  }

  synchronized void seal() {
    sealed = true;
    close(ring.peekLast());
  }

  synchronized boolean isOpen() {
    return pending > 0;
  }

  synchronized void close() {
    closed = true;
    forgetIfIdle();
  }

  private void forgetIfIdle() {
    if (closed && pending == 0 && held == 0) {
      ring.clear();
      free.clear();
      all = null;
      memory = null;
    }
  }

  private void wakeReaders(SimplePage page) {
    if (page.isComplete()) {
      config.wakeup().run(); // whoever it wakes waits until we leave this object
    }
  }
}
