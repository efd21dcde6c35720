package org.pagewheel.event.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The numbers by which the two events of a span find each other.
 *
 * <pre>
 *  63                               22 21                         0
 * +-----------------------------------+----------------------------+
 * | Java thread id, from 1            | count, the thread's own    |
 * +-----------------------------------+----------------------------+
 * </pre>
 *
 * <p>How it works: a thread counts in a table slot that its id chooses; the slots are a cache line
 * apart. Threads that share a slot may undo each other's steps, so that a thread gets a number
 * twice, as it does after four million: that matters only to spans that are open at the same time,
 * and of those the inner one ends first. Rejected: one atomic counter, for which all CPUs would
 * contend, and a thread-local, which every virtual thread would pay for.
 */
public final class SpanIds {
  private static final int COUNT_BITS = 22;
  private static final int PLACES = 1 << 10;

  /** Longs of a cache line, as a shift. */
  private static final int LINE = 3;

  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final long[] TABLE = new long[PLACES << LINE];

  private SpanIds() {}

  /** A number that no other open span of this process has; never 0. */
  public static long next() {
    long thread = Thread.currentThread().threadId();
    int place = ((int) thread & PLACES - 1) << LINE;
    long count = (long) COUNTS.getOpaque(TABLE, place) + 1;
    COUNTS.setOpaque(TABLE, place, count);
    return thread << COUNT_BITS | count & (1 << COUNT_BITS) - 1;
  }
}
