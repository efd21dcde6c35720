package org.pagewheel.backend.heap.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock for sections of some ten nanoseconds, on which a waiter spins, but not for long: the
 * holder may have been descheduled, and then every further turn takes away CPU time that it needs.
 * A lock that only spins was measured at 42 ms per event, with 8 threads on 2 CPUs.
 *
 * <p>Not fair. The thread that holds it may enter again.
 *
 * <p>A stack overflow leaves it neither taken nor lost: {@link #enter} ends with the
 * compare-and-set and calls nothing after it, so the caller's {@code try} can begin after it; and
 * the caller ends with
 *
 * <pre>{@code
 * } finally {
 *   if (entered) {
 *     lock.owner = 0;
 *   }
 * }
 * }</pre>
 *
 * which calls nothing. Where the cost of an event counts, {@link #leave} releases it, which is
 * cheaper; the store remains for the case that the call fails.
 */
final class SpinLock {
  // The owner's thread id and not the thread itself: storing a reference costs a garbage
  // collector's barrier. Ids are positive and never used twice.

  private static final VarHandle OWNER;

  /** About 2 µs, many times the length of a section: a longer wait is for a stopped thread. */
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 64 : 0;

  /**
   * Each costs the thread its turn. With 16 threads on 2 busy CPUs and no yields an event took 4
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
   * The id of the thread that has it, or 0. That thread sets it to 0, once for each {@link #enter}
   * that returned true; pairs with casOwnerAcquire().
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

  /** Whether the calling thread holds it. */
  boolean isMine() {
    return owner == Thread.currentThread().threadId();
  }

  /** The same as {@code owner = 0} without a full fence. If this throws it has done nothing. */
  void leave() {
    OWNER.setRelease(this, 0L); // pairs with casOwnerAcquire()
  }

  /** Pairs with leave() and other stores of 0: makes what the last holder wrote visible. */
  private boolean casOwnerAcquire(long me) {
    return (long) OWNER.compareAndExchangeAcquire(this, 0L, me) == 0;
  }

  private boolean enterSlowly(long me) {
    if ((long) OWNER.getOpaque(this) == me) { // only this thread writes its id
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
