package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Leftovers;
import org.pagewheel.spi.PageSource;
import org.pagewheel.spi.Ring;

/**
 * The rings of a buffer, old and new, as one source of pages: readers finish the old ring, then go
 * on with the next, CPU by CPU.
 *
 * <p>How it works: {@link State#live} are the rings that can be read, oldest first; only the last
 * one can be written to. A CPU is finished with a ring when the ring is sealed, no reservation is
 * open, and nothing is left to take. As that question is asked of the ring as a whole, a writer
 * that has stopped for ever between reserve and commit would keep everybody on the old ring: after
 * {@link #PATIENCE} the CPU goes on, and what was held back there counts as overrun and is told in
 * the next page. A ring that every CPU is finished with leaves the list and is closed; its account
 * is kept in {@link State#past}, once nothing can be committed to it any more.
 *
 * <p>Writers never come here. Readers read the state once in each call and meet whatever rings it
 * names; one that is closed meanwhile answers null. Changes make a new state, one at a time.
 */
final class ChainSource implements PageSource {
  /** How long a sealed ring that is not quiet holds its readers, in nanoseconds. */
  static final long PATIENCE = 1_000_000_000;

  /**
   * How many rings that hold memory of a backend can be read at once, unless the ring allows more
   * of its kind: see {@link Ring#durableRings}.
   */
  static final int MAX_BACKENDS = 3;

  /** How many rings can be read at once: each take and each query goes through them. */
  private static final int MAX = 64;

  /**
   * All rings, each in one place.
   *
   * @param live can be read, oldest first, at least one
   * @param lingering are closed, but a reservation is open
   * @param past per CPU, the accounts of all others
   */
  private record State(List<ReadSide> live, List<ReadSide> lingering, List<Counters> past) {}

  private final int cpus;
  private final Object change = new Object();

  /**
   * Held while rings are brought to the heap, and taken before {@link #change}: a backend that goes
   * waits for what a replacement still brings from a ring of its own.
   */
  private final Object keeping = new Object();

  /** Written with {@link #change} held. */
  private volatile State state;

  /**
   * Those that are no part of it any more: a writer may have remembered one, and the links from it
   * lead to all that came after. With {@link #change} held.
   */
  private final List<WeakReference<Generation>> forgotten = new ArrayList<>();

  /** Per CPU: events given up that no page has told yet. */
  private final long[] untold;

  ChainSource(Generation first) {
    this.cpus = first.config().cpus();
    this.untold = new long[cpus];
    List<Counters> nothing = Collections.nCopies(cpus, Counters.ZERO);
    this.state = new State(List.of(new ReadSide(first)), List.of(), nothing);
  }

  /** Appends a ring that nobody writes to yet. */
  void add(Generation fresh) {
    synchronized (change) {
      List<ReadSide> live = new ArrayList<>(state.live);
      live.add(new ReadSide(fresh));
      state = new State(List.copyOf(live), state.lingering, state.past);
    }
  }

  /** How many rings can be read. */
  int rings() {
    return state.live.size();
  }

  /** Whether there is something for {@link #tidy} to do later. */
  boolean isUntidy() {
    State now = state;
    return now.live.size() > 1 || !now.lingering.isEmpty();
  }

  /** Whether there is no room for another ring. */
  boolean isFull() {
    List<ReadSide> live = state.live;
    return live.size() >= MAX || firstTooMany(live) != null;
  }

  /** The oldest ring that cannot stay as it is if another one comes; null if all can. */
  private static ReadSide firstTooMany(List<ReadSide> live) {
    ReadSide oldest = null;
    int rings = 0;
    for (ReadSide ring : live.reversed()) {
      if (!ring.isKept() && ++rings >= Math.max(MAX_BACKENDS, ring.durableRings())) {
        oldest = ring;
      }
    }
    return oldest;
  }

  /**
   * Brings what is unread in the oldest ring that is one too many to the heap, so that the ring is
   * no more.
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
    Generation old;
    KeptRing kept;
    synchronized (change) {
      ReadSide oldest = firstTooMany(state.live);
      if (oldest == null || state.live.size() >= MAX || !oldest.fitsOnHeap()) {
        return false;
      }
      old = oldest.generation();
      kept = oldest.keep();
    }
    absorb(old, kept, System.nanoTime(), patience);
    tidy();
    return true;
  }

  /**
   * A backend is going, and the rings that it made are sealed: what is unread in them is kept here.
   * When this returns, nothing of the backend is used any more but pages that readers still hold.
   *
   * @param patience in nanoseconds, how long readers may hold all the pages that a ring has to
   *     spare; an event that is being written is waited for as long as {@link #PATIENCE}
   */
  void keep(Backend backend, long patience) {
    synchronized (keeping) {
      keepAll(backend, patience);
    }
  }

  private void keepAll(Backend backend, long patience) {
    Map<Generation, KeptRing> going = new LinkedHashMap<>();
    synchronized (change) {
      for (ReadSide ring : state.live) {
        if (isOf(ring, backend)) {
          going.put(ring.generation(), ring.keep());
        }
      }
      for (ReadSide ring : state.lingering) {
        if (isOf(ring, backend)) {
          forget(ring);
        }
      }
      forgotten.removeIf(each -> isLetGo(each.get(), backend));
    }
    long begin = System.nanoTime();
    going.forEach((old, kept) -> absorb(old, kept, begin, patience));
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

  private void absorb(Generation old, KeptRing kept, long begin, long patience) {
    try {
      while (!old.isBroken() && !kept.absorb()) {
        long passed = System.nanoTime() - begin;
        if (passed > patience || passed > PATIENCE && !kept.isQuiet()) {
          break;
        }
        Threads.pause(Duration.ofMillis(1));
      }
    } catch (Throwable thrown) {
      old.fail("take", thrown); // or there is no memory: the rest is given up
    }
    boolean quiet = old.isQuiet();
    kept.cut();
    for (int cpu = 0; cpu < cpus; cpu++) {
      lost(cpu, kept.lost(cpu));
    }
    if (quiet) {
      old.letGo();
    }
  }

  /** Lets go of rings: the finished, the aged and the quiet ones. Waits for nobody. */
  void tidy() {
    synchronized (change) {
      for (ReadSide ring : state.live.subList(0, state.live.size() - 1)) {
        finishWhatIsDone(ring);
      }
      for (ReadSide ring : state.live.subList(0, state.live.size() - 1)) {
        if (ring.isFinished()) {
          retire(ring);
        }
      }
      for (ReadSide ring : state.lingering) {
        if (ring.generation().isQuiet()) {
          forget(ring);
        }
      }
    }
  }

  /** Gives up the oldest ring, if there is more than one; returns how many events were unread. */
  long giveUpOldest() {
    long events = 0;
    synchronized (change) {
      if (state.live.size() > 1) {
        for (int cpu = 0; cpu < cpus; cpu++) {
          long unread = state.live.getFirst().finish(cpu);
          lost(cpu, unread);
          events += unread;
        }
        retire(state.live.getFirst());
      }
    }
    return events;
  }

  /** Closes every ring but the last, which refuses everything. */
  void close() {
    synchronized (change) {
      while (state.live.size() > 1) {
        giveUpOldest();
      }
      state.lingering.forEach(this::forget);
    }
  }

  /** A ring, not the last one, can be read no more. */
  private void retire(ReadSide ring) {
    State now = state;
    int next = now.live.indexOf(ring) + 1;
    for (int cpu = 0; cpu < cpus; cpu++) {
      ChainPages.base(now.live, next, cpu);
    }
    ring.generation().close();
    List<ReadSide> live = new ArrayList<>(now.live);
    live.remove(ring);
    List<ReadSide> lingering = new ArrayList<>(now.lingering);
    lingering.add(ring);
    state = new State(List.copyOf(live), List.copyOf(lingering), now.past);
    if (ring.generation().isQuiet()) {
      forget(ring);
    }
  }

  /** A lingering ring's account is final. */
  private void forget(ReadSide ring) {
    State now = state;
    List<Counters> past = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      lost(cpu, ring.giveUp(cpu));
      past.add(now.past.get(cpu).plus(ring.counters(cpu)));
    }
    List<ReadSide> lingering = new ArrayList<>(now.lingering);
    lingering.remove(ring);
    state = new State(now.live, List.copyOf(lingering), List.copyOf(past));
    forgotten.removeIf(each -> each.get() == null);
    forgotten.add(new WeakReference<>(ring.generation()));
  }

  /**
   * Finishes the CPUs of a replaced ring that need no reader for that: those with nothing in it,
   * and those that have written as much since as would have overwritten it.
   */
  private void finishWhatIsDone(ReadSide ring) {
    boolean quiet = ring.generation().isQuiet();
    for (int cpu = 0; cpu < cpus; cpu++) {
      if (!ring.isFinished(cpu)) {
        boolean done = quiet && ring.counters(cpu).unread() == 0;
        if (done || ring.overwrites() && pagesSince(ring, cpu) >= ring.pages()) {
          lost(cpu, ring.tryFinish(cpu));
        }
      }
    }
  }

  private long pagesSince(ReadSide ring, int cpu) {
    List<ReadSide> live = state.live;
    long pages = 0;
    for (int i = live.indexOf(ring) + 1; i < live.size(); i++) {
      pages += live.get(i).counters(cpu).pagesWritten();
    }
    return pages;
  }

  /**
   * What was given up counts as overrun, and the next page of the CPU tells it. Less than none was
   * given up where a ring whose writers were still at work had said too much: that is taken back.
   */
  private void lost(int cpu, long events) {
    if (events != 0) {
      synchronized (untold) {
        untold[cpu] = Math.max(0, untold[cpu] + events);
      }
    }
  }

  @Override
  public Page take(int cpu, boolean open) {
    Objects.checkIndex(cpu, cpus);
    Leftovers.settle();
    List<ReadSide> live = state.live;
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
        // What was committed between that take and the ring's falling quiet must not be left.
        page = ring.take(cpu, true, taken -> handedOut(live, at, cpu, taken));
        if (page == null) {
          lost(cpu, ring.finish(cpu));
          tidy(); // before a page is handed out, which an error would lose
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
    List<ReadSide> live = state.live;
    for (int i = 0; i < live.size(); i++) {
      ReadSide ring = live.get(i);
      boolean last = i == live.size() - 1;
      if (ring.isFinished(cpu) || !last && ChainPages.isBehind(live.get(i + 1), cpu, from)) {
        continue;
      }
      // The base may be said only when a page is there: until then the ring before may go on.
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
        return ChainPages.numbered(live, i, cpu, page, from == 0 ? untold(cpu) : 0);
      }
    }
    return null;
  }

  /** A page that was taken, as its reader gets it. Errors come before the last store. */
  private Page handedOut(List<ReadSide> live, int i, int cpu, Page page) {
    long lost = untold(cpu);
    Page numbered = ChainPages.numbered(live, i, cpu, page, lost);
    if (lost != 0) {
      synchronized (untold) {
        long rest = untold[cpu] - lost;
        untold[cpu] = rest < 0 ? 0 : rest; // lost() may have taken some back meanwhile
      }
    }
    return numbered;
  }

  /** What the next page has to tell. */
  private long untold(int cpu) {
    synchronized (untold) {
      return untold[cpu];
    }
  }

  @Override
  public void flush(int cpu) {
    Objects.checkIndex(cpu, cpus);
    Leftovers.settle();
    state.live.getLast().flush(cpu);
  }

  @Override
  public int cpus() {
    return cpus;
  }

  /** The largest of the rings that can be read. */
  @Override
  public int pageSize() {
    int largest = 0;
    for (ReadSide ring : state.live) {
      largest = Math.max(largest, ring.pageSize());
    }
    return largest;
  }

  @Override
  public int pages() {
    int pages = 0;
    for (ReadSide ring : state.live) {
      pages += ring.pages();
    }
    return pages;
  }

  @Override
  public int unreadPages(int cpu) {
    Objects.checkIndex(cpu, cpus);
    int pages = 0;
    for (ReadSide ring : state.live) {
      pages += ring.unreadPages(cpu);
    }
    return pages;
  }

  @Override
  public Counters counters(int cpu) {
    Objects.checkIndex(cpu, cpus);
    State now;
    Counters sum;
    do {
      now = state;
      sum = now.past.get(cpu);
      for (ReadSide ring : now.live) {
        sum = sum.plus(ring.counters(cpu));
      }
      for (ReadSide ring : now.lingering) {
        sum = sum.plus(ring.counters(cpu));
      }
    } while (now != state); // a ring has come or gone: one that was let go of knows no account
    return sum;
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
    return state.live.getLast().view(cpu);
  }
}
