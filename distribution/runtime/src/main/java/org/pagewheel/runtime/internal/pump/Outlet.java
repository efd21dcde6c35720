package org.pagewheel.runtime.internal.pump;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.pagewheel.Page;
import org.pagewheel.runtime.ConsumerStatus.State;
import org.pagewheel.runtime.internal.InTime;
import org.pagewheel.runtime.internal.config.ConsumerPlan;
import org.pagewheel.runtime.internal.config.Units;
import org.pagewheel.spi.BatchConsumer;
import org.pagewheel.spi.PageConsumer;

/**
 * One consumer at work: its queue, and its thread, on which alone the consumer's code runs.
 * Whatever that code does, it harms nobody else.
 */
public final class Outlet {
  /** How long an interrupted consumer gets before it is left behind. */
  private static final Duration LAST_CHANCE = Duration.ofMillis(200);

  private static final int DONE = 0;
  private static final int FAILED = -1;

  private final ConsumerPlan plan;
  private final PageConsumer consumer;
  private final Trouble trouble;
  private final PageQueue queue;
  private volatile long flushNanos;
  private final Thread thread;

  /** When the consumer was given what it has not come back from; 0 if it has none. */
  private volatile long busySince;

  private volatile long pages;
  private volatile boolean ended;

  /** What is wrong with a consumer, by its own words or by what it threw; told once each. */
  public static final class Trouble implements Consumer<String> {
    private final String who;
    private static final long TELL_NANOS = 1_000_000_000;

    private final Consumer<String> problems;
    private String problem;
    private long toldAt = System.nanoTime() - TELL_NANOS;

    /**
     * @param who the consumer
     * @param problems where to tell, a line each
     */
    public Trouble(String who, Consumer<String> problems) {
      this.who = who;
      this.problems = problems;
    }

    /** Takes a problem, or null for none any more. */
    @Override
    public void accept(String now) {
      synchronized (this) {
        if (Objects.equals(problem, now)) {
          return;
        }
        problem = now;
        if (System.nanoTime() - toldAt < TELL_NANOS) {
          return; // shown, but a consumer that fails anew with each page must not flood the log
        }
        toldAt = System.nanoTime();
      }
      problems.accept(who + ": " + (now == null ? "works again" : now));
    }

    synchronized Optional<String> now() {
      return Optional.ofNullable(problem);
    }
  }

  /**
   * Starts a consumer.
   *
   * @param buffer its buffer's name
   * @param cpus how many CPUs that has
   * @param plan its queue
   * @param flush how often it is flushed at most
   * @param consumer who consumes
   * @param trouble what the consumer may have told already
   */
  public Outlet(
      String buffer,
      int cpus,
      ConsumerPlan plan,
      Duration flush,
      PageConsumer consumer,
      Trouble trouble) {
    this.plan = plan;
    this.consumer = consumer;
    this.trouble = trouble;
    this.flushNanos = flush.toNanos();
    this.queue = new PageQueue(cpus, plan.queue(), plan.policy(), plan.blockTimeout().toNanos());
    this.thread = InTime.start("pagewheel-" + buffer + "-" + plan.name(), this::run);
  }

  /** Says how often the consumer is flushed at most from now on. */
  public void flush(Duration interval) {
    flushNanos = interval.toNanos();
  }

  PageQueue queue() {
    return queue;
  }

  private void run() {
    try {
      consume();
    } catch (InterruptedException e) {
      trouble.accept("was interrupted");
    } finally {
      queue.abandon();
      call("close", this::close);
      ended = true;
    }
  }

  private void consume() throws InterruptedException {
    boolean dirty = false;
    long flushed = System.nanoTime();
    while (true) {
      long untilFlush = dirty ? flushNanos - (System.nanoTime() - flushed) : Long.MAX_VALUE;
      PageQueue.Batch next = queue.get(consumer instanceof BatchConsumer, untilFlush);
      if (next != null) {
        take(next);
        dirty = true;
      } else if (dirty) {
        call("flush", this::flush);
        dirty = false;
        flushed = System.nanoTime();
      } else if (queue.isDone()) {
        return;
      }
    }
  }

  private void take(PageQueue.Batch next) {
    List<Page> rest = next.pages();
    int cpu = rest.getFirst().cpu();
    long missed = next.missed();
    while (!rest.isEmpty()) {
      int taken = offer(rest, missed);
      if (taken == FAILED) {
        missed = queue.failed(rest.getFirst(), missed);
        taken = 1;
      } else {
        missed = 0;
        pages += taken; // only this thread writes it
      }
      rest.subList(0, taken).forEach(Page::release);
      rest = rest.subList(taken, rest.size());
    }
    if (missed != 0) {
      queue.missedAhead(cpu, missed);
    }
  }

  /** How many pages the consumer has taken, or {@link #FAILED}. */
  private int offer(List<Page> some, long missed) {
    busySince = System.nanoTime() | 1;
    try {
      return call("accept", () -> accept(some, missed));
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

  /** What a call came back with, or {@link #FAILED} if that was an exception. */
  private int call(String method, Call call) {
    int result;
    try {
      result = call.run();
    } catch (Throwable thrown) {
      String what = thrown instanceof IOException ? thrown.getMessage() : thrown.toString();
      failing = method + " failed: " + what;
      trouble.accept(failing);
      return FAILED;
    }
    if (failing != null) {
      failing = null;
      trouble.accept(null);
    }
    return result;
  }

  /** What the consumer threw last, if the call after it has not succeeded; only its thread's. */
  private String failing;

  /**
   * Stops: what waits is taken, the consumer is closed; if that takes too long, it is interrupted
   * and left behind.
   */
  public void stop(Duration timeout) {
    queue.close();
    if (join(timeout)) {
      return;
    }
    trouble.accept("has not finished within " + Units.time(timeout) + ": it is left behind");
    queue.abandon();
    thread.interrupt();
    join(LAST_CHANCE);
  }

  private boolean join(Duration timeout) {
    try {
      return thread.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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

  /** Pages that wait for it. */
  public int queued() {
    return queue.size();
  }
}
