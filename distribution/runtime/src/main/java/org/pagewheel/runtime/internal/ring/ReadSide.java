package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.UnaryOperator;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Ring;

/**
 * One ring of a buffer as {@link ChainSource} reads it: guarded against exceptions of the ring's
 * code, and with the place of the ring's page numbers among those of the buffer.
 *
 * <p>Page numbers go on from one ring to the next without a gap: {@link #base} is added to the
 * ring's own. It is known only once the previous ring is sealed, which is so when this one has its
 * first page.
 */
final class ReadSide {
  private static final int READING = 0;
  private static final int FINISHED = 1;
  private static final int DROPPED = 2;

  /** What is kept of a ring takes at most this part of the free heap. */
  private static final int PART_OF_HEAP = 4;

  /** Replaced once, by {@link #keep}, with all of {@link #taking} held. */
  private volatile Generation generation;

  private final int cpus;

  /** Per CPU: FINISHED or DROPPED once no more pages are taken from it. */
  private final AtomicIntegerArray states;

  /** Per CPU: held while a page is taken, so that only pages that were not taken are given up. */
  final Turn[] taking;

  /**
   * Per CPU: a page that is taken and not yet handed out, or null. It stays here if handing out
   * fails, and the next take goes on with it. Guarded by {@link #taking}.
   */
  private final Page[] taken;

  /**
   * Whether the buffer was cleared after this ring was replaced: readers take no more. Set by
   * {@link ChainSource} with all of {@link #taking} held.
   */
  volatile boolean cleared;

  /**
   * Per CPU: the account when dropping began, null before; what the ring counts as read beyond that
   * was dropped.
   */
  private final AtomicReferenceArray<Counters> beforeDrop;

  /** Per CPU: the last account that the ring gave. */
  private final Counters[] seen;

  /** Per CPU, −1 until it is known; guarded by this. */
  private final long[] bases;

  /** Per CPU: the highest of the ring's own page numbers seen so far; guarded by this. */
  private final long[] highest;

  /** Per CPU: the events known to be given up; guarded by this. */
  private final long[] givenUp;

  ReadSide(Generation generation) {
    this.generation = generation;
    this.cpus = generation.config().cpus();
    this.states = new AtomicIntegerArray(cpus);
    this.bases = new long[cpus];
    this.highest = new long[cpus];
    this.givenUp = new long[cpus];
    this.taken = new Page[cpus];
    this.beforeDrop = new AtomicReferenceArray<>(cpus);
    this.seen = new Counters[cpus];
    Arrays.fill(seen, Counters.ZERO);
    this.taking = new Turn[cpus];
    Arrays.setAll(taking, cpu -> new Turn());
    Arrays.fill(bases, -1);
    Arrays.fill(highest, -1);
  }

  Generation generation() {
    return generation;
  }

  boolean isKept() {
    return ring() instanceof KeptRing;
  }

  private Ring ring() {
    return generation.ring();
  }

  /** See {@link Ring#durableRings}. */
  int durableRings() {
    try {
      return ring().durableRings();
    } catch (Throwable thrown) {
      generation.queryFailed("durableRings", thrown);
      return 0;
    }
  }

  /**
   * Called when the backend of the sealed ring is going: from now on readers get copies.
   *
   * @param copies whether pages are copied and not taken, since readers may hold all the others
   * @return the object that moves the rest
   */
  KeptRing keep(boolean copies) {
    boolean[] entered = new boolean[cpus];
    try {
      for (int cpu = 0; cpu < cpus; cpu++) {
        entered[cpu] = taking[cpu].enter();
      }
      KeptRing kept = new KeptRing(ring(), generation.config(), copies || durableRings() > 0);
      generation = generation.keptAs(kept);
      return kept;
    } finally {
      for (int cpu = 0; cpu < cpus; cpu++) {
        if (entered[cpu]) {
          taking[cpu].owner = 0;
        }
      }
    }
  }

  int pageSize() {
    return generation.config().pageSize();
  }

  int pages() {
    return generation.config().pages();
  }

  /** Whether the ring would have overwritten its pages in time. */
  boolean overwrites() {
    return generation.config().mode() == Mode.OVERWRITE;
  }

  /**
   * Whether nothing more can come from it, or is waited for, when there was nothing to take. With a
   * quiet ring that has unread events this only means that readers hold too many of its pages. A
   * ring that is not quiet is waited for as long as promised, in mode discard without end.
   */
  boolean isOver(int cpu) {
    if (generation.isBroken()) {
      return true;
    }
    if (generation.isQuiet()) {
      return unread(cpu) == 0;
    }
    return generation.isSealedFor(ChainSource.PATIENCE) && (overwrites() || unread(cpu) == 0);
  }

  boolean isFinished(int cpu) {
    return states.get(cpu) != READING;
  }

  boolean isFinished() {
    for (int cpu = 0; cpu < cpus; cpu++) {
      if (!isFinished(cpu)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Ends this CPU: what is unread is given up. Waits for a take that is under way.
   *
   * @return how many events those are, 0 if the CPU was finished before
   */
  long finish(int cpu) {
    boolean entered = taking[cpu].enter();
    try {
      return finishHeld(cpu);
    } finally {
      if (entered) {
        taking[cpu].owner = 0;
      }
    }
  }

  /** The same, unless there is or may be a page to take: then nothing is done. */
  long tryFinish(int cpu) {
    if (!taking[cpu].tryEnter()) {
      return 0;
    }
    try {
      return taken[cpu] == null ? finishHeld(cpu) : 0;
    } finally {
      taking[cpu].owner = 0;
    }
  }

  /** An error before the last lines leaves the CPU as it was, to be finished. */
  private long finishHeld(int cpu) {
    if (isFinished(cpu) || cleared) {
      return 0;
    }
    Page page = taken[cpu];
    long lost = page == null ? 0 : events(page);
    lost += giveUp(cpu);
    states.set(cpu, FINISHED);
    taken[cpu] = null;
    if (page != null) {
      generation.release(page);
    }
    return lost;
  }

  /**
   * Ends this ring, which was cleared: what is unread is taken and dropped, so that it is not in a
   * ring's file either. Waits for a take that is under way. What cannot be taken now is left to the
   * next call: readers hold all spare pages, an event is being written, or an error has ended this
   * one.
   *
   * @param last whether this is the last call
   * @return whether all is dropped, and the ring closed
   */
  boolean drop(boolean last) {
    boolean all = true;
    for (int cpu = 0; cpu < cpus; cpu++) {
      boolean entered = taking[cpu].enter();
      try {
        if (states.get(cpu) == READING) {
          dropHeld(cpu, last);
        }
        all &= states.get(cpu) != READING;
      } finally {
        if (entered) {
          taking[cpu].owner = 0;
        }
      }
    }
    if (all) {
      generation.close();
    }
    return all;
  }

  private void dropHeld(int cpu, boolean last) {
    if (beforeDrop.get(cpu) == null) {
      long half = taken[cpu] == null ? 0 : events(taken[cpu]);
      beforeDrop.set(cpu, account(cpu).toBuilder().add(Counter.READ, -half).build());
    }
    // No more than a ring can have: a ring that gives pages without end must not keep us.
    for (int most = 2 * pages(); most > 0 && takeHeld(cpu, true) != null; most--) {
      Page page = taken[cpu];
      taken[cpu] = null;
      generation.release(page);
    }
    // For as long as a replaced ring may hold its readers: it must not stay for ever.
    if (last || unread(cpu) == 0 || generation.isSealedFor(ChainSource.PATIENCE)) {
      states.set(cpu, DROPPED);
    }
  }

  private long events(Page page) {
    try {
      return new PageCursor(PageFormat.of(pageSize())).count(page.memory());
    } catch (DamagedPageException e) {
      return 0;
    }
  }

  /** How many events have been given up since the last query: those of late commits, if any. */
  synchronized long giveUp(int cpu) {
    long all = unread(cpu);
    long late = all - givenUp[cpu];
    givenUp[cpu] = all;
    return late;
  }

  private long unread(int cpu) {
    return account(cpu).unread();
  }

  /**
   * Takes a page, unless the CPU is finished.
   *
   * @param handOut turns it into what the reader gets; may throw, and then meets the same page
   *     again
   */
  Page take(int cpu, boolean open, UnaryOperator<Page> handOut) {
    boolean entered = taking[cpu].enter();
    try {
      Page page = cleared ? null : takeHeld(cpu, open);
      if (page == null) {
        return null;
      }
      seen(cpu, page.sequence());
      Page handedOut = handOut.apply(page);
      taken[cpu] = null;
      return handedOut;
    } finally {
      if (entered) {
        taking[cpu].owner = 0;
      }
    }
  }

  private Page takeHeld(int cpu, boolean open) {
    if (taken[cpu] == null && !isFinished(cpu)) {
      try {
        taken[cpu] = ring().take(cpu, open);
      } catch (Throwable thrown) {
        generation.failed("take", thrown);
      }
    }
    return taken[cpu];
  }

  Page copy(int cpu, long from, MemorySegment into) {
    try {
      Page page = ring().copy(cpu, from, into);
      if (page != null) {
        seen(cpu, page.sequence());
      }
      return page;
    } catch (Throwable thrown) {
      generation.failed("copy", thrown);
      return null;
    }
  }

  void flush(int cpu) {
    try {
      ring().flush(cpu);
    } catch (Throwable thrown) {
      generation.failed("flush", thrown);
    }
  }

  int unreadPages(int cpu) {
    try {
      return isFinished(cpu) ? 0 : ring().unreadPages(cpu) + (taken[cpu] == null ? 0 : 1);
    } catch (Throwable thrown) {
      generation.queryFailed("unreadPages", thrown);
      return 0;
    }
  }

  /** See {@link ChainSource#keepIdle}. */
  boolean isIdle(long age) {
    return !isKept()
        && overwrites()
        && durableRings() == 0
        && generation.isSealedFor(age)
        && generation.isQuiet()
        && fitsOnHeap();
  }

  /** Whether the heap has room for what is unread. */
  boolean fitsOnHeap() {
    long pages = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
      pages += unreadPages(cpu) + 1L; // and the one that was being written
    }
    Runtime runtime = Runtime.getRuntime();
    long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    return pages * pageSize() <= free / PART_OF_HEAP;
  }

  /** The account of this ring; what is unread on a CPU that is finished has been given up. */
  Counters counters(int cpu) {
    boolean finished = states.get(cpu) == FINISHED; // first: what is read later is not given up
    Counters all = account(cpu).plus(generation.refusing().counters(cpu));
    return finished ? all.givenUp() : all;
  }

  /** The same once it was cleared; what had been given up before remains so. */
  Counters clearedCounters(int cpu) {
    Counters all = counters(cpu);
    Counters before =
        beforeDrop.get(cpu); // read after the account: if null, nothing had been dropped
    return before == null
        ? all.withUnreadCleared()
        : all.toBuilder()
            .set(Counter.READ, before.read())
            .set(Counter.PAGES_READ, before.pagesRead())
            .build()
            .withUnreadCleared();
  }

  private Counters account(int cpu) {
    try {
      Ring asked;
      Counters own;
      do {
        asked = ring();
        own = asked.counters(cpu);
      } while (asked != ring()); // a ring counts what is kept of it as read
      seen[cpu] = own;
      return own;
    } catch (Throwable thrown) {
      generation.queryFailed("counters", thrown);
      return seen[cpu];
    }
  }

  RingView view(int cpu) {
    try {
      return ring().view(cpu);
    } catch (Throwable thrown) {
      generation.queryFailed("view", thrown);
      return generation.refusing().view(cpu);
    }
  }

  private synchronized void seen(int cpu, long sequence) {
    highest[cpu] = Math.max(highest[cpu], sequence);
  }

  /** The offset of the ring's page numbers; −1 if no page of this ring has been seen yet. */
  synchronized long knownBase(int cpu) {
    return bases[cpu];
  }

  /** The same, fixed now if it is not yet: after all pages of the previous ring. */
  synchronized long base(int cpu, ReadSide before) {
    if (bases[cpu] < 0) {
      bases[cpu] = before == null ? 0 : before.end(cpu);
    }
    return bases[cpu];
  }

  /** The first number after the pages of this sealed ring. */
  private synchronized long end(int cpu) {
    long last = highest[cpu];
    RingView view = view(cpu);
    for (RingView.PageView page : view.pages()) {
      last = Math.max(last, page.sequence());
    }
    return Math.max(0, bases[cpu]) + last + 1;
  }
}
