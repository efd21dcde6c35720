package org.pagewheel.spi;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes readers that sleep: rings run it whenever a page becomes full. While no thread sleeps this
 * costs one read.
 */
public final class Wakeup implements Runnable {
  private final Set<Thread> sleepers = ConcurrentHashMap.newKeySet();

  /** Pairs with the reader's check after {@link #sleep} has registered it, see there. */
  private volatile boolean anyone;

  /** Makes one without sleepers. */
  public Wakeup() {}

  /** Wakes all sleepers; never blocks and never throws. */
  @Override
  public void run() {
    if (anyone) {
      for (Thread sleeper : sleepers) {
        LockSupport.unpark(sleeper);
      }
    }
  }

  /**
   * Registers the calling thread. It then checks what it waits for, sleeps, and so on, and leaves.
   * The check sees a page that became full before it; one that becomes full later wakes the
   * sleeper; if a ring's publishing of a page is not a full fence, a wake-up can be late by one
   * {@link #sleep}.
   */
  void enter() {
    sleepers.add(Thread.currentThread());
    anyone = true;
  }

  void leave() {
    sleepers.remove(Thread.currentThread());
    anyone = !sleepers.isEmpty();
    if (!sleepers.isEmpty()) {
      anyone = true; // a thread that entered between the two lines above must not be forgotten
    }
  }

  void sleep(long nanos) {
    LockSupport.parkNanos(this, nanos);
  }
}
