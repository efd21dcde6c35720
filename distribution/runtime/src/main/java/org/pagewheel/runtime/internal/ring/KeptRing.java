package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Ring;

/**
 * A sealed ring whose backend is going: what is unread in it is moved to the Java heap, page by
 * page, and read from there as if nothing had happened. After {@link #cut} nothing of the backend
 * is referenced any more.
 *
 * <p>How it works: a take returns the oldest kept page, or else one taken from the ring and copied.
 * So the order holds however readers and {@link #absorb} meet, and the ring gets its own pages back
 * at once. What readers have read is what they got here, in addition to what they had from the ring
 * before: a page on its way counts as unread.
 *
 * <p>A ring whose memory outlives the process keeps its content: its pages are copied with a cursor
 * instead of taken, so that they still exist if the process dies before they are read. Then the
 * ring's account counts what is kept as unread, and its bytes and pages are not added again.
 *
 * <p>A lack of memory or stack can end any call. So a half-done step is in the fields of a {@link
 * KeptCpu}, and the next call goes on with it; {@link #cut}, which is not called again, does so
 * itself.
 */
final class KeptRing extends NullRing {
  /** How many times {@link #cut} goes on after an error, and how long it waits before. */
  private static final int ATTEMPTS = 20;

  private static final long PAUSE_NANOS = 1_000_000;

  private final KeptCpu[] cpus;

  /** Whether pages are copied instead of taken. */
  private final boolean copies;

  /** The ring, until {@link #cut}. */
  private volatile Ring source;

  /** Whether there will be no more reading, and what was unread has been given up. */
  private volatile boolean closed;

  /**
   * @param source a sealed ring from which no pages are taken any more
   * @param config what it was made by
   * @param copies whether to copy its pages instead of taking them
   */
  KeptRing(Ring source, BufferConfig config, boolean copies) {
    super(config);
    this.source = source;
    this.copies = copies;
    this.cpus = new KeptCpu[config.cpus()];
    Arrays.setAll(cpus, cpu -> new KeptCpu());
    super.seal();
  }

  /**
   * Moves everything here that is available now.
   *
   * @return whether that was all; if not, an event is being written, or readers hold the ring's
   *     spare pages
   */
  boolean absorb() {
    if (closed) {
      return true;
    }
    boolean all = source.isQuiet(); // checked first: what is committed after that would be left
    for (int i = 0; i < cpus.length; i++) {
      synchronized (cpus[i]) {
        // Each goes after those already here. No more than a ring can have: a ring that gives pages
        // without end must not keep us, or fill the heap, beyond the caller's patience.
        boolean more = true;
        for (int most = 2 * pages(); more && most > 0; most--) {
          more = fetch(i, true);
        }
        all &= copies ? !more : source.counters(i).unread() == 0;
      }
    }
    return all;
  }

  /** The ring, while it has anything for a CPU; null once that is cut. With the CPU's lock held. */
  private Ring source(int cpu) {
    return cpus[cpu].isCut ? null : source;
  }

  /** Takes a page from the ring, with the CPU's lock held. */
  private boolean fetch(int number, boolean open) {
    Ring ring = source(number);
    KeptCpu cpu = cpus[number];
    if (ring == null) {
      return false;
    }
    if (copies) {
      return fetchCopy(ring, number, ring.isQuiet());
    }
    cpu.giveBack();
    if (cpu.taken == null) {
      Counters before = cpu.ask(ring, number);
      if (before.unread() == 0) {
        return false;
      }
      cpu.place =
          new KeptCpu.Kept(pageSize()); // before anything is taken, for there may be no memory
      cpu.before = before;
      cpu.taken = ring.take(number, open);
    }
    if (cpu.taken == null) {
      return false;
    }
    keepTaken(ring, number);
    cpu.giveBack();
    return true;
  }

  /**
   * Only the stores at the end change anything. A page that may still grow is left for later: an
   * event in it is being written.
   *
   * @param last whether pages no longer grow, or growing is not waited for
   */
  private boolean fetchCopy(Ring ring, int number, boolean last) {
    KeptCpu cpu = cpus[number];
    Counters now = cpu.ask(ring, number);
    if (now.written() - now.overrun() - cpu.read - cpu.events == 0) {
      return false;
    }
    KeptCpu.Kept kept = new KeptCpu.Kept(pageSize());
    Page page = ring.copy(number, cpu.from, kept.copy);
    if (page == null || !last && !isFollowed(ring, number, page)) {
      return false;
    }
    kept.sequence = page.sequence();
    kept.firstEntry = page.firstEntry();
    kept.events = eventsOn(kept);
    kept.pages = 1;
    cpu.append(kept, now);
    return true;
  }

  /** Whether there is a page after it: then it no longer grows. */
  private boolean isFollowed(Ring ring, int number, Page page) {
    KeptCpu cpu = cpus[number];
    if (cpu.scratch == null) {
      cpu.scratch = new KeptCpu.Kept(pageSize());
    }
    return ring.copy(number, page.sequence() + 1, cpu.scratch.copy) != null;
  }

  /** The events on the copy, which has none that were consumed before. */
  private long eventsOn(KeptCpu.Kept kept) {
    try {
      return new PageCursor(PageFormat.of(pageSize())).count(kept.copy);
    } catch (DamagedPageException e) {
      return 0; // its reader meets the damage, and what was on it counts as given up
    }
  }

  private void keepTaken(Ring ring, int number) {
    KeptCpu cpu = cpus[number];
    KeptCpu.Kept kept = cpu.place;
    Counters after;
    try {
      kept.copy.copyFrom(cpu.taken.memory());
      kept.sequence = cpu.taken.sequence();
      kept.firstEntry = cpu.taken.firstEntry();
      after = ring.counters(number);
      kept.events = after.read() - cpu.before.read();
      kept.pages = after.pagesRead() - cpu.before.pagesRead();
    } catch (Throwable thrown) {
      if (!(thrown instanceof VirtualMachineError)) {
        cpu.leaving = cpu.taken;
        cpu.taken = null;
      }
      throw thrown;
    }
    cpu.append(kept, after);
  }

  /**
   * Lets go of the ring and closes it; what is left in it is given up, see {@link #lost}. Goes on
   * after errors as long as there is hope.
   */
  void cut() {
    for (int attempt = 1; source != null; attempt++) {
      try {
        cutOnce();
      } catch (VirtualMachineError full) {
        if (attempt == ATTEMPTS) {
          throw full;
        }
        pause();
      }
    }
  }

  private void pause() {
    try {
      LockSupport.parkNanos(this, PAUSE_NANOS);
    } catch (VirtualMachineError full) {
      // then at once
    }
  }

  private void cutOnce() {
    Ring ring = source;
    for (int i = 0; i < cpus.length; i++) {
      KeptCpu cpu = cpus[i];
      synchronized (cpu) {
        if (!cpu.isCut) {
          keepQuietly(ring, i);
          giveBackQuietly(cpu);
          askQuietly(ring, i);
          long lost = cpu.seen.written() - cpu.seen.overrun() - cpu.read - cpu.events;
          cpu.lost = lost;
          cpu.isCut = true;
        }
      }
    }
    closeQuietly(ring);
    source = null;
  }

  /** How many events a CPU gave up when it was cut that had not been given up before. */
  long lost(int cpu) {
    synchronized (cpus[cpu]) {
      return closed ? 0 : cpus[cpu].lost;
    }
  }

  // The backend is going: a report of what it throws now helps no one.

  private void keepQuietly(Ring ring, int cpu) {
    try {
      if (cpus[cpu].taken != null) {
        keepTaken(ring, cpu);
      }
      boolean more = copies;
      for (int most = 2 * pages(); more && most > 0; most--) {
        more = fetchCopy(ring, cpu, true);
      }
    } catch (VirtualMachineError full) {
      throw full;
    } catch (Throwable thrown) {
      // it is lost with the ring
    }
  }

  private static void giveBackQuietly(KeptCpu cpu) {
    try {
      cpu.giveBack();
    } catch (VirtualMachineError full) {
      throw full;
    } catch (Throwable thrown) {
      // likewise
    }
  }

  private void askQuietly(Ring ring, int cpu) {
    try {
      cpus[cpu].ask(ring, cpu);
    } catch (VirtualMachineError full) {
      throw full;
    } catch (Throwable thrown) {
      // what was seen last holds
    }
  }

  private static void closeQuietly(Ring ring) {
    try {
      ring.close();
    } catch (VirtualMachineError full) {
      throw full;
    } catch (Throwable thrown) {
      // likewise
    }
  }

  @Override
  public boolean isQuiet() {
    Ring ring = source;
    return ring == null || ring.isQuiet();
  }

  @Override
  public Page take(int cpu, boolean open) {
    KeptCpu from = cpus[cpu];
    synchronized (from) {
      if (from.size == 0 && !fetch(cpu, open)) {
        return null;
      }
      Page page = from.first.page(cpu, from.first.copy); // the page stays if there is no memory
      from.removeFirst(copies);
      return page;
    }
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    Ring ring;
    long rest = from;
    synchronized (cpus[cpu]) {
      ring = source(cpu);
      if (copies) {
        rest = Math.max(from, cpus[cpu].from); // the ring still has what readers got here
      }
      for (KeptCpu.Kept kept = cpus[cpu].first; kept != null; kept = kept.next) {
        if (kept.sequence >= from) {
          into.copyFrom(kept.copy);
          return kept.page(cpu, into);
        }
      }
    }
    return ring == null ? null : ring.copy(cpu, rest, into);
  }

  @Override
  public int unreadPages(int cpu) {
    synchronized (cpus[cpu]) {
      Ring ring = source(cpu);
      int others = ring == null ? 0 : ring.unreadPages(cpu);
      if (ring != null && copies) {
        others -= (int) cpus[cpu].copiesGiven + cpus[cpu].size;
      }
      return cpus[cpu].size + Math.max(0, others);
    }
  }

  @Override
  public Counters counters(int number) {
    KeptCpu cpu = cpus[number];
    synchronized (cpu) {
      if (!cpu.isCut) {
        cpu.ask(source, number);
      }
      Counters c = cpu.seen;
      long bytes = cpu.isCut ? 0 : c.bytes() - cpu.bytesGiven;
      if (cpu.isCut || !copies) { // else the ring's own account counts them
        for (KeptCpu.Kept kept = cpu.first; kept != null; kept = kept.next) {
          bytes += kept.bytes();
        }
      }
      long oldest = cpu.isCut ? Counters.NONE : c.oldest();
      if (cpu.size > 0) {
        oldest = cpu.first.copy.get(PageLayout.LONG, PageLayout.TIME);
      }
      return c.toBuilder()
          .set(Counter.READ, cpu.read)
          .set(Counter.OVERRUN, c.overrun() + cpu.lost)
          .set(Counter.BYTES, bytes)
          .set(Counter.PAGES_READ, cpu.pagesRead)
          .set(Counter.OLDEST, oldest)
          .build();
    }
  }

  @Override
  public RingView view(int cpu) {
    Ring ring = source;
    if (ring != null) {
      return ring.view(cpu);
    }
    List<RingView.PageView> views = new ArrayList<>(super.view(cpu).pages());
    synchronized (cpus[cpu]) {
      for (KeptCpu.Kept kept = cpus[cpu].first; kept != null; kept = kept.next) {
        int used = (int) kept.bytes();
        views.add(
            RingView.PageView.of(kept.sequence, RingView.State.FULL, used, (int) kept.events));
      }
    }
    return RingView.builder(cpu, PageLayout.capacity(pageSize()), views).build();
  }

  @Override
  public void close() {
    closed = true;
    Ring ring = source;
    if (ring != null) {
      ring.close();
    }
  }
}
