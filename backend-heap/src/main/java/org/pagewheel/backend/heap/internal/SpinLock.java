package org.pagewheel.backend.heap.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock for sections of some ten nanoseconds, that a waiter spins on, but not for long: the holder
 * may have been descheduled, and then every further turn takes away the time that it needs. A lock
 * that only spins was measured at 42 ms per event, with 8 threads on 2 CPUs.
 *
 * <p>Not fair. May be entered again by the thread that holds it.
 *
 * <p>A full stack leaves it neither taken nor lost: {@link #enter} ends with the compare-and-set
 * and calls nothing after it, so the caller's {@code try} can begin behind it; and the caller ends
 * with
 *
 * <pre>{@code
 * } finally {
 *   if (entered) {
 *     lock.owner = 0;
 *   }
 * }
 * }</pre>
 *
 * which calls nothing. Where an event's cost counts it is left by {@link #leave}, which is cheaper,
 * and so if that cannot be called.
 */
final class SpinLock {
  // The owner's thread id and not the thread itself: to store a reference costs a collector's
  // barrier. Ids are positive and never used twice.

  private static final VarHandle OWNER;

  /**
   * About 2 µs, many times what a section takes: whoever waits longer waits for a stopped thread.
   */
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 64 : 0;

  /**
   * Each costs the thread a turn. With 16 threads on 2 busy CPUs and no yields an event took 4
   * times as long, for a sleep is at least 50 µs; with 16 yields some threads got no turn in half a
   * second.
   */
  private static final int YIELDS = 4;

  private static final long SHORTEST_PAUSE_NANOS = 1_000;
  private static final long LONGEST_PAUSE_NANOS = 100_000;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(SpinLock.class, "owner", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * The id of the thread that has it, or 0. To be set to 0 by that thread, once for each {@link
   * #enter} that returned true; pairs with casOwnerAcquire().
   */
  volatile long owner;

  /**
   * Waits for the lock and takes it.
   *
   * @return whether it must be left; false if the caller had it already
   */
  boolean enter() {
    long me = Thread.currentThread().threadId();
    return casOwnerAcquire(me) || enterSlowly(me);
  }

  /** Whether the calling thread has it. */
  boolean isMine() {
    return owner == Thread.currentThread().threadId();
  }

  /** The same as {@code owner = 0} without a full fence. If this throws it has done nothing. */
  void leave() {
    OWNER.setRelease(this, 0L); // pairs with casOwnerAcquire()
  }

  /** Pairs with leave() and other stores of 0: what the last holder wrote is seen. */
  private boolean casOwnerAcquire(long me) {
    return (long) OWNER.compareAndExchangeAcquire(this, 0L, me) == 0;
  }

  private boolean enterSlowly(long me) {
    if ((long) OWNER.getOpaque(this) == me) { // nobody else writes my id
      return false;
    }
    long pause = SHORTEST_PAUSE_NANOS;
    for (int turn = 0; ; turn++) {
      if ((long) OWNER.getOpaque(this) == 0 && casOwnerAcquire(me)) {
        return true;
      }
      if (turn < SPINS) {
        Thread.onSpinWait();
      } else if (turn < SPINS + YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(this, pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      }
    }
  }
}
