package org.pagewheel.runtime.internal.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A lock that is held briefly, by the thread whose turn it is. Unlike a lock of {@code
 * java.util.concurrent}, a stack overflow leaves it neither taken nor lost: {@link #enter} calls
 * nothing after its compare-and-set, and the lock is left by a plain store, {@code turn.owner = 0},
 * in {@code finally}, if {@code enter} returned true.
 */
final class Turn {
  private static final int YIELDS = 16;
  private static final long PAUSE_NANOS = 50_000;

  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(Turn.class, "owner", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
    new Turn().enter(); // the first use links, and must not happen on a full stack
  }

  /** The id of the thread whose turn it is, or 0. Storing 0 pairs with {@link #tryEnter}. */
  volatile long owner;

  /**
   * Waits for the turn.
   *
   * @return whether it must be left; false if the caller had it already
   */
  boolean enter() {
    if (isMine()) {
      return false;
    }
    for (int tries = 0; !tryEnter(); tries++) {
      if (tries < YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
    return true;
  }

  /** Takes the turn if it is free; pairs with the store of 0: makes what its writer did visible. */
  boolean tryEnter() {
    return OWNER.compareAndSet(this, 0L, Thread.currentThread().threadId());
  }

  boolean isMine() {
    return owner == Thread.currentThread().threadId();
  }
}
