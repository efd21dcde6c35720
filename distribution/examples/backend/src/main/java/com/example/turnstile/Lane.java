package com.example.turnstile;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.BufferConfig;
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

/** The ring of one CPU. Its monitor is the turnstile: one thread at a time, writer or reader. */
final class Lane {
  /*
   * A sheet is in one place at a time:
   *
   *      free --begin--> ring (oldest first, the last is being written)
   *       ^ ^ ^           | | |
   *       | | +-- empty --+ | +-- given up with an event still being written --> parked
   *       | +- released - held by a reader <-- take                                |
   *       +--------------------------- last commit --------------------------------+
   *
   * At most `pages` sheets are in the ring or parked and at most SPARES are held. There are
   * pages + SPARES in all, so one is free whenever a writer begins one or a reader takes one.
   *
   * Sheets are given up at the oldest end only. So whatever was lost and is not told yet was lost
   * before the oldest sheet in the ring, and is told by the next page that a reader gets.
   */

  /** How many pages readers may hold at once. */
  private static final int SPARES = 4;

  /** A reservation's own bits are the sheet's number and one bit: whether its header is long. */
  static final int MAX_SHEETS = 1 << Reservation.OWN_BITS - 1;

  private final RingConfig config;
  private final int cpu;
  private final int pages;
  private final int pageSize;
  private final PageCursor cursor;

  /** Made at the first event: a CPU that never writes takes no memory. */
  private Sheet[] sheets;

  private final ArrayDeque<Sheet> free = new ArrayDeque<>();
  private final ArrayDeque<Sheet> ring = new ArrayDeque<>();
  private int held;
  private int parked;
  private int open;
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

  Lane(RingConfig config, int cpu) {
    this.config = config;
    this.cpu = cpu;
    this.pages = config.buffer().pages();
    this.pageSize = config.buffer().pageSize();
    this.cursor = new PageCursor(PageFormat.of(pageSize));
  }

  /** How many sheets each lane of a buffer has. */
  static int sheets(BufferConfig config) {
    return config.pages() + SPARES;
  }

  /** The sheet's number in a reservation, counted over all lanes. */
  static int sheet(long reservation) {
    return Reservation.own(reservation) >> 1;
  }

  // ---- writers

  synchronized long refuse(long cause) {
    return sealed ? Refusal.SEALED : counted(cause);
  }

  private long counted(long cause) {
    refused[(int) -cause]++;
    return cause;
  }

  synchronized long reserve(int asked) {
    if (sealed) {
      return Refusal.SEALED;
    }
    if (broken) {
      return counted(Refusal.DISABLED);
    }
    int length = Math.max(asked, 1);
    int size = RecordLayout.size(length);
    long time = Math.max(config.buffer().clock().now(), lastTime); // never backwards
    Sheet sheet = ring.peekLast();
    int extend =
        sheet != null && time - lastTime > RecordLayout.MAX_DELTA ? RecordLayout.EXTEND_SIZE : 0;
    if (sheet == null || sheet.closed || !PageLayout.fits(pageSize, sheet.used, extend + size)) {
      finish(sheet);
      long refusal = makeRoom();
      if (refusal < 0) {
        return counted(refusal);
      }
      sheet = begin(time);
      extend = 0;
    }
    return write(sheet, extend, size, length, time);
  }

  /** Writes the event's header; its payload is the caller's to write. */
  private long write(Sheet sheet, int extend, int size, int length, long time) {
    int at = PageLayout.DATA + sheet.used;
    int delta = (int) (time - lastTime);
    if (extend > 0) {
      at = PageEncoder.putExtend(sheet.memory, 0, at, time - lastTime);
      delta = 0;
    }
    int payload = PageEncoder.putData(sheet.memory, 0, at, delta, length);
    int longHeader = payload - at > RecordLayout.WORD ? 1 : 0;
    sheet.reserve(payload);
    sheet.used += extend + size;
    lastTime = time;
    open++;
    return Reservation.of(sheet.number << 1 | longHeader, payload);
  }

  private Sheet begin(long time) {
    if (sheets == null) {
      sheets = new Sheet[pages + SPARES];
      for (int i = 0; i < sheets.length; i++) {
        sheets[i] = new Sheet(cpu * sheets.length + i, pageSize);
        free.addLast(sheets[i]);
      }
    }
    Sheet sheet = free.removeFirst();
    sheet.begin(nextSequence++);
    PageEncoder.open(sheet.memory, 0, time);
    lastTime = time;
    ring.addLast(sheet);
    return sheet;
  }

  /** No more events on this sheet. */
  private void finish(Sheet sheet) {
    if (sheet != null && !sheet.closed) {
      sheet.closed = true;
      pagesWritten++;
      wakeReaders(sheet);
    }
  }

  /** Makes it possible to begin a sheet; returns 0 or a refusal. */
  private long makeRoom() {
    dropEmpty();
    if (ring.size() + parked < pages) {
      return 0;
    }
    if (config.buffer().mode() == Mode.DISCARD) {
      return Refusal.DROPPED;
    }
    if (ring.stream().allMatch(Sheet::hasOpenEvents)) {
      return Refusal.COMMIT_OVERRUN;
    }
    while (!giveUp(ring.removeFirst())) {
      // that one was parked, which makes no room
    }
    return 0;
  }

  private boolean giveUp(Sheet sheet) {
    overrun += sheet.unread();
    pagesLost++;
    if (sheet.hasOpenEvents()) {
      sheet.parked = true;
      parked++;
      return false;
    }
    free.addLast(sheet);
    return true;
  }

  /** Sheets in which nothing is left to read go without a reader. */
  private void dropEmpty() {
    while (!ring.isEmpty() && ring.peekFirst().isComplete() && ring.peekFirst().unread() == 0) {
      free.addLast(ring.removeFirst());
      pagesRead++;
    }
  }

  /** Without the lock: whoever has a reservation has seen the sheets. */
  MemorySegment memory(long reservation) {
    return of(reservation).memory;
  }

  private Sheet of(long reservation) {
    return sheets[sheet(reservation) % sheets.length];
  }

  synchronized void commit(long reservation) {
    Sheet sheet = of(reservation);
    sheet.settle((int) Reservation.offset(reservation));
    sheet.entries++;
    written++;
    if (sheet.parked) {
      overrun++; // written where nobody will read it
    }
    settled(sheet);
  }

  synchronized void discard(long reservation) {
    Sheet sheet = of(reservation);
    int payload = (int) Reservation.offset(reservation);
    sheet.settle(payload);
    int header = RecordLayout.WORD * (1 + (Reservation.own(reservation) & 1));
    PageEncoder.discard(sheet.memory, 0, payload - header);
    sheet.discards = true;
    discarded++;
    settled(sheet);
  }

  private void settled(Sheet sheet) {
    open--;
    if (!sheet.parked) {
      wakeReaders(sheet);
    } else if (!sheet.hasOpenEvents()) {
      parked--;
      free.addLast(sheet);
    }
    forgetIfIdle();
  }

  private void wakeReaders(Sheet sheet) {
    if (sheet.isComplete()) {
      config.wakeup().run();
    }
  }

  // ---- readers

  synchronized Page take(boolean fromOpen) {
    dropEmpty();
    Sheet sheet = ring.peekFirst();
    if (sheet == null || closed || held == SPARES || !sheet.isComplete() && !fromOpen) {
      return null;
    }
    boolean whole = sheet.isComplete();
    Sheet place = whole ? sheet : free.peekFirst();
    if (!whole) {
      place.memory.copyFrom(sheet.memory);
    }
    Part part = extract(sheet, place.memory, overrun - overrunTold);
    if (part.events == 0) {
      if (whole) {
        giveUp(ring.removeFirst()); // damaged: there was something to read
      }
      return null;
    }
    (whole ? ring : free).removeFirst();
    pagesRead += whole ? 1 : 0;
    held++;
    read += part.events;
    overrunTold = overrun;
    Page page =
        new CountedPage(cpu, sheet.sequence, sheet.entriesRead, place.memory, p -> release(place));
    sheet.entriesRead += part.events;
    sheet.bytesRead = part.bytes;
    return page;
  }

  private synchronized void release(Sheet place) {
    held--;
    free.addLast(place);
    forgetIfIdle();
  }

  synchronized Page copy(long from, MemorySegment into) {
    boolean oldest = true;
    for (Sheet sheet : ring) {
      if (closed) {
        return null;
      }
      if (sheet.sequence >= from) {
        into.copyFrom(sheet.memory);
        Part part = extract(sheet, into, oldest ? overrun - overrunTold : 0);
        if (part.events > 0) {
          return new CountedPage(cpu, sheet.sequence, sheet.entriesRead, into, p -> {});
        }
      }
      if (sheet.hasOpenEvents()) {
        return null; // what comes after an event that is still being written waits for it
      }
      oldest &= sheet.unread() == 0;
    }
    return null;
  }

  /**
   * What {@link #extract} has left on a page.
   *
   * @param events how many
   * @param bytes of records up to there, with those read before
   */
  private record Part(int events, int bytes) {}

  /**
   * Makes a page for readers of the bytes of a sheet: its committed events, up to the first that is
   * still being written, without those that were read before.
   */
  private Part extract(Sheet sheet, MemorySegment page, long missed) {
    try {
      PageEncoder.setMissed(page, 0, pageSize, sheet.used, 0);
      cursor.reset(page);
      int events = 0;
      int begin = PageLayout.DATA;
      int end = PageLayout.DATA;
      long time = 0;
      while (cursor.next() && !sheet.isOpen(cursor.payloadOffset())) {
        if (events++ == sheet.entriesRead) {
          begin = cursor.recordOffset();
          time = cursor.time();
        }
        end = cursor.position();
      }
      if (sheet.isComplete() && events != sheet.entries) {
        throw new DamagedPageException(end, events + " events, not " + sheet.entries);
      }
      int bytes = end - PageLayout.DATA;
      int unread = events - sheet.entriesRead;
      if (unread > 0) {
        int left = sheet.entriesRead == 0 ? bytes : PageEncoder.keepFrom(page, 0, begin, end, time);
        PageEncoder.finish(page, 0, pageSize, left, missed, sheet.discards);
      }
      return new Part(unread, bytes);
    } catch (DamagedPageException | IllegalStateException e) {
      return damaged(e);
    }
  }

  /** A writer wrote outside its event: this CPU records no more, the application goes on. */
  private Part damaged(Exception e) {
    if (!broken) {
      broken = true;
      config.fault().accept("CPU " + cpu + " is disabled: " + e.getMessage());
    }
    return new Part(0, 0);
  }

  synchronized void flush() {
    finish(ring.peekLast());
  }

  synchronized int unreadPages() {
    return (int) ring.stream().filter(sheet -> sheet.isComplete() && sheet.unread() > 0).count();
  }

  // ---- the rest

  synchronized Counters counters() {
    long bytes = 0;
    long oldest = Counters.NONE;
    for (Sheet sheet : ring) {
      if (sheet.unread() > 0) {
        bytes += sheet.used - sheet.bytesRead;
        if (oldest == Counters.NONE) {
          oldest = sheet.memory.get(PageLayout.LONG, PageLayout.TIME);
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
    int tail = Math.max(ring.size() - 1, 0);
    int commit = tail;
    for (Sheet sheet : ring) {
      RingView.State state =
          !sheet.closed
              ? RingView.State.OPEN
              : sheet.hasOpenEvents() ? RingView.State.PENDING : RingView.State.FULL;
      commit = sheet.hasOpenEvents() ? Math.min(commit, views.size()) : commit;
      views.add(RingView.PageView.of(sheet.sequence, state, sheet.used, sheet.entries));
    }
    while (views.size() < pages) {
      views.add(RingView.PageView.EMPTY);
    }
    int head = ring.isEmpty() ? -1 : 0;
    return RingView.builder(cpu, PageLayout.capacity(pageSize), views)
        .head(head)
        .tail(tail)
        .commit(commit)
        .build();
  }

  synchronized void seal() {
    sealed = true;
    finish(ring.peekLast());
  }

  synchronized boolean hasOpenEvents() {
    return open > 0;
  }

  synchronized void close() {
    closed = true;
    forgetIfIdle();
  }

  /** Closed, and nobody holds anything of it: the memory goes. */
  private void forgetIfIdle() {
    if (closed && open == 0 && held == 0) {
      ring.clear();
      free.clear();
      sheets = null;
    }
  }
}
