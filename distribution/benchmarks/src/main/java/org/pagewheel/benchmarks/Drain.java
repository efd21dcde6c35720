package org.pagewheel.benchmarks;

import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/** A consumer that runs beside the writers until it is stopped. */
final class Drain {
  private static final int SPINS = 100;
  private static final int YIELDS = 10;
  private static final long PAUSE_NANOS = 10_000;

  private final Thread thread;
  private volatile boolean stopped;

  private Drain(IntSupplier work) {
    thread = Thread.ofPlatform().daemon().name("drain").unstarted(() -> run(work));
  }

  /**
   * Starts one.
   *
   * @param work takes what is available; returns how much that was
   */
  static Drain start(IntSupplier work) {
    Drain drain = new Drain(work);
    drain.thread.start();
    return drain;
  }

  private void run(IntSupplier work) {
    int idle = 0;
    while (!stopped) {
      idle = work.getAsInt() > 0 ? 0 : idle + 1;
      if (idle > 0) {
        pause(idle);
      }
    }
  }

  /** The pause of a writer without room, and of a reader that finds nothing. */
  static void pause(int turn) {
    if (turn < SPINS) {
      Thread.onSpinWait();
    } else if (turn < SPINS + YIELDS) {
      Thread.yield();
    } else {
      LockSupport.parkNanos(
          PAUSE_NANOS); // a thread that only yields gets no turn at all on a busy machine
    }
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
  }
}
