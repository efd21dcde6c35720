package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.DamagedPageException;

/**
 * The pages of one CPU's ring, from the first event to the last, for backends that have a lock for
 * each CPU: what is overwritten or refused, which page a reader gets, and the account of all of it.
 * Not thread-safe: every method but {@link #memory} is called with the backend's lock held, and the
 * ring's wakeup is run then.
 *
 * <p>If a stack overflow or a full heap interrupts a call, the ring goes on, and the account may
 * lack that event; a backend that must be exact even then takes more care, as {@code heap} does.
 */
public final class CpuPages {
  /*
   * A frame is in one place at a time:
   *
   *      free --begin--> ring (oldest first, the last is being written)
   *       ^ ^ ^           | | |
   *       | | +-- empty --+ | +-- given up with an event still being written --> parked
   *       | +- released - held by a reader <-- take                                |
   *       +--------------------------- last commit --------------------------------+
   *
   * At most `pages` frames are in the ring or parked and at most `spares` are held. There are
   * pages + spares in all, so one is free whenever a writer begins one or a reader takes one.
   *
   * Frames are given up at the oldest end only. So every loss that no page has reported yet is
   * before the oldest frame in the ring, and the next page that a reader gets reports it.
   */

  private final RingConfig config;
  private final int cpu;
  private final int pages;
  private final int pageSize;
  private final int spares;
  private final Supplier<MemorySegment> memories;
  private final Consumer<RecordedPage> releaser;
  private final CpuAccount account = new CpuAccount();

  /** Made at the first event: a CPU that never writes takes no memory. */
  private RecordedPage[] frames;

  private final ArrayDeque<RecordedPage> free = new ArrayDeque<>();
  private final ArrayDeque<RecordedPage> ring = new ArrayDeque<>();

  /** Out of the ring although an event is still being written there. */
  private final ArrayDeque<RecordedPage> parked = new ArrayDeque<>();

  private int held;
  private int open;
  private long nextSequence;
  private long lastTime = Long.MIN_VALUE;
  private boolean sealed;
  private boolean closed;
  private boolean broken;

  /**
   * Makes the ring of a CPU; its memory comes with the first event.
   *
   * @param config what is asked for
   * @param cpu of which CPU
   * @param spares how many pages readers may hold at once, at least 1
   * @param memories makes the bytes of a page, as {@link RecordedPage} wants them
   * @param releaser called without the lock on the release of a page: takes the lock and calls
   *     {@link #release}
   */
  public CpuPages(
      RingConfig config,
      int cpu,
      int spares,
      Supplier<MemorySegment> memories,
      Consumer<RecordedPage> releaser) {
    this.config = config;
    this.cpu = cpu;
    this.pages = config.buffer().pages();
    this.pageSize = config.buffer().pageSize();
    this.spares = spares;
    this.memories = memories;
    this.releaser = releaser;
  }

  // ---- writers

  /**
   * As {@link RingOfCpus.CpuRing#refuse}.
   *
   * @param cause a constant of {@link Refusal}
   * @return the cause, or that it is sealed
   */
  public long refuse(long cause) {
    return account.refuse(sealed ? Refusal.SEALED : cause);
  }

  /**
   * As {@link RingOfCpus.CpuRing#reserve}; reads the clock.
   *
   * @param length from 0 to the longest
   * @return a reservation or a refusal
   */
  public long reserve(int length) {
    if (sealed || broken) {
      return refuse(Refusal.DISABLED);
    }
    long time = Math.max(config.buffer().clock().now(), lastTime); // never backwards
    RecordedPage frame = ring.peekLast();
    if (frame == null || !frame.fits(time, length)) {
      finish(frame);
      long refusal = makeRoom();
      if (refusal < 0) {
        return account.refuse(refusal);
      }
      frame = begin(time);
    }
    long reservation = frame.reserve(time, length);
    lastTime = time;
    open++;
    return reservation;
  }

  /** What may fail comes before what counts. */
  private RecordedPage begin(long time) {
    if (frames == null) {
      makeFrames();
    }
    RecordedPage frame = free.getFirst();
    frame.begin(nextSequence++, time);
    ring.addLast(frame);
    free.removeFirst();
    return frame;
  }

  private void makeFrames() {
    RecordedPage[] made = new RecordedPage[pages + spares];
    free.clear();
    for (int i = 0; i < made.length; i++) {
      made[i] = new RecordedPage(cpu * made.length + i, cpu, memories.get());
      free.addLast(made[i]);
    }
    frames = made;
  }

  /** No more events on this frame. */
  private void finish(RecordedPage frame) {
    if (frame != null && !frame.isClosed()) {
      frame.close();
      account.pagesWritten++;
      wakeReaders(frame);
    }
  }

  /** Makes it possible to begin a frame; returns 0 or a refusal. */
  private long makeRoom() {
    dropEmpty();
    if (ring.size() + parked.size() < pages) {
      return 0;
    }
    if (config.buffer().mode() == Mode.DISCARD) {
      return Refusal.DROPPED;
    }
    if (ring.stream().allMatch(RecordedPage::hasOpenEvents)) {
      return Refusal.COMMIT_OVERRUN;
    }
    while (!giveUp(ring.removeFirst())) {
      // that one was parked, which makes no room
    }
    return 0;
  }

  private boolean giveUp(RecordedPage frame) {
    account.overrun += frame.unread();
    account.pagesLost++;
    return (frame.hasOpenEvents() ? parked : free).add(frame) && !frame.hasOpenEvents();
  }

  /** Frames in which nothing is left to read go without a reader. */
  private void dropEmpty() {
    while (!ring.isEmpty() && ring.peekFirst().isComplete() && ring.peekFirst().unread() == 0) {
      free.addLast(ring.removeFirst());
      account.pagesRead++;
    }
  }

  /**
   * As {@link RingOfCpus.CpuRing#memory}. Without the lock: the holder of a reservation has seen
   * the pages.
   *
   * @param reservation not finished
   * @return the memory of its payload
   */
  public MemorySegment memory(long reservation) {
    return of(reservation).memory();
  }

  private RecordedPage of(long reservation) {
    return frames[RecordedPage.number(reservation) % frames.length];
  }

  /**
   * As {@link RingOfCpus.CpuRing#commit}.
   *
   * @param reservation not finished
   * @throws IllegalStateException if it is finished; nothing has changed then
   */
  public void commit(long reservation) {
    RecordedPage frame = of(reservation);
    frame.commit(reservation);
    account.written++;
    if (parked.contains(frame)) {
      account.overrun++; // written where it will not be read
    }
    settled(frame);
  }

  /**
   * As {@link RingOfCpus.CpuRing#discard}.
   *
   * @param reservation not finished
   * @throws IllegalStateException if it is finished; nothing has changed then
   */
  public void discard(long reservation) {
    RecordedPage frame = of(reservation);
    frame.discard(reservation);
    account.discarded++;
    settled(frame);
  }

  private void settled(RecordedPage frame) {
    open--;
    if (!frame.hasOpenEvents() && parked.remove(frame)) {
      free.addLast(frame);
    } else {
      wakeReaders(frame);
    }
    forgetIfIdle();
  }

  private void wakeReaders(RecordedPage frame) {
    if (frame.isComplete()) {
      config.wakeup().run();
    }
  }

  // ---- readers

  /**
   * As {@link RingOfCpus.CpuRing#take}.
   *
   * @param fromOpen whether to copy the beginning of an incomplete page
   * @return a page, or null
   */
  public Page take(boolean fromOpen) {
    dropEmpty();
    RecordedPage frame = ring.peekFirst();
    if (frame == null || closed || held == spares || !frame.isComplete() && !fromOpen) {
      return null;
    }
    boolean whole = frame.isComplete();
    RecordedPage place = whole ? frame : free.peekFirst();
    Page page = null;
    try {
      page = frame.part(place.memory(), account.untold(), released -> releaser.accept(place));
    } catch (DamagedPageException e) {
      damaged(e);
      if (whole) {
        giveUp(ring.removeFirst());
      }
    }
    if (page != null) {
      (whole ? ring : free).removeFirst();
      account.pagesRead += whole ? 1 : 0;
      account.read += frame.taken();
      account.told = account.overrun;
      held++;
    }
    return page;
  }

  /**
   * Takes a page back, see the constructor.
   *
   * @param place whose memory it had
   */
  public void release(RecordedPage place) {
    held--;
    free.addLast(place);
    forgetIfIdle();
  }

  /**
   * As {@link RingOfCpus.CpuRing#copy}.
   *
   * @param from the least number of a page
   * @param into where to copy it
   * @return a page, or null
   */
  public Page copy(long from, MemorySegment into) {
    boolean oldest = true;
    for (RecordedPage frame : ring) {
      if (closed) {
        return null;
      }
      try {
        long missed = oldest ? account.untold() : 0;
        Page page = frame.sequence() < from ? null : frame.part(into, missed, released -> {});
        if (page != null) {
          return page;
        }
      } catch (DamagedPageException e) {
        damaged(e);
      }
      if (frame.hasOpenEvents()) {
        return null; // later events wait for one that is still being written
      }
      oldest &= frame.unread() == 0;
    }
    return null;
  }

  /** A writer wrote outside its event: this CPU records no more, the application goes on. */
  private void damaged(DamagedPageException e) {
    if (!broken) {
      broken = true;
      config.fault().accept("CPU " + cpu + " is disabled: " + e.getMessage());
    }
  }

  /** As {@link RingOfCpus.CpuRing#flush}. */
  public void flush() {
    finish(ring.peekLast());
  }

  /**
   * As {@link RingOfCpus.CpuRing#unreadPages}.
   *
   * @return how many
   */
  public int unreadPages() {
    return (int) ring.stream().filter(frame -> frame.isComplete() && frame.unread() > 0).count();
  }

  // ---- the rest

  /**
   * As {@link RingOfCpus.CpuRing#counters}.
   *
   * @return the account
   */
  public Counters counters() {
    account.bytes = 0;
    long oldest = Counters.NONE;
    for (RecordedPage frame : ring) {
      if (frame.unread() > 0) {
        account.bytes += frame.unreadBytes();
        oldest = oldest == Counters.NONE ? frame.firstTime() : oldest;
      }
    }
    return account.snapshot(oldest);
  }

  /**
   * As {@link RingOfCpus.CpuRing#view}.
   *
   * @return the ring as it is now
   */
  public RingView view() {
    return RecordedPage.view(cpu, pages, pageSize, ring);
  }

  /** As {@link RingOfCpus.CpuRing#seal}. */
  public void seal() {
    sealed = true;
    finish(ring.peekLast());
  }

  /**
   * As {@link RingOfCpus.CpuRing#hasOpenEvents}.
   *
   * @return whether there is one
   */
  public boolean hasOpenEvents() {
    return open > 0;
  }

  /** As {@link RingOfCpus.CpuRing#close}. */
  public void close() {
    closed = true;
    forgetIfIdle();
  }

  /** Frees the memory once the ring is closed and nothing of it is held. */
  private void forgetIfIdle() {
    if (closed && open == 0 && held == 0) {
      ring.clear();
      free.clear();
      frames = null;
    }
  }
}
