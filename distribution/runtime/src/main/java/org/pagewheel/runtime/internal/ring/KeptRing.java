package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Ring;

/**
 * A sealed ring whose backend is going: what is unread in it is brought to the Java heap, page by
 * page, and read from there as if nothing had happened. Once {@link #cut} is done, nothing of the
 * backend is referred to any more.
 *
 * <p>How it works: a page that is taken is the oldest one kept, or else one that is taken from the
 * ring and copied. So the order holds however readers and {@link #absorb} meet, and the ring's own
 * pages are back with it at once.
 */
final class KeptRing extends NullRing {
  private final Cpu[] cpus;

  /** The ring, until {@link #cut}. */
  private volatile Ring source;

  /** Whether nobody will read any more, and what was unread has been given up. */
  private volatile boolean closed;

  /** A page with what the account must know of it. */
  private record Kept(Page page, long events) {
    long bytes() {
      return page.memory().get(PageLayout.INT, PageLayout.COMMIT) & PageLayout.COMMIT_MASK;
    }
  }

  /** One CPU; guarded by itself. */
  private static final class Cpu {
    final Deque<Kept> pages = new ArrayDeque<>();

    /** The events on those pages, which the ring's account has as read. */
    long events;

    /** The ring's last account; null until it is cut. */
    Counters last;

    /** How many events were given up when it was cut. */
    long lost;
  }

  /**
   * @param source a sealed ring of which nobody takes pages any more
   * @param config what it was made by
   */
  KeptRing(Ring source, BufferConfig config) {
    super(config);
    this.source = source;
    this.cpus = new Cpu[config.cpus()];
    Arrays.setAll(cpus, cpu -> new Cpu());
    super.seal();
  }

  /**
   * Brings everything here that can be had now.
   *
   * @return whether that is all; if not, an event is being written, or readers hold the ring's
   *     spare pages
   */
  boolean absorb() {
    if (closed) {
      return true;
    }
    boolean all = source.isQuiet(); // asked first: what is committed after that would be left
    for (int i = 0; i < cpus.length; i++) {
      synchronized (cpus[i]) {
        // Each goes behind those that are here. No more than a ring can have: one that gives pages
        // without end must not keep us, or fill the heap, for longer than the caller has patience.
        for (int most = 2 * pages(); most > 0 && fetch(i, true); most--) {}
        all &= source.counters(i).unread() == 0;
      }
    }
    return all;
  }

  /** Takes a page from the ring, with the CPU's lock held. */
  private boolean fetch(int cpu, boolean open) {
    Ring ring = source;
    if (ring == null || ring.counters(cpu).unread() == 0) {
      return false;
    }
    // Before anything is taken, for there may be no memory.
    MemorySegment copy = MemorySegment.ofArray(new long[pageSize() / Long.BYTES]);
    long before = ring.counters(cpu).read();
    Page page = ring.take(cpu, open);
    if (page == null) {
      return false;
    }
    try {
      copy.copyFrom(page.memory());
      long events = ring.counters(cpu).read() - before;
      Page kept = new Page(cpu, page.sequence(), page.firstEntry(), copy, done -> {});
      cpus[cpu].pages.add(new Kept(kept, events));
      cpus[cpu].events += events;
      return true;
    } finally {
      page.release();
    }
  }

  /**
   * Lets go of the ring and closes it; what is left in it is given up.
   *
   * @return per CPU, how many events that were that nobody has given up before
   */
  long[] cut() {
    Ring ring = source;
    long[] lost = new long[cpus.length];
    for (int i = 0; i < cpus.length; i++) {
      Cpu cpu = cpus[i];
      synchronized (cpu) {
        cpu.last = account(ring, i);
        cpu.lost = cpu.last.unread();
        lost[i] = closed ? 0 : cpu.lost;
      }
    }
    source = null;
    closeQuietly(ring);
    return lost;
  }

  private static Counters account(Ring ring, int cpu) {
    try {
      return ring.counters(cpu);
    } catch (Throwable thrown) {
      return Counters.ZERO; // it is going: nobody is helped by a report now
    }
  }

  private static void closeQuietly(Ring ring) {
    try {
      ring.close();
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
    Cpu from = cpus[cpu];
    synchronized (from) {
      if (from.pages.isEmpty() && !fetch(cpu, open)) {
        return null;
      }
      Kept kept = from.pages.remove();
      from.events -= kept.events;
      return kept.page;
    }
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    Ring ring = source;
    synchronized (cpus[cpu]) {
      for (Kept kept : cpus[cpu].pages) {
        Page page = kept.page;
        if (page.sequence() >= from) {
          into.copyFrom(page.memory());
          return new Page(cpu, page.sequence(), page.firstEntry(), into, done -> {});
        }
      }
    }
    return ring == null ? null : ring.copy(cpu, from, into);
  }

  @Override
  public int unreadPages(int cpu) {
    Ring ring = source;
    synchronized (cpus[cpu]) {
      return cpus[cpu].pages.size() + (ring == null ? 0 : ring.unreadPages(cpu));
    }
  }

  @Override
  public Counters counters(int number) {
    Cpu cpu = cpus[number];
    synchronized (cpu) {
      Counters c = cpu.last != null ? cpu.last : source.counters(number);
      long bytes = cpu.pages.stream().mapToLong(Kept::bytes).sum();
      long oldest =
          cpu.pages.isEmpty()
              ? cpu.last != null ? Counters.NONE : c.oldest()
              : cpu.pages.getFirst().page.memory().get(PageLayout.LONG, PageLayout.TIME);
      return new Counters(
          c.written(),
          c.read() - cpu.events,
          c.overrun() + cpu.lost,
          c.commitOverrun(),
          c.dropped(),
          c.disabled(),
          c.tooLong(),
          c.recursion(),
          c.discarded(),
          cpu.last != null ? bytes : bytes + c.bytes(),
          c.pagesWritten(),
          c.pagesRead() - cpu.pages.size(),
          c.pagesLost(),
          oldest);
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
      for (Kept kept : cpus[cpu].pages) {
        int used = (int) kept.bytes();
        views.add(
            new RingView.PageView(
                kept.page.sequence(), RingView.State.FULL, used, (int) kept.events));
      }
    }
    return new RingView(cpu, PageLayout.capacity(pageSize()), views, null, -1, 0, 0);
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
