package org.pagewheel.backend.heap.internal;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CpuAccount;
import org.pagewheel.spi.RingConfig;

/** What the ring of one CPU consists of, and what neither writers nor readers do alone. */
abstract class CpuState {
  /**
   * How long to wait before trying again after there was no memory for pages; doubled each time.
   */
  private static final long SHORTEST_PAUSE_NANOS = 1_000_000_000L;

  private static final long LONGEST_PAUSE_NANOS = 64 * SHORTEST_PAUSE_NANOS;

  private static final VarHandle CHANGES;

  static {
    try {
      CHANGES = MethodHandles.lookup().findVarHandle(CpuState.class, "changes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final int cpu;
  final int pageSize;
  final SpinLock lock = new SpinLock();
  final CpuAccount account = new CpuAccount();

  /** Null until the first event, and again after the end. */
  Pages pages;

  /** The memory of {@link #pages}; read without the lock, by whoever has a reservation in it. */
  MemorySegment memory;

  boolean closed;

  /** Kept by the reader for its next copy, or null. */
  Frame spare;

  final HeapRing ring;
  private final RingConfig config;
  final Clock clock;
  final boolean overwrites;
  final int maxEventSize;
  private final String shortOfMemory;

  /** The page being written, or null: then the next event begins a new one. */
  Frame tail;

  /** The time of the last event: no later event has an earlier time. */
  long lastTime = Long.MIN_VALUE;

  /** Reservations neither committed nor discarded. */
  int open;

  /** Set without the lock; every later reserve sees it. */
  volatile boolean on = true;

  boolean sealed;
  String fault;

  /** When there was no memory for the pages, by the ring's clock, and how long to wait. */
  private long shortSince;

  private long pause;

  /**
   * Counts what may give something to a reader that found nothing: a reservation was finished, the
   * tail was closed, a page was given up or released. Stored plainly, with the lock held: it is
   * visible once the lock is left; pairs with changes().
   */
  long changes;

  /**
   * Whether anything is to be reported as soon as the lock is left, and what. It is kept until a
   * thread can report it.
   */
  volatile boolean due;

  volatile boolean wakeDue;
  volatile String faultDue;

  CpuState(HeapRing ring, RingConfig config, int cpu) {
    this.ring = ring;
    this.config = config;
    this.cpu = cpu;
    this.pageSize = config.buffer().pageSize();
    this.clock = config.buffer().clock();
    this.overwrites = config.buffer().mode() == Mode.OVERWRITE;
    this.maxEventSize = PageLayout.maxEventSize(pageSize);
    this.shortOfMemory =
        ("heap ring of %s, CPU %d: no memory for its pages, %d bytes: "
                + "its events are refused as disabled until there is")
            .formatted(
                config.buffer().name(), cpu, Pages.bytes(ring.pages(), ring.spares(), pageSize));
  }

  // ---- pages

  /** If there is no memory for them, reports that once and tries again later. */
  final boolean makePages(long time) {
    if (pause > 0 && time - shortSince < pause) {
      return false;
    }
    try {
      makePages();
      return true;
    } catch (OutOfMemoryError full) {
      if (pause == 0) {
        faultDue = shortOfMemory;
        due = true;
      }
      shortSince = time;
      pause = pause == 0 ? SHORTEST_PAUSE_NANOS : pause < LONGEST_PAUSE_NANOS ? 2 * pause : pause;
      return false;
    }
  }

  private void makePages() {
    Pages made = new Pages(ring.pages(), ring.spares(), pageSize, this::release);
    memory = made.memory;
    pages = made;
  }

  /** Makes the pages now, if they are still of use. */
  final void prepare() {
    boolean entered = lock.enter();
    try {
      if (pages == null && !sealed && fault == null) {
        makePages();
      }
    } finally {
      if (entered) {
        lock.owner = 0;
      }
    }
  }

  final void closeTail() {
    if (tail == null) {
      return;
    }
    if (tail.open == 0) {
      wakeDue = true;
      due = true;
    }
    changes++;
    pages.close(tail, account);
    tail = null;
  }

  /** Complete pages in which everything was consumed by copies, or discarded, leave the stream. */
  final void dropConsumed() {
    Frame oldest = pages.first();
    while (oldest != null && oldest.isComplete() && oldest.unread() == 0) {
      pages.dropFirst(account);
      oldest = pages.first();
    }
  }

  // ---- switches

  final void flush() {
    boolean entered = lock.enter();
    try {
      endTail();
    } finally {
      if (entered) {
        lock.owner = 0;
      }
    }
    tellIfDue();
  }

  /** If this throws, {@link #sealed} is not set, or the tail is closed already. */
  final void seal() {
    boolean entered = lock.enter();
    try {
      endTail();
      sealed = true;
    } finally {
      if (entered) {
        lock.owner = 0;
      }
    }
    tellIfDue();
  }

  private void endTail() {
    if (tail != null && tail.used > 0) {
      closeTail();
      dropConsumed();
    }
  }

  final void close() {
    boolean entered = lock.enter();
    closed = true;
    if (spare != null) {
      pages.held--;
      spare = null;
    }
    if (open == 0 && pages != null && pages.held == 0) {
      pages = null;
      memory = null;
      tail = null;
    }
    if (entered) {
      lock.owner = 0;
    }
  }

  final boolean isQuiet() {
    boolean entered = lock.enter();
    boolean quiet = sealed && open == 0;
    if (entered) {
      lock.owner = 0;
    }
    return quiet;
  }

  // ---- what the reader needs

  /**
   * May be read without the lock: as long as it is unchanged, a reader that found nothing would
   * find nothing again.
   */
  final long changes() {
    return (long) CHANGES.getOpaque(this);
  }

  /** A reader gives a frame back. */
  final void release(Frame frame) {
    boolean entered = lock.enter();
    try {
      pages.unhold(frame);
      changes++;
      if (closed && open == 0 && pages.held == 0) {
        pages = null;
        memory = null;
        tail = null;
      }
    } finally {
      if (entered) {
        lock.owner = 0;
      }
    }
  }

  final int unreadPages() {
    boolean entered = lock.enter();
    try {
      return pages == null ? 0 : pages.inStream() - (tail == null ? 0 : 1);
    } finally {
      if (entered) {
        lock.owner = 0;
      }
    }
  }

  final Counters counters() {
    boolean entered = lock.enter();
    try {
      return account.snapshot(oldest());
    } finally {
      if (entered) {
        lock.owner = 0;
      }
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

  // ---- what is reported once the lock is left

  /**
   * For readers and switches, which come again if this throws: also reports what could not be
   * reported before.
   */
  final void tellIfDue() {
    if ((due || faultDue != null) && !lock.isMine()) {
      tell();
    }
  }

  /** What cannot be reported now is reported together with the next report. */
  final void tell() {
    due = false;
    if (wakeDue) {
      wakeDue = false;
      try {
        config.wakeup().run();
      } catch (VirtualMachineError full) {
        wakeDue = true;
        throw full;
      }
    }
    String line = faultDue;
    if (line != null) {
      faultDue = null;
      try {
        config.fault().accept(line);
      } catch (VirtualMachineError full) {
        faultDue = line;
        throw full;
      }
    }
  }

  /** This CPU stops recording. What it has recorded can still be read. */
  final void breakDown(Throwable broken) {
    if (fault == null) {
      String line =
          "heap ring of " + config.buffer().name() + ", CPU " + cpu + " is disabled: " + broken;
      fault = line;
      faultDue = line;
      due = true;
    }
  }
}
