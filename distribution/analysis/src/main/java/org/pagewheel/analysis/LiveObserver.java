package org.pagewheel.analysis;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.EventReader;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reason;

/**
 * Observes a buffer while it is written. From the moment on at which it is made, a thread of its
 * own reads the buffer's events without consuming them; writers do nothing for it. Where they, or a
 * consumer, are faster than it, it says how many events it has missed. It goes on when the ring
 * beneath the buffer is replaced, and ends with the buffer.
 *
 * <p>By any thread. The observer's own lets go of the monitor after some events each.
 */
public abstract sealed class LiveObserver implements Closeable permits LiveLatency, LiveHistogram {
  private static final int MAX = 64;
  private static final int BATCH = 256;
  private static final long POLL_MILLIS = 20;

  /** So many batches of an observer that cannot follow. */
  private static final int COUNTED = 64;

  /** Those at work in this process; guarded by itself. */
  private static final Set<LiveObserver> OPEN = new LinkedHashSet<>();

  final Buffer buffer;
  private final Thread thread;

  /** All below is guarded by this. */
  final Problems problems = new Problems();

  long seen;

  /** How many events it has missed; −1 until that is known. */
  long lost;

  /** What was written before it began; what it has missed since then is missing in what it saw. */
  private final long before;

  /** Whether a reader has missed some, and could not say how many. */
  private boolean isUnknown;

  private final long begin = System.nanoTime();
  private long batches;
  private long idle;
  private long end;
  private Clock clock;
  private long from;
  private boolean isClosed;

  LiveObserver(Buffer buffer, String what) {
    this.buffer = buffer;
    clock = buffer.config().clock();
    from = clock.now();
    before = buffer.totals().written();
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("pagewheel-" + what + "-" + buffer.name())
            .unstarted(this::run);
  }

  /**
   * Begins.
   *
   * @throws IllegalArgumentException if there are too many
   */
  final void start() {
    synchronized (OPEN) {
      if (OPEN.size() >= MAX) {
        throw new IllegalArgumentException(
            MAX + " questions are asked of running buffers, no more can be: end one first");
      }
      OPEN.add(this);
    }
    boolean isStarted = false;
    try {
      thread.start();
      isStarted = true;
    } finally {
      if (!isStarted) {
        forget();
      }
    }
  }

  private void forget() {
    synchronized (OPEN) {
      OPEN.remove(this);
    }
  }

  static List<LiveObserver> openOn(Buffer buffer) {
    List<LiveObserver> found = new ArrayList<>();
    synchronized (OPEN) {
      OPEN.stream().filter(each -> each.buffer == buffer).forEach(found::add);
    }
    return found;
  }

  /** An event, guarded by this. */
  abstract void event(EventReader events);

  /** Before some events, and where there are none; guarded by this. */
  void tick(long now) {}

  /** The times before cannot be compared with those to come; guarded by this. */
  void clockChanged() {}

  private void run() {
    try (EventReader events = buffer.readers().iterate()) {
      while (look(events)) {
        // the next ones
      }
    } catch (InterruptedException e) {
      // nobody has reason to, but then it is over
    } catch (Throwable e) {
      if (!buffer.isClosed()) {
        problem("the observer has ended: " + Reason.of(e));
      }
    }
    forget();
    synchronized (this) {
      isClosed = true;
      end = System.nanoTime();
    }
  }

  private synchronized void problem(String line) {
    problems.add(line);
  }

  /** Some events; waits for more where there are none. Returns whether to go on. */
  private synchronized boolean look(EventReader events) throws InterruptedException {
    checkClock();
    if (++batches % COUNTED == 0) {
      count();
    }
    for (int i = 0; i < BATCH && !isClosed; i++) {
      try {
        if (!events.next()) {
          count();
          tick(clock.now());
          long sleep = System.nanoTime();
          wait(POLL_MILLIS);
          idle += System.nanoTime() - sleep;
          return !isClosed && !buffer.isClosed();
        }
      } catch (DamagedPageException e) {
        missed(PageLayout.MISSED_UNKNOWN);
        continue;
      }
      if (events.time() >= from) {
        seen++;
        missed(events.missed());
        event(events);
      }
    }
    return !isClosed;
  }

  private void missed(long events) {
    if (events < 0 && !isUnknown) {
      isUnknown = true;
      lost = PageLayout.MISSED_UNKNOWN;
    } else if (!isUnknown) {
      lost += events;
    }
  }

  /**
   * A reader that is run over cannot count. What was written and not seen can: it is exact once the
   * reader has caught up, and before that counts what still waits for it, too.
   */
  private void count() {
    if (isUnknown) {
      lost = Math.max(0, buffer.totals().written() - before - seen);
    }
  }

  private void checkClock() {
    Clock now = buffer.config().clock();
    if (now != clock) {
      clock = now;
      from = Long.MIN_VALUE;
      clockChanged();
    }
  }

  /**
   * How much of its time the observer is at work: near 1 it cannot follow faster writers.
   *
   * @return from 0 to 1
   */
  public final synchronized double busy() {
    long time = (isClosed && end != 0 ? end : System.nanoTime()) - begin;
    return time <= 0 ? 0 : Math.clamp(1 - (double) idle / time, 0, 1);
  }

  /**
   * How many events it did not see.
   *
   * @return −1 if that is unknown
   */
  public final synchronized long missed() {
    return lost;
  }

  /** What it has seen and what not, in a line. */
  final String share() {
    return "the observer has seen %s and missed %s, at work %s of the time"
        .formatted(
            Words.count(seen, "event"),
            lost < 0 ? "an unknown number" : Words.number(lost),
            Words.percent(Math.round(busy() * 1000), 1000));
  }

  /**
   * What was found until now.
   *
   * @param style how wide and how plain
   * @return lines
   */
  public abstract List<String> text(Style style);

  /**
   * The same for programs.
   *
   * @param style how wide and how plain
   * @return one line of JSON
   */
  public abstract String json(Style style);

  /**
   * Whether the observer is at work.
   *
   * @return false once it was closed, or its buffer was
   */
  public final synchronized boolean isOpen() {
    return !isClosed;
  }

  /** Ends; what was found stays. Does nothing the second time. */
  @Override
  public final void close() {
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    boolean interrupted = false;
    while (thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
