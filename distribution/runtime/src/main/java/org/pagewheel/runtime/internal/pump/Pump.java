package org.pagewheel.runtime.internal.pump;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.runtime.ConsumerStatus.State;
import org.pagewheel.runtime.internal.config.BufferPlan.Flow;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.runtime.internal.ring.EachOnce;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.runtime.internal.ring.Taker;
import org.pagewheel.spi.Reason;

/**
 * Takes the pages of a buffer and gives each to all attached consumers; the pages are counted
 * references, never copies. It is the buffer's one consuming reader while any consumer is attached.
 *
 * <p>How it works: the thread sleeps until as many pages have become full ({@link #pageIsFull}, run
 * by writers: one volatile read while the pump is awake, an atomic addition while it is not) as the
 * CPU closest to the watermark lacked, or a flush is due. If they were on other CPUs, it sleeps on,
 * for the first millisecond so that it cannot be woken: waking it costs the writer a system call.
 * When a flush is due it also takes the committed part of the open pages; an idle buffer costs one
 * look at its counters per flush interval.
 *
 * <p>Whatever is thrown on the way, a taken page is given to all consumers and released: from
 * taking it to the last giving nothing is allocated here. The thread goes on, and must not be
 * interrupted.
 */
public final class Pump implements Taker {
  /** Pages of one CPU in a row before the next has its turn. */
  private static final int TURN = 32;

  private static final long GATHER_NANOS = 1_000_000;

  /** How long a consumer with a dropping policy gets when the ring has no spare page, in steps. */
  private static final long PATIENCE_NANOS = 5_000_000;

  /** The part of a ring beyond which the consumers lose events rather than the ring. */
  private static final double NEARLY_FULL = 0.75;

  private static final int MANY = 1 << 30;

  private static final long POLL_NANOS = 50_000;
  private static final long AFTER_ERROR_NANOS = 100_000_000;

  private final SwappableBuffer buffer;
  private volatile Flow flow;
  private final Supplier<Duration> stopTimeout;
  private final Consumer<String> problems;

  /**
   * Replaced by another array with this object's lock held: iterating over an array allocates
   * nothing.
   */
  private volatile Outlet[] outlets = {};

  /** Held while pages are taken and given. */
  private final ReentrantLock passing = new ReentrantLock();

  /** The thread, while there are consumers; guarded by this. */
  private Thread thread;

  /**
   * Pairs with {@link #pageIsFull}: set before the last look at the ring, then the thread parks.
   */
  private volatile boolean asleep;

  /** Pages that become full before it is worth a look; {@link #MANY} more until that is known. */
  private final AtomicInteger toGo = new AtomicInteger();

  private volatile Thread sleeper;

  /** When {@link #stopping}: the time limit of consumers for the last pages. */
  private volatile long stopBy;

  private volatile boolean stopping;

  /** The last failure, if every pass since has failed too; used only by its thread. */
  private String met;

  /**
   * @param buffer whose pages
   * @param flow when they are taken
   * @param stopTimeout how long consumers may take to finish
   * @param problems gets reports of trouble
   */
  public Pump(
      SwappableBuffer buffer,
      Flow flow,
      Supplier<Duration> stopTimeout,
      Consumer<String> problems) {
    this.buffer = buffer;
    this.flow = flow;
    this.stopTimeout = stopTimeout;
    this.problems = new EachOnce(1, problems); // it recurs at each try
  }

  /**
   * Attaches a consumer, and starts if it is the first.
   *
   * @throws IllegalStateException if the buffer has another consuming reader
   */
  public synchronized void attach(Outlet outlet) {
    Outlet[] more = Arrays.copyOf(outlets, outlets.length + 1);
    more[outlets.length] = outlet;
    if (thread != null) {
      outlets = more;
      return;
    }
    PageReader reader = buffer.readers().pages();
    try {
      stopping = false;
      outlets = more;
      thread = Threads.start("pagewheel-" + buffer.name(), () -> run(reader));
    } finally {
      if (thread == null) { // no thread could be made
        outlets = new Outlet[0];
        reader.close();
      }
    }
    buffer.taker(this);
  }

  /** Detaches a consumer, which finishes; stops if it was the last. */
  public synchronized void detach(Outlet outlet) {
    List<Outlet> all = outlets();
    if (all.equals(List.of(outlet))) {
      stopThread(); // with a last look at the ring, while the consumer is still attached
      buffer.taker(Taker.NOBODY);
    }
    outlets = all.stream().filter(each -> each != outlet).toArray(Outlet[]::new);
    outlet.stop(stopTimeout.get());
  }

  /** Sets when pages are taken from now on. */
  public void flow(Flow other) {
    flow = other;
    look(); // it may sleep for longer than it now should
  }

  /**
   * Takes no page until the result is run, by the same thread. Meanwhile consumers may come and go,
   * except the last one.
   */
  public Runnable pause() {
    passing.lock();
    return passing::unlock;
  }

  /**
   * Called when the buffer is closed: everything left goes to the consumers, and they finish. They
   * and the buffer's taker are released last: after an error this can be called again.
   */
  @Override
  public synchronized void drain() {
    stopThread();
    List<Thread> stops = new ArrayList<>();
    for (Outlet outlet : outlets()) {
      try {
        stops.add(Threads.start("pagewheel-stop", () -> outlet.stop(stopTimeout.get())));
      } catch (OutOfMemoryError noThread) {
        outlet.stop(stopTimeout.get());
      }
    }
    stops.forEach(Threads::join);
    outlets = new Outlet[0];
    buffer.taker(Taker.NOBODY);
  }

  private void stopThread() {
    if (thread == null) {
      return;
    }
    stopBy = System.nanoTime() + stopTimeout.get().toNanos();
    stopping = true;
    LockSupport.unpark(thread);
    Threads.join(thread); // it ends by itself, in bounded time
    thread = null;
  }

  @Override
  public void pageIsFull() {
    if (asleep && toGo.decrementAndGet() <= 0) {
      look();
    }
  }

  @Override
  public void look() {
    if (asleep) {
      asleep = false; // the others need not wake it too
      LockSupport.unpark(sleeper);
    }
  }

  private void run(PageReader reader) {
    sleeper = Thread.currentThread();
    long due = System.nanoTime() + flow.flush().toNanos();
    try (reader) {
      while (!stopping) {
        sleepSafely(due);
        boolean flush = System.nanoTime() - due >= 0;
        if (flush) {
          due = System.nanoTime() + flow.flush().toNanos();
        }
        passSafely(reader, flush);
      }
      drainSafely(reader);
    }
  }

  private void sleepSafely(long due) {
    try {
      sleepUntil(due);
    } catch (Throwable thrown) {
      asleep = false;
      met(thrown);
    }
  }

  private void drainSafely(PageReader reader) {
    try {
      drainRest(reader);
    } catch (Throwable thrown) {
      met(thrown);
    }
  }

  /** Logged once, however many times it recurs in a row; there may be no memory to log it. */
  private void met(Throwable thrown) {
    try {
      String what = thrown.toString();
      if (!what.equals(met)) {
        met = what;
        problems.accept(
            "buffer " + buffer.name() + ": its pages are not passed on: " + Reason.of(thrown));
        Reports.stack("buffer " + buffer.name(), thrown);
      }
    } catch (Throwable noMemory) {
      // it will recur
    }
    LockSupport.parkNanos(this, AFTER_ERROR_NANOS);
  }

  private void sleepUntil(long due) {
    while (!stopping && !isFilled()) {
      Thread.interrupted(); // else it would not park
      toGo.set(MANY);
      asleep = true;
      int missing = missing();
      // Added rather than set, so that no page that became full since we fell asleep is forgotten.
      if (stopping || missing <= 0 || toGo.addAndGet(missing - MANY) <= 0) {
        break;
      }
      long left = due - System.nanoTime();
      if (left <= 0) {
        break;
      }
      LockSupport.parkNanos(this, left);
      asleep = false;
      if (!stopping && !isFilled() && due - System.nanoTime() > GATHER_NANOS) {
        LockSupport.parkNanos(this, GATHER_NANOS);
      }
    }
    asleep = false;
  }

  /** Whether to take pages now. */
  private boolean isFilled() {
    return missing() <= 0;
  }

  /** How many more pages must at least be full first. */
  private int missing() {
    return buffer.rings() > 1 ? 0 : buffer.missing(flow.watermark());
  }

  private int passSafely(PageReader reader, boolean open) {
    int passed = 0;
    try {
      passing.lock();
      try {
        passed = pass(reader, open);
      } finally {
        passing.unlock();
      }
      met = null;
      if (passed == 0 && isFilled()) {
        LockSupport.parkNanos(this, GATHER_NANOS); // an event is being written in the oldest page
      }
    } catch (Throwable thrown) {
      met(thrown);
    }
    return passed;
  }

  /** Takes what is full, and at last, if asked, one look at each open page. */
  private int pass(PageReader reader, boolean open) {
    int passed = 0;
    boolean more = true;
    while (more) {
      more = false;
      for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
        int turn = passTurn(reader, cpu);
        passed += turn;
        more |= turn == TURN;
      }
      more &= !stopping;
    }
    for (int cpu = 0; open && cpu < buffer.readers().cpus(); cpu++) {
      Page page = reader.take(cpu, true);
      if (page == null && buffer.counters(cpu).unread() > 0) {
        page = relieve(reader, cpu, true);
      }
      if (page != null) {
        passed++;
        give(page);
      }
    }
    return passed;
  }

  private int passTurn(PageReader reader, int cpu) {
    for (int pages = 0; pages < TURN; pages++) {
      Page page = reader.take(cpu, false);
      if (page == null && buffer.unreadPages(cpu) > 0) {
        page = relieve(reader, cpu, false);
      }
      if (page == null) {
        return pages;
      }
      give(page);
    }
    return TURN;
  }

  /**
   * Something is unread and nothing can be taken: either an event in the oldest page is still being
   * written, or consumers hold all spare pages of the ring on that CPU. In the latter case the
   * consumer for which most of them wait gets some time; if it then has taken nothing, it gives up
   * pages, so that the others go on. If no other consumer could, what is unread is best kept in the
   * ring while that has room.
   */
  private Page relieve(PageReader reader, int cpu, boolean open) {
    Outlet behind = behind(cpu);
    if (behind == null) {
      return null;
    }
    PageQueue longest = behind.queue();
    long begin = System.nanoTime();
    long gotten = longest.gotten();
    long patience = stopping ? lastPatience(behind) : longest.patience(PATIENCE_NANOS);
    while (System.nanoTime() - begin < patience && !isTimeUp()) {
      Thread.interrupted(); // else it would not park
      LockSupport.parkNanos(this, POLL_NANOS);
      Page page = reader.take(cpu, open);
      if (page != null || longest.gotten() != gotten) {
        return page;
      }
    }
    if (stopping ? lastPatience(behind) > 0 : !isStarving(longest) && !isNearlyFull(cpu)) {
      longest.disappointed();
      return null;
    }
    Page page = null;
    while (page == null && longest.giveWay(cpu)) {
      page = reader.take(cpu, open);
    }
    return page;
  }

  /** Whether a consumer other than the one with too many waits for pages. */
  private boolean isStarving(PageQueue other) {
    for (Outlet outlet : outlets) {
      if (outlet.queue() != other && outlet.queue().size() == 0) {
        return true;
      }
    }
    return false;
  }

  private boolean isNearlyFull(int cpu) {
    return buffer.unreadPages(cpu) >= buffer.config().pages() * NEARLY_FULL;
  }

  /** A consumer that still takes pages gets all the time there is for the last ones. */
  private long lastPatience(Outlet behind) {
    return behind.state() == State.RUNNING ? stopBy - System.nanoTime() : 0;
  }

  /** The consumer for which most pages of a CPU wait; null if none do. */
  private Outlet behind(int cpu) {
    Outlet behind = null;
    int most = 0;
    for (Outlet outlet : outlets) {
      int waiting = outlet.queue().waiting(cpu);
      if (waiting > most) {
        most = waiting;
        behind = outlet;
      }
    }
    return behind;
  }

  /** First to the consumers that never make others wait. */
  private void give(Page page) {
    try {
      for (Outlet outlet : outlets) {
        if (!outlet.queue().mayBlock()) {
          outlet.queue().put(page);
        }
      }
      for (Outlet outlet : outlets) {
        if (outlet.queue().mayBlock()) {
          outlet.queue().put(page);
        }
      }
    } finally {
      page.release();
    }
  }

  /** The last pages: until nothing more comes, if the buffer is closed; else one look. */
  private void drainRest(PageReader reader) {
    int passed = passSafely(reader, true);
    while (buffer.isClosed() && !isTimeUp() && (buffer.rings() > 1 || mayComeMore(passed))) {
      passed = passSafely(reader, true);
      buffer.tidy();
    }
  }

  /** Not after an event that is still being written, when the consumers have everything else. */
  private boolean mayComeMore(int passed) {
    return buffer.counters().unread() > 0
        && (passed > 0 || outlets().stream().anyMatch(outlet -> outlet.queue().size() > 0));
  }

  private boolean isTimeUp() {
    return stopping && System.nanoTime() - stopBy >= 0;
  }

  /** Those attached now. */
  public List<Outlet> outlets() {
    return List.of(outlets);
  }
}
