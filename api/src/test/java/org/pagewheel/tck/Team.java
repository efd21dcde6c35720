package org.pagewheel.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Threads of one test: what they throw fails the test, and none outlives it unnoticed. */
final class Team {
  /** What a thread does. */
  interface Task {
    void run() throws Exception;
  }

  private final List<Thread> threads = new ArrayList<>();
  private final List<Throwable> thrown = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;

  void start(String name, Task task) {
    start(name, false, task);
  }

  void start(String name, boolean virtual, Task task) {
    Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    threads.add(
        builder
            .name("tck " + name)
            .start(
                () -> {
                  try {
                    task.run();
                  } catch (Throwable e) {
                    thrown.add(e);
                    stopped = true;
                  }
                }));
  }

  /** Whether the threads should come to an end: asked to, or one has failed. */
  boolean isStopped() {
    return stopped;
  }

  void stop() {
    stopped = true;
  }

  /** Lets the threads work for a while, less if one fails. */
  void work(long millis) throws InterruptedException {
    long begin = System.nanoTime();
    while (!stopped && System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(millis)) {
      Thread.sleep(2);
    }
  }

  /**
   * Lets the threads work for a while, and longer until enough has happened: on a busy machine a
   * thread may get no turn in that while. After a minute the test goes on without it.
   */
  void work(long millis, BooleanSupplier enough) throws InterruptedException {
    work(millis);
    long begin = System.nanoTime();
    while (!stopped
        && !enough.getAsBoolean()
        && System.nanoTime() - begin < TimeUnit.MINUTES.toNanos(1)) {
      Thread.sleep(2);
    }
  }

  /** Waits for all threads; throws what one has thrown. */
  void join() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    for (Thread thread : threads) {
      long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
      thread.join(left);
      if (thread.isAlive()) {
        AssertionError stuck = new AssertionError(thread.getName() + " does not come to an end");
        stuck.setStackTrace(thread.getStackTrace());
        thrown.add(0, stuck);
        break;
      }
    }
    if (!thrown.isEmpty()) {
      AssertionError error = new AssertionError("a thread failed: " + thrown.getFirst());
      error.initCause(thrown.getFirst());
      throw error;
    }
  }
}
