package org.pagewheel.runtime.internal.pump;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.pagewheel.Page;
import org.pagewheel.runtime.ConsumerStatus.State;
import org.pagewheel.runtime.internal.config.ConsumerPlan;
import org.pagewheel.runtime.internal.config.Units;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.BatchConsumer;
import org.pagewheel.spi.PageConsumer;
import org.pagewheel.spi.Reason;

/**
 * One running consumer: its queue, and its thread, the only one that runs the consumer's code.
 * Whatever that code does, nothing else is harmed.
 */
public final class Outlet {
  /** How long an interrupted consumer gets before it is abandoned. */
  private static final Duration LAST_CHANCE = Duration.ofMillis(200);

  private static final long AFTER_ERROR_NANOS = 10_000_000;

  /** How many pages each consumer may keep, however short its queue is. */
  private static final int MIN_HELD = 16;

  private static final String CLOSE = "close";

  private static final int DONE = 0;
  private static final int FAILED = -1;

  private final ConsumerPlan plan;
  private final PageConsumer consumer;
  private final Trouble trouble;
  private final PageQueue queue;
  private final LentPages.Part lent;

  /** How many pages it may keep; while it keeps that many it gets nothing. */
  private final int mostHeld;

  private volatile long flushNanos;
  private final Thread thread;

  /** When the call began from which the consumer has not returned; 0 if there is none. */
  private volatile long busySince;

  private volatile long pages;
  private volatile boolean ended;

  /** Set before the thread is interrupted, only by {@link #stop}. */
  private volatile boolean leftBehind;

  /**
   * Whether it has thrown and accepted no page since; used only by its thread, as are the next two.
   */
  private boolean failing;

  private boolean dirty;
  private long flushed = System.nanoTime();

  /**
   * Starts a consumer.
   *
   * @param buffer its buffer's name
   * @param lent the pages that the buffer's consumers hold
   * @param plan its queue
   * @param flush the shortest flush interval
   * @param consumer who consumes
   * @param trouble its problems, which the consumer may already have reported
   */
  public Outlet(
      String buffer,
      LentPages lent,
      ConsumerPlan plan,
      Duration flush,
      PageConsumer consumer,
      Trouble trouble) {
    this.plan = plan;
    this.consumer = consumer;
    this.trouble = trouble;
    this.flushNanos = flush.toNanos();
    this.queue = new PageQueue(lent, plan.queue(), plan.policy(), plan.blockTimeout().toNanos());
    this.lent = queue.lent();
    this.mostHeld = Math.max(MIN_HELD, plan.queue());
    trouble.account(queue);
    this.thread = Threads.start("pagewheel-" + buffer + "-" + plan.name(), this::run);
  }

  /** Sets the shortest flush interval from now on. */
  public void flush(Duration interval) {
    flushNanos = interval.toNanos();
  }

  PageQueue queue() {
    return queue;
  }

  private void run() {
    try {
      boolean more = true;
      while (more) {
        more = stepSafely();
      }
      queue.abandon();
    } finally {
      call(CLOSE, this::close);
      int kept = lent.end();
      if (kept > 0) {
        trouble.ended(
            "has ended and still holds %d page%s that it retained: it must release each"
                .formatted(kept, kept == 1 ? "" : "s"));
      }
      ended = true;
    }
  }

  /**
   * What is thrown here is our own, for lack of memory: the consumer goes on when there is some.
   */
  private boolean stepSafely() {
    try {
      return step();
    } catch (Throwable thrown) {
      failed("its thread", thrown);
      LockSupport.parkNanos(this, AFTER_ERROR_NANOS);
      return !leftBehind;
    }
  }

  /** Whether there is more to do. */
  private boolean step() {
    long untilFlush = dirty ? flushNanos - (System.nanoTime() - flushed) : Long.MAX_VALUE;
    PageQueue.Batch next = queue.get(consumer instanceof BatchConsumer, untilFlush);
    if (next != null) {
      dirty = true;
      take(next);
    } else if (dirty) {
      dirty = false;
      call("flush", this::flush);
      flushed = System.nanoTime();
    } else {
      return !queue.isDone();
    }
    return true;
  }

  private void take(PageQueue.Batch batch) {
    int cpu = batch.first().cpu();
    try {
      int kept = lent.held() - batch.size();
      boolean isFull = kept >= mostHeld;
      if (isFull) {
        keepsTooMany(kept);
      } else if (batch.isCopied) {
        batch.copy(lent); // on the thread of the consumer that causes it
      }
      while (!batch.isEmpty()) {
        int taken = isFull ? FAILED : offer(batch);
        if (taken == FAILED) {
          miss(batch);
        } else {
          batch.missed = 0;
          pages += taken; // only this thread writes it
          if (release(batch, taken)) {
            accepted();
          }
        }
      }
    } finally {
      while (!batch.isEmpty()) { // something was thrown on the way
        miss(batch);
      }
      if (batch.missed != 0) {
        queue.missedAhead(cpu, batch.missed);
      }
    }
  }

  /** It gets no more, for a consumer's memory is bounded too. */
  private void keepsTooMany(int kept) {
    failing = true;
    trouble.failed(
        "holds %d pages that it has retained and not released: it misses all others until it does"
            .formatted(kept));
  }

  /** False if the consumer has released one of the pages too often. */
  private boolean release(PageQueue.Batch batch, int count) {
    try {
      batch.release(count);
      return true;
    } catch (IllegalStateException e) {
      failed("accept", new IllegalStateException("it released a page that it had not retained", e));
      return false;
    }
  }

  /** The first page was not taken, and the next one is to report that. */
  private void miss(PageQueue.Batch batch) {
    batch.missed = queue.failed(batch.first(), batch.missed);
    release(batch, 1);
  }

  /** How many pages the consumer has taken, or {@link #FAILED}. */
  private int offer(PageQueue.Batch batch) {
    busySince = System.nanoTime() | 1;
    try {
      return call("accept", () -> accept(batch.pages(), batch.missed));
    } finally {
      busySince = 0;
    }
  }

  private int accept(List<Page> some, long missed) throws IOException {
    if (!(consumer instanceof BatchConsumer batches)) {
      consumer.accept(some.getFirst(), missed);
      return 1;
    }
    int taken = batches.accept(some, missed);
    if (taken < 1 || taken > some.size()) {
      throw new IllegalStateException("it took %d of %d pages".formatted(taken, some.size()));
    }
    return taken;
  }

  private int flush() throws IOException {
    consumer.flush();
    return DONE;
  }

  private int close() throws IOException {
    consumer.close();
    return DONE;
  }

  @FunctionalInterface
  private interface Call {
    int run() throws IOException;
  }

  /**
   * The result of a call, or {@link #FAILED} after an exception. A consumer that interrupts this
   * thread, which is not its own, or lets others do so, does not end it.
   */
  private int call(String method, Call call) {
    try {
      return call.run();
    } catch (Throwable thrown) {
      failed(method, thrown);
      return FAILED;
    } finally {
      if (Thread.interrupted() && leftBehind) {
        thread.interrupt(); // that interrupt was ours
      }
    }
  }

  private void failed(String method, Throwable thrown) {
    boolean isFirst = !failing;
    failing = true;
    String what;
    try {
      what = method + " failed: " + Reason.of(thrown);
      if (isFirst) {
        Reports.stack("consumer " + plan.name(), thrown);
      }
    } catch (Throwable noMemory) { // or asking it throws too
      what = "it failed, and cannot say how";
    }
    if (method.equals(CLOSE)) {
      trouble.ended(what);
    } else {
      trouble.failed(what);
    }
  }

  private void accepted() {
    if (failing) {
      failing = false;
      trouble.accepted();
    }
  }

  /**
   * Stops: the consumer takes what waits and is closed; if that takes too long, it is interrupted
   * and abandoned. An interrupt of the caller changes nothing.
   */
  public void stop(Duration timeout) {
    queue.close();
    if (Threads.join(thread, timeout)) {
      return;
    }
    trouble.report("has not finished within " + Units.time(timeout) + ": it is abandoned");
    queue.abandon();
    lent.end();
    leftBehind = true;
    thread.interrupt();
    Threads.join(thread, LAST_CHANCE);
  }

  /** Its place among those of the buffer. */
  public ConsumerPlan plan() {
    return plan;
  }

  /** What it is doing. */
  public State state() {
    long since = busySince;
    if (ended) {
      return State.CLOSED;
    }
    return since != 0 && System.nanoTime() - since > plan.blockTimeout().toNanos()
        ? State.STUCK
        : State.RUNNING;
  }

  /** What is wrong with it. */
  public Optional<String> problem() {
    return trouble.now();
  }

  /** Pages taken. */
  public long pages() {
    return pages;
  }

  /** Events it alone missed. */
  public long missed() {
    return queue.missed();
  }

  /** Pages that it has been given and not released. */
  public int held() {
    return lent.held();
  }

  /** Pages that wait for it. */
  public int queued() {
    return queue.size();
  }
}
