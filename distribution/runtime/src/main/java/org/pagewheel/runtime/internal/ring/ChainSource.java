package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Leftovers;
import org.pagewheel.spi.PageSource;

/**
 * The rings of a buffer, old and new, as one source of pages: readers finish the old ring, then go
 * on with the next, CPU by CPU.
 *
 * <p>How it works: {@link Rings#live} are the rings that can be read, oldest first; only the last
 * one can be written to. A CPU is finished with a ring when the ring is sealed, no reservation is
 * open, and nothing is left to take. As these conditions concern the ring as a whole, a writer
 * stopped for ever between reserve and commit would keep all readers on the old ring: after {@link
 * #PATIENCE} the CPU goes on, and what was held back there counts as overrun and is reported in the
 * next page. A ring that every CPU has finished leaves the list and is closed; its account is kept
 * in {@link Rings#past} once nothing can be committed to it any more.
 *
 * <p>When the buffer is {@link #clear cleared}, all rings but the newest leave the list at once.
 * What is unread in them is dropped, which is not a loss, and counts only in {@link #totals}.
 *
 * <p>Writers never come here. Readers read the state once in each call and meet whatever rings it
 * names; one that is closed meanwhile returns null. Changes make a new state, one at a time.
 */
final class ChainSource implements PageSource {
  /** How long a sealed ring that is not quiet holds its readers, in nanoseconds. */
  static final long PATIENCE = 1_000_000_000;

  private final int cpus;
  private final Object change = new Object();

  /**
   * Held while rings are moved to the heap, and taken before {@link #change}: a backend that goes
   * waits for what a replacement still moves from one of its rings.
   */
  private final Object keeping = new Object();

  /** Written with {@link #change} held. */
  private volatile Rings state;

  /**
   * Lets go of generations that are no longer part of it: a writer may have remembered one, and its
   * links lead to all later ones. With {@link #change} held.
   */
  private final List<WeakReference<Generation>> forgotten = new ArrayList<>();

  private final Untold untold;

  ChainSource(Generation first) {
    this.cpus = first.config().cpus();
    this.untold = new Untold(cpus);
    this.state = Rings.of(new ReadSide(first), cpus);
  }

  /** Appends a ring that is not written to yet. */
  void add(Generation fresh) {
    synchronized (change) {
      state = state.with(new ReadSide(fresh));
    }
  }

  /** Per CPU: the number of the newest ring's first page. */
  long[] newest() {
    return state.newest();
  }

  /** How many rings can be read. */
  int rings() {
    return state.live().size();
  }

  /** Whether there is something for {@link #tidy} to do later. */
  boolean isUntidy() {
    Rings now = state;
    return now.live().size() > 1 || !now.lingering().isEmpty() || !now.cleared().isEmpty();
  }

  /** Whether there is no room for another ring. */
  boolean isFull() {
    return state.isFull() || state.firstTooMany() != null;
  }

  /**
   * Moves the unread events of the oldest surplus ring to the heap, so that the ring can go.
   *
   * @param patience in nanoseconds, as for {@link #keep}
   * @return false if the heap has no room for it, or too much is kept already
   */
  boolean keepOldest(long patience) {
    synchronized (keeping) {
      return keepFirst(patience);
    }
  }

  private boolean keepFirst(long patience) {
    Leaving leaving;
    synchronized (change) {
      ReadSide oldest = state.firstTooMany();
      if (oldest == null || state.isFull() || !oldest.fitsOnHeap()) {
        return false;
      }
      leaving = Leaving.of(oldest, false);
    }
    absorb(leaving, System.nanoTime(), patience);
    tidy();
    return true;
  }

  /**
   * Moves the unread events of replaced rings that are not being read to the heap, so that the
   * rings can go: in an idle buffer no writer ages them out. Rings whose memory outlives the
   * process stay, and so do those that are not quiet or do not fit. Does not wait.
   *
   * @param age in nanoseconds, since they were sealed
   */
  void keepIdle(long age) {
    synchronized (keeping) {
      for (ReadSide ring : state.replaced()) {
        Leaving leaving = null;
        synchronized (change) {
          if (state.replaced().contains(ring) && ring.isIdle(age)) {
            leaving = Leaving.of(ring, true);
          }
        }
        if (leaving != null) {
          absorb(leaving, System.nanoTime(), 0);
        }
      }
    }
  }

  /**
   * Called when a backend is going and the rings that it made are sealed: keeps what is unread in
   * them. When this returns, nothing of the backend is used except pages that readers still hold.
   *
   * @param patience in nanoseconds, how long readers may hold all spare pages of a ring; an event
   *     being written is waited for up to {@link #PATIENCE}
   */
  void keep(Backend backend, long patience) {
    synchronized (keeping) {
      keepAll(backend, patience);
    }
  }

  private void keepAll(Backend backend, long patience) {
    awaitCleared(backend, patience);
    List<Leaving> going = new ArrayList<>();
    synchronized (change) {
      for (ReadSide ring : state.live()) {
        if (isOf(ring, backend)) {
          going.add(Leaving.of(ring, false));
        }
      }
      for (ReadSide ring : state.lingering()) {
        if (isOf(ring, backend)) {
          forget(ring);
        }
      }
      for (ReadSide ring : state.cleared()) {
        if (isOf(ring, backend)) {
          ring.drop(true);
          forget(ring);
        }
      }
      forgotten.removeIf(each -> isLetGo(each.get(), backend));
    }
    long begin = System.nanoTime();
    going.forEach(leaving -> absorb(leaving, begin, patience));
  }

  /** Events that are being written in cleared rings are waited for, as in others. */
  private void awaitCleared(Backend backend, long patience) {
    long begin = System.nanoTime();
    tidy();
    while (state.cleared().stream().anyMatch(ring -> isOf(ring, backend))
        && System.nanoTime() - begin < Math.min(patience, PATIENCE)) {
      Threads.pause(Duration.ofMillis(1));
      tidy();
    }
  }

  private static boolean isLetGo(Generation old, Backend backend) {
    if (old != null && old.backend().orElse(null) == backend && old.isQuiet()) {
      old.letGo();
      return true;
    }
    return old == null;
  }

  private static boolean isOf(ReadSide ring, Backend backend) {
    return ring.generation().backend().orElse(null) == backend;
  }

  private void absorb(Leaving leaving, long begin, long patience) {
    boolean quiet = leaving.absorb(begin, patience);
    for (int cpu = 0; cpu < cpus; cpu++) {
      untold.add(leaving.ring(), cpu, leaving.kept().lost(cpu));
    }
    if (quiet) {
      leaving.old().letGo();
    }
  }

  /** Lets go of rings: the finished, the aged and the quiet ones. Does not wait. */
  void tidy() {
    synchronized (change) {
      for (ReadSide ring : state.replaced()) {
        finishWhatIsDone(ring);
      }
      for (ReadSide ring : state.replaced()) {
        if (ring.isFinished()) {
          retire(ring);
        }
      }
      for (ReadSide ring : state.lingering()) {
        if (ring.generation().isQuiet()) {
          forget(ring);
        }
      }
      for (ReadSide ring : state.cleared()) {
        if (ring.drop(false) && ring.generation().isQuiet()) {
          forget(ring);
        }
      }
    }
  }

  /**
   * Clears all rings but the newest, which the writers now use: the others are sealed. What is
   * unread in them is dropped by the next {@link #tidy}.
   */
  void clear() {
    synchronized (change) {
      Rings after = state.clearing(state.newest());
      ReadSide[] rings = after.cleared().toArray(new ReadSide[0]);
      boolean[][] entered = new boolean[rings.length][cpus];
      try {
        for (int i = 0; i < rings.length; i++) {
          for (int cpu = 0; cpu < cpus; cpu++) {
            entered[i][cpu] =
                rings[i].taking[cpu].enter(); // what is being taken counts as read first
          }
        }
        synchronized (untold) {
          // Nothing is called from here on: an error comes before this, or all of it is done.
          for (ReadSide ring : rings) {
            ring.cleared = true;
          }
          state = after;
          for (int cpu = 0; cpu < cpus; cpu++) {
            untold.events[cpu] = 0;
          }
        }
      } finally {
        for (int i = 0; i < rings.length; i++) {
          for (int cpu = 0; cpu < cpus; cpu++) {
            if (entered[i][cpu]) {
              rings[i].taking[cpu].owner = 0;
            }
          }
        }
      }
    }
  }

  /** Gives up the oldest ring, if there is more than one; returns how many events were unread. */
  long giveUpOldest() {
    long events = 0;
    synchronized (change) {
      if (state.live().size() > 1) {
        for (int cpu = 0; cpu < cpus; cpu++) {
          ReadSide oldest = state.live().getFirst();
          long unread = oldest.finish(cpu);
          untold.add(oldest, cpu, unread);
          events += unread;
        }
        retire(state.live().getFirst());
      }
    }
    return events;
  }

  /** Closes every ring but the last, which refuses everything. */
  void close() {
    synchronized (change) {
      while (state.live().size() > 1) {
        giveUpOldest();
      }
      state.lingering().forEach(this::forget);
      state.cleared().forEach(ring -> ring.drop(true));
      state.cleared().forEach(this::forget);
    }
  }

  /** A ring, not the last one, can be read no more. */
  private void retire(ReadSide ring) {
    Rings now = state;
    int next = now.live().indexOf(ring) + 1;
    for (int cpu = 0; cpu < cpus; cpu++) {
      ChainPages.base(now.live(), next, cpu);
    }
    ring.generation().close();
    state = now.retired(ring);
    if (ring.generation().isQuiet()) {
      forget(ring);
    }
  }

  /** A lingering ring's account is final. */
  private void forget(ReadSide ring) {
    for (int cpu = 0; cpu < cpus; cpu++) {
      untold.add(ring, cpu, ring.giveUp(cpu));
    }
    state = state.forgotten(ring);
    forgotten.removeIf(each -> each.get() == null);
    forgotten.add(new WeakReference<>(ring.generation()));
  }

  /**
   * Finishes the CPUs of a replaced ring that need no reader for it: those with nothing in it, and
   * those that have since written enough to have overwritten it.
   */
  private void finishWhatIsDone(ReadSide ring) {
    boolean quiet = ring.generation().isQuiet();
    for (int cpu = 0; cpu < cpus; cpu++) {
      if (!ring.isFinished(cpu)) {
        boolean done = quiet && ring.counters(cpu).unread() == 0;
        if (done || ring.overwrites() && pagesSince(ring, cpu) >= ring.pages()) {
          untold.add(ring, cpu, ring.tryFinish(cpu));
        }
      }
    }
  }

  private long pagesSince(ReadSide ring, int cpu) {
    List<ReadSide> live = state.live();
    long pages = 0;
    for (int i = live.indexOf(ring) + 1; i < live.size(); i++) {
      pages += live.get(i).counters(cpu).pagesWritten();
    }
    return pages;
  }

  @Override
  public Page take(int cpu, boolean open) {
    Objects.checkIndex(cpu, cpus);
    Leftovers.settle();
    List<ReadSide> live = state.live();
    Page page = null;
    for (int i = 0; i < live.size() && page == null; i++) {
      ReadSide ring = live.get(i);
      if (ring.isFinished(cpu)) {
        continue;
      }
      int at = i;
      boolean last = i == live.size() - 1;
      page = ring.take(cpu, open, taken -> handedOut(live, at, cpu, taken));
      if (page == null && !last && ring.isOver(cpu)) {
        // What was committed between that take and the moment the ring became quiet must not be
        // left.
        page = ring.take(cpu, true, taken -> handedOut(live, at, cpu, taken));
        if (page == null) {
          untold.add(ring, cpu, ring.finish(cpu));
          tidy(); // before a page is handed out, for an error would lose it
          continue;
        }
      }
      if (page == null) {
        break;
      }
    }
    return page;
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    Objects.checkIndex(cpu, cpus);
    Leftovers.settle();
    List<ReadSide> live = state.live();
    for (int i = 0; i < live.size(); i++) {
      ReadSide ring = live.get(i);
      boolean last = i == live.size() - 1;
      if (ring.isFinished(cpu) || !last && ChainPages.isBehind(live.get(i + 1), cpu, from)) {
        continue;
      }
      // The base may be fixed only when a page exists: until then the previous ring may go on.
      long base = ring.knownBase(cpu);
      long own = base < 0 ? 0 : Math.max(0, from - base);
      Page page = ring.copy(cpu, own, ChainPages.fitting(ring, into));
      if (page == null) {
        continue;
      }
      base = ChainPages.base(live, i, cpu);
      if (base + page.sequence() < from) {
        page = ring.copy(cpu, from - base, ChainPages.fitting(ring, into));
      }
      if (page != null) {
        return ChainPages.numbered(live, i, cpu, page, from == 0 ? untold.of(cpu) : 0);
      }
    }
    return null;
  }

  /** A taken page, as its reader gets it. Errors come before the last store. */
  private Page handedOut(List<ReadSide> live, int i, int cpu, Page page) {
    long lost = untold.of(cpu);
    Page numbered = ChainPages.numbered(live, i, cpu, page, lost);
    untold.told(cpu, lost);
    return numbered;
  }

  @Override
  public void flush(int cpu) {
    Objects.checkIndex(cpu, cpus);
    Leftovers.settle();
    state.live().getLast().flush(cpu);
  }

  @Override
  public int cpus() {
    return cpus;
  }

  /** The largest of the rings that can be read. */
  @Override
  public int pageSize() {
    return state.live().stream().mapToInt(ReadSide::pageSize).max().orElseThrow();
  }

  @Override
  public int pages() {
    return state.live().stream().mapToInt(ReadSide::pages).sum();
  }

  @Override
  public int unreadPages(int cpu) {
    Objects.checkIndex(cpu, cpus);
    int pages = 0;
    for (ReadSide ring : state.live()) {
      pages += ring.unreadPages(cpu);
    }
    return pages;
  }

  @Override
  public Counters counters(int cpu) {
    Objects.checkIndex(cpu, cpus);
    return account(now -> now.counters(cpu));
  }

  @Override
  public Counters totals(int cpu) {
    Objects.checkIndex(cpu, cpus);
    return account(now -> now.totals(cpu));
  }

  private Counters account(Function<Rings, Counters> sum) {
    while (true) {
      Rings now = state;
      Counters account = sum.apply(now);
      if (now == state) {
        return account; // else a ring has come or gone: one that was let go of has no account
      }
    }
  }

  @Override
  public long clearedBefore(int cpu) {
    return state.cutAt()[cpu];
  }

  /** See {@link SwappableBuffer#missing}. */
  int missing(int percent) {
    int wanted = (int) Math.max(1, Math.ceilDiv(percent * (long) pages(), 100L) - 1);
    int most = 0;
    for (int cpu = 0; cpu < cpus; cpu++) {
      most = Math.max(most, unreadPages(cpu));
    }
    return wanted - most;
  }

  /** The newest ring. */
  RingView view(int cpu) {
    if (cpu < 0 || cpu >= cpus) {
      throw new IllegalArgumentException("CPU " + cpu + " is not from 0 to " + (cpus - 1));
    }
    return state.live().getLast().view(cpu);
  }
}
