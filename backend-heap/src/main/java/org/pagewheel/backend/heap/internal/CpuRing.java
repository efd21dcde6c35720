package org.pagewheel.backend.heap.internal;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Refusal;
import org.pagewheel.Reservation;
import org.pagewheel.backend.heap.internal.Frame.State;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.RingConfig;

/**
 * The ring of one CPU: its state, and the writer's side of it. See {@link CpuReader} for the rest.
 */
final class CpuRing {
  // How it works
  //
  // The stream is a row of pages, oldest first; the last one is the tail, which is written. All is
  // guarded by one lock, held for two short sections of an event: reserve (read the clock, find the
  // room, write the record's header) and commit or discard (count). In between the writer fills the
  // payload without the lock, for as long as it likes: a thread descheduled there stops nobody.
  //
  // The clock is read with the lock held, and the later of it and the last event's time taken, so
  // times never run backwards; and the room is taken in the same section, so the order of times is
  // the order of records.
  //
  // A page that the tail has left is complete when no reservation is open in it. Invariants:
  //
  // I1  A page with an open reservation is never written again: its frame does not become free.
  // I2  What is delivered of a CPU, is delivered in the order of reservation. So a page that is not
  //     complete holds back those behind it (its committed beginning can be copied out).
  // I3  written = read + overrun + unread events of the pages in the stream, after every section.
  // I4  overrun = what takers of pages were told + what the next will be told.
  //
  // When the tail needs a page and the stream has as many as it may (I5: those given up with open
  // reservations, "parked", count as well), then
  //
  // * in mode OVERWRITE the oldest page without an open reservation is overwritten. All pages
  //   before it have open reservations; they have held back the reader until now and are given up
  //   with it: they leave the stream and are parked, and what was unread in them is overrun. When
  //   every page has open reservations, the event is refused as commit overrun and nothing is given
  //   up.
  // * in mode DISCARD the event is refused, and nothing that was recorded is given up: dropped if
  //   the oldest page only waits to be read, commit overrun if it has an open reservation.
  //
  // A reservation in a parked page is finished like any other: the event is written and overrun at
  // once. With the last one the frame becomes free and the ring has its full size again. So what a
  // thread costs that is stopped between reserve and commit for ever is, in mode OVERWRITE, one
  // page of the ring and the events that were unread in that page when the ring had come round to
  // it; in mode DISCARD, whatever comes once the pages behind it are full, until it goes on.
  //
  // Rejected: holding the lock from reserve to commit (a descheduled writer stops all others);
  // keeping a parked page's events for later (they could only come out of order); overwriting the
  // oldest page with the late writer still in it (torn events).

  private static final int WAKE = 1;
  private static final int FAULT = 2;

  /** The number of a page in a reservation: enough to tell two that had the same frame. */
  private static final int GENERATION_BITS = Reservation.OWN_BITS - HeapRing.CPU_BITS - 1;

  private static final int GENERATION_MASK = (1 << GENERATION_BITS) - 1;
  private static final long LONGEST_EXTEND = (1L << RecordLayout.STAMP_BITS) - 1;

  private static final VarHandle CHANGES;

  static {
    try {
      CHANGES = MethodHandles.lookup().findVarHandle(CpuRing.class, "changes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int cpu;
  final int pageSize;
  final SpinLock lock = new SpinLock();
  final Account account = new Account();

  /** Null until the first event, and again after the end. */
  Pages pages;

  /** The memory of {@link #pages}; read without the lock, by whoever has a reservation in it. */
  MemorySegment memory;

  boolean closed;

  private final HeapRing ring;
  private final RingConfig config;
  private final Clock clock;
  private final boolean overwrites;
  private final int maxEventSize;

  /** The page that is written, or null: the next event begins a new one. */
  private Frame tail;

  /** The time of the last event: no later one is earlier. */
  private long lastTime = Long.MIN_VALUE;

  /** Open reservations, and the pages behind the tail that have some. */
  private int open;

  private int incomplete;

  private boolean sealed;
  private String fault;

  /**
   * Counts what may give a reader something to take that had nothing: a reservation was finished,
   * the tail was closed, a page was given up or released.
   */
  private long changes;

  /** What is to be told as soon as the lock is left. */
  private int signals;

  CpuRing(HeapRing ring, RingConfig config, int cpu) {
    this.ring = ring;
    this.config = config;
    this.cpu = cpu;
    this.pageSize = config.buffer().pageSize();
    this.clock = config.buffer().clock();
    this.overwrites = config.buffer().mode() == Mode.OVERWRITE;
    this.maxEventSize = PageLayout.maxEventSize(pageSize);
  }

  // ---- writing

  long reserve(int length) {
    boolean entered = lock.enter();
    try {
      long refusal = refusal(length);
      if (refusal < 0) {
        return refusal;
      }
      long now = clock.now();
      return sealed ? Refusal.SEALED : append(Math.max(now, lastTime), length);
    } catch (Throwable broken) {
      breakDown(broken);
      account.disabled++;
      return Refusal.DISABLED;
    } finally {
      leave(entered);
    }
  }

  private long refusal(int length) {
    if (sealed) {
      return Refusal.SEALED;
    }
    if (fault != null || !ring.isOn()) {
      account.disabled++;
      return Refusal.DISABLED;
    }
    if (length > maxEventSize) {
      account.tooLong++;
      return Refusal.TOO_LONG;
    }
    return 0;
  }

  /** The ring's own clock or CPU number has called reserve. */
  long refuseRecursion() {
    boolean entered = lock.enter();
    account.recursion++;
    leave(entered);
    return Refusal.RECURSION;
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
      long refusal = openPage();
      if (refusal < 0) {
        return refusal;
      }
      page = tail;
      delta = 0;
    }
    if (page.used == 0) {
      PageEncoder.open(memory, page.base, time);
      page.readTime = time;
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
    account.bytes += used - page.used;
    page.used = used;
    page.time = time;
    lastTime = time;
    page.open++;
    open++;
    pages.markUncommitted(page, at);
    int big = payload - at == RecordLayout.WORD ? 0 : 1;
    int generation = (int) page.sequence & GENERATION_MASK;
    int own = (generation << 1 | big) << HeapRing.CPU_BITS | cpu;
    return Reservation.of(own, page.base + payload);
  }

  /** Makes a new tail, or returns the refusal, which is counted. */
  private long openPage() {
    if (pages == null) {
      pages = new Pages(ring.pages(), ring.spares(), pageSize, this::release);
      memory = pages.memory;
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
    while (place-- > 0) {
      parkOldest();
    }
    account.lose(pages.first());
    pages.freeFirst();
    return true;
  }

  /** Gives up the oldest page, in which reservations are open. */
  private void parkOldest() {
    account.lose(pages.first());
    pages.parkFirst();
    incomplete--;
    signals |= WAKE; // those behind it can be taken now
    changed();
  }

  private void closeTail() {
    Frame page = tail;
    if (page == null) {
      return;
    }
    tail = null;
    page.state = State.CLOSED;
    account.pagesWritten++;
    changed();
    if (page.open == 0) {
      signals |= WAKE;
    } else {
      incomplete++;
    }
  }

  /** Complete pages in which everything was consumed by copies, or discarded, leave the stream. */
  void dropConsumed() {
    Frame oldest = pages.first();
    while (oldest != null && oldest.isComplete() && oldest.unread() == 0) {
      account.consume(oldest);
      pages.freeFirst();
      oldest = pages.first();
    }
  }

  void commit(long reservation) {
    finish(reservation, true);
  }

  void discard(long reservation) {
    finish(reservation, false);
  }

  private void finish(long reservation, boolean commits) {
    boolean entered = lock.enter();
    boolean known = true;
    try {
      known = tryFinish(reservation, commits);
    } catch (Throwable broken) {
      breakDown(broken);
    } finally {
      leave(entered);
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
    if (at < PageLayout.DATA || !pages.clearUncommitted(page, at)) {
      return false;
    }
    page.open--;
    open--;
    changed();
    if (commits) {
      account.written++;
      page.committed++;
      if (page.state == State.PARKED) {
        account.overrun++;
      }
    } else {
      account.discarded++;
      takeBack(page, at);
    }
    if (page.open == 0) {
      if (page.state == State.PARKED) {
        pages.unpark(page);
      } else if (page.state == State.CLOSED) {
        incomplete--;
        signals |= WAKE;
      }
    }
    freeIfDone();
    return true;
  }

  /** The last record of the tail is taken off; another one becomes a record that readers skip. */
  private void takeBack(Frame page, int at) {
    int word = memory.get(PageLayout.INT, page.base + at);
    int type = RecordLayout.type(word);
    int length =
        type == 0
            ? memory.get(PageLayout.INT, page.base + at + RecordLayout.WORD)
            : type * RecordLayout.WORD;
    int end = PageLayout.DATA + page.used;
    if (page == tail && at + RecordLayout.WORD + length == end) {
      page.used = at - PageLayout.DATA; // a time extend before it stays, for the next event
      page.time -= RecordLayout.delta(word);
      account.bytes -= end - at;
    } else {
      PageEncoder.discard(memory, page.base, at);
      page.discards = true;
    }
  }

  // ---- switches

  void flush() {
    boolean entered = lock.enter();
    endTail();
    leave(entered);
  }

  void seal() {
    boolean entered = lock.enter();
    sealed = true;
    endTail();
    leave(entered);
  }

  private void endTail() {
    if (tail != null && tail.used > 0) {
      closeTail();
      dropConsumed();
    }
  }

  void close() {
    boolean entered = lock.enter();
    closed = true;
    freeIfDone();
    leave(entered);
  }

  private void freeIfDone() {
    if (closed && open == 0 && pages != null && pages.held() == 0) {
      pages = null;
      memory = null;
      tail = null;
    }
  }

  boolean isQuiet() {
    boolean entered = lock.enter();
    boolean quiet = sealed && open == 0;
    leave(entered);
    return quiet;
  }

  // ---- what the reader needs

  private void changed() {
    CHANGES.setOpaque(this, changes + 1);
  }

  /**
   * May be asked without the lock: as long as it is the same, a reader with nothing has nothing.
   */
  long changes() {
    return (long) CHANGES.getOpaque(this);
  }

  /** Pages behind the tail, in the stream, with open reservations. */
  int incomplete() {
    return incomplete;
  }

  Frame tail() {
    return tail;
  }

  /** A reader gives a frame back. */
  void release(Frame frame) {
    boolean entered = lock.enter();
    pages.unhold(frame);
    changed();
    freeIfDone();
    leave(entered);
  }

  int unreadPages() {
    boolean entered = lock.enter();
    int count = pages == null ? 0 : pages.inStream() - (tail == null ? 0 : 1);
    leave(entered);
    return count;
  }

  Counters counters() {
    boolean entered = lock.enter();
    try {
      return account.snapshot(oldest());
    } finally {
      leave(entered);
    }
  }

  private long oldest() {
    for (int place = 0; pages != null && place < pages.inStream(); place++) {
      Frame page = pages.get(place);
      if (page.unread() > 0) {
        return page.readTime;
      }
    }
    return Counters.NONE;
  }

  // ---- leaving the lock

  /** Leaves the lock and tells what is to be told. */
  void leave(boolean entered) {
    if (!entered) {
      return; // the section around this one tells it
    }
    int due = signals;
    signals = 0;
    lock.leave();
    if (due != 0) {
      tell(due);
    }
  }

  private void tell(int due) {
    if ((due & WAKE) != 0) {
      config.wakeup().run();
    }
    if ((due & FAULT) != 0) {
      config.fault().accept(fault);
    }
  }

  /** This CPU records no more. What is there can still be read. */
  void breakDown(Throwable broken) {
    if (fault == null) {
      fault = "heap ring of " + config.buffer().name() + ", CPU " + cpu + " is disabled: " + broken;
      signals |= FAULT;
    }
  }
}
