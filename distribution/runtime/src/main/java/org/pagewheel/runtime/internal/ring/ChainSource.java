package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.PageSource;
import org.pagewheel.RingView;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Backend;

/**
 * The rings of a buffer, old and new, as one source of pages: readers finish the old ring, then go
 * on with the next, CPU by CPU.
 *
 * <p>How it works: {@link #live} are the rings that can be read, oldest first; only the last one
 * can be written to. A CPU is finished with a ring when the ring is sealed, no reservation is open,
 * and nothing is left to take. As that question is asked of the ring as a whole, a writer that has
 * stopped for ever between reserve and commit would keep everybody on the old ring: after {@link
 * #PATIENCE} the CPU goes on, and what was held back there counts as overrun and is told in the
 * next page. A ring that every CPU is finished with leaves the list; it is closed once it is quiet,
 * and its account is kept in {@link #past}.
 *
 * <p>Writers never come here. The lock keeps a ring from being closed while somebody reads it:
 * reading shares it, changes of the list do not.
 */
final class ChainSource implements PageSource {
  /** How long a sealed ring that is not quiet holds its readers, in nanoseconds. */
  static final long PATIENCE = 1_000_000_000;

  /** How many rings can be read at once. */
  static final int MOST_RINGS = 3;

  private final int cpus;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final Lock reading = lock.readLock();
  private final Lock changing = lock.writeLock();

  /** Rings that can be read, oldest first, at least one. */
  private final List<ReadSide> live = new ArrayList<>();

  /** Rings that everybody is finished with but that are not quiet. */
  private final List<ReadSide> lingering = new ArrayList<>();

  /** Per CPU: the accounts of the rings that are closed. */
  private final Counters[] past;

  /** Per CPU: events given up that no page has told yet, −1 if their number is unknown. */
  private final long[] untold;

  ChainSource(Generation first) {
    this.cpus = first.config().cpus();
    this.past = new Counters[cpus];
    this.untold = new long[cpus];
    Arrays.fill(past, Counters.ZERO);
    live.add(new ReadSide(first));
  }

  /** Appends a ring that nobody writes to yet. */
  void add(Generation fresh) {
    changing.lock();
    try {
      live.add(new ReadSide(fresh));
    } finally {
      changing.unlock();
    }
  }

  /** How many rings can be read. */
  int rings() {
    reading.lock();
    try {
      return live.size();
    } finally {
      reading.unlock();
    }
  }

  /** Whether there is something for {@link #tidy} to do later. */
  boolean isUntidy() {
    reading.lock();
    try {
      return live.size() > 1 || !lingering.isEmpty();
    } finally {
      reading.unlock();
    }
  }

  /** Lets go of rings: the finished, the aged and the quiet ones. */
  void tidy() {
    changing.lock();
    try {
      for (ReadSide ring : live.subList(0, live.size() - 1)) {
        finishWhatIsDone(ring);
      }
      while (live.size() > 1 && live.getFirst().isFinished()) {
        retire();
      }
      lingering.removeIf(this::closeIfQuiet);
    } finally {
      changing.unlock();
    }
  }

  /** Whether a ring that can be read was made by this backend. */
  boolean holds(Backend backend) {
    reading.lock();
    try {
      return live.stream().anyMatch(ring -> ring.generation().backend().orElse(null) == backend);
    } finally {
      reading.unlock();
    }
  }

  /** Gives up the oldest ring with what is unread in it, if there is more than one. */
  void giveUpOldest() {
    changing.lock();
    try {
      if (live.size() > 1) {
        for (int cpu = 0; cpu < cpus; cpu++) {
          giveUp(live.getFirst(), cpu);
        }
        retire();
      }
    } finally {
      changing.unlock();
    }
  }

  /** Closes every ring but the last, which refuses everything. */
  void close() {
    changing.lock();
    try {
      while (live.size() > 1) {
        giveUpOldest();
      }
      lingering.forEach(this::close);
      lingering.clear();
    } finally {
      changing.unlock();
    }
  }

  /** Under the changing lock. */
  private void retire() {
    ReadSide oldest = live.removeFirst();
    for (int cpu = 0; cpu < cpus; cpu++) {
      live.getFirst().base(cpu, oldest);
    }
    if (!closeIfQuiet(oldest)) {
      lingering.add(oldest);
    }
  }

  private boolean closeIfQuiet(ReadSide ring) {
    boolean quiet = ring.generation().isQuiet();
    if (quiet) {
      close(ring);
    }
    return quiet;
  }

  private void close(ReadSide ring) {
    for (int cpu = 0; cpu < cpus; cpu++) {
      past[cpu] = past[cpu].plus(ring.counters(cpu));
    }
    ring.generation().close();
  }

  /**
   * Finishes the CPUs of a replaced ring that need no reader for that: those with nothing in it,
   * and those that have written as much since as would have overwritten it. Under the changing
   * lock.
   */
  private void finishWhatIsDone(ReadSide ring) {
    boolean quiet = ring.generation().isQuiet();
    for (int cpu = 0; cpu < cpus; cpu++) {
      if (ring.isFinished(cpu)) {
        continue;
      }
      if (quiet && ring.counters(cpu).unread() == 0) {
        ring.finish(cpu);
      } else if (ring.overwrites() && pagesSince(ring, cpu) >= ring.pages()) {
        giveUp(ring, cpu);
      }
    }
  }

  private long pagesSince(ReadSide ring, int cpu) {
    long pages = 0;
    for (int i = live.indexOf(ring) + 1; i < live.size(); i++) {
      pages += live.get(i).counters(cpu).pagesWritten();
    }
    return pages;
  }

  /** What is unread in a ring on a CPU counts as overrun from now on. */
  private void giveUp(ReadSide ring, int cpu) {
    long unread = ring.counters(cpu).unread();
    if (ring.finish(cpu) && unread != 0) {
      synchronized (untold) {
        untold[cpu] = sum(untold[cpu], unread);
      }
    }
  }

  private static long sum(long some, long more) {
    return some < 0 || more < 0 ? -1 : some + more;
  }

  @Override
  public Page take(int cpu, boolean open) {
    boolean moved = false;
    reading.lock();
    try {
      for (int i = 0; i < live.size(); i++) {
        ReadSide ring = live.get(i);
        if (ring.isFinished(cpu)) {
          continue;
        }
        Page page = ring.take(cpu, open);
        if (page == null && i < live.size() - 1 && ring.isOver()) {
          // What was committed between that take and the ring's falling quiet must not be left.
          page = ring.take(cpu, true);
          if (page == null) {
            giveUp(ring, cpu);
            moved = true;
            continue;
          }
        }
        return page == null ? null : numbered(i, page, untold(cpu, true));
      }
      return null;
    } finally {
      reading.unlock();
      if (moved) {
        tidy();
      }
    }
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    reading.lock();
    try {
      for (int i = 0; i < live.size(); i++) {
        ReadSide ring = live.get(i);
        boolean last = i == live.size() - 1;
        if (ring.isFinished(cpu) || !last && isBehind(live.get(i + 1), cpu, from)) {
          continue;
        }
        // The base may be said only when a page is there: until then the ring before may go on.
        long base = ring.knownBase(cpu);
        long own = base < 0 ? 0 : Math.max(0, from - base);
        Page page = ring.copy(cpu, own, fitting(ring, into));
        if (page == null) {
          continue;
        }
        base = base(i, cpu);
        if (base + page.sequence() < from) {
          page = ring.copy(cpu, from - base, fitting(ring, into));
        }
        if (page != null) {
          return numbered(i, page, from == 0 ? untold(cpu, false) : 0);
        }
      }
      return null;
    } finally {
      reading.unlock();
    }
  }

  /** Whether a page number belongs to a ring or to one after it. */
  private static boolean isBehind(ReadSide ring, int cpu, long from) {
    long base = ring.knownBase(cpu);
    return base >= 0 && from >= base;
  }

  private static MemorySegment fitting(ReadSide ring, MemorySegment into) {
    long size = ring.pageSize();
    if (into.byteSize() == size) {
      return into;
    }
    return into.byteSize() > size
        ? into.asSlice(0, size)
        : MemorySegment.ofArray(new long[(int) size / Long.BYTES]);
  }

  /** The base of the i-th ring; those before it must have theirs first. */
  private long base(int i, int cpu) {
    long base = 0;
    for (int j = 0; j <= i; j++) {
      base = live.get(j).base(cpu, j == 0 ? null : live.get(j - 1));
    }
    return base;
  }

  /** A page of the i-th ring with its number among those of the buffer, and with losses told. */
  private Page numbered(int i, Page page, long lost) {
    long base = base(i, page.cpu());
    if (lost != 0) {
      tell(page, lost);
    }
    return base == 0
        ? page
        : new Page(
            page.cpu(),
            base + page.sequence(),
            page.firstEntry(),
            page.memory(),
            done -> page.release());
  }

  /** What the next page has to tell. */
  private long untold(int cpu, boolean forget) {
    synchronized (untold) {
      long lost = untold[cpu];
      if (forget) {
        untold[cpu] = 0;
      }
      return lost;
    }
  }

  /** Adds what was given up before a page to its header; nobody else has the page yet. */
  private static void tell(Page page, long lost) {
    MemorySegment memory = page.memory();
    int size = (int) memory.byteSize();
    try {
      long told = new PageCursor(PageFormat.of(size)).reset(memory).missed();
      int used = memory.get(PageLayout.INT, PageLayout.COMMIT) & PageLayout.COMMIT_MASK;
      PageEncoder.finish(memory, 0, size, used, sum(told, lost), false);
    } catch (DamagedPageException e) {
      // its reader is told of the damage
    }
  }

  @Override
  public void flush(int cpu) {
    reading.lock();
    try {
      live.getLast().flush(cpu);
    } finally {
      reading.unlock();
    }
  }

  @Override
  public int cpus() {
    return cpus;
  }

  /** The largest of the rings that can be read. */
  @Override
  public int pageSize() {
    reading.lock();
    try {
      return live.stream().mapToInt(ReadSide::pageSize).max().orElseThrow();
    } finally {
      reading.unlock();
    }
  }

  @Override
  public int pages() {
    reading.lock();
    try {
      return live.stream().mapToInt(ReadSide::pages).sum();
    } finally {
      reading.unlock();
    }
  }

  @Override
  public int unreadPages(int cpu) {
    reading.lock();
    try {
      int pages = 0;
      for (ReadSide ring : live) {
        pages += ring.unreadPages(cpu);
      }
      return pages;
    } finally {
      reading.unlock();
    }
  }

  @Override
  public Counters counters(int cpu) {
    reading.lock();
    try {
      Counters sum = past[cpu];
      for (ReadSide ring : live) {
        sum = sum.plus(ring.counters(cpu));
      }
      for (ReadSide ring : lingering) {
        sum = sum.plus(ring.counters(cpu));
      }
      return sum;
    } finally {
      reading.unlock();
    }
  }

  /** The newest ring. */
  RingView view(int cpu) {
    reading.lock();
    try {
      return live.getLast().view(cpu);
    } finally {
      reading.unlock();
    }
  }
}
