package org.pagewheel.runtime.internal.lifecycle;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs work that can wait: after a delay, or soon on a thread that may take its time. Thread-safe.
 */
public final class Scheduler {
  private static final int IDLE_SECONDS = 5;

  private final ScheduledExecutorService keeper;
  private final ThreadPoolExecutor actions = oneThread("pagewheel-actions");

  /**
   * @param keeper a thread for short work; its owner ends it
   */
  public Scheduler(ScheduledExecutorService keeper) {
    this.keeper = keeper;
  }

  /** Runs after a delay, unless everything has stopped by then; must not block. */
  public void later(Duration delay, Runnable action) {
    try {
      keeper.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      // it is no longer needed
    }
  }

  /** Runs on a thread that may take its time, one action after another. */
  public void soon(Runnable action) {
    try {
      actions.execute(action);
    } catch (RejectedExecutionException stopped) {
      // it is no longer needed
    }
  }

  /** Finishes the work given to {@link #soon}, within this time. */
  public void finish(Duration timeout) {
    finish(actions, timeout);
  }

  /** Finishes the work of a thread made by {@link #oneThread}, within this time. */
  public static void finish(ThreadPoolExecutor thread, Duration timeout) {
    thread.shutdown();
    Threads.await(timeout, nanos -> thread.awaitTermination(nanos, TimeUnit.NANOSECONDS));
  }

  /** A daemon thread that exists only while there is something to do. */
  public static ThreadPoolExecutor oneThread(String name) {
    return new ThreadPoolExecutor(
        0,
        1,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
  }
}
