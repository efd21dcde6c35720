package org.pagewheel.backend.heap.internal;

import org.pagewheel.Clock;

/**
 * Since when an event must have been open for readers of a ring of mode DISCARD to go on without
 * it. Guarded by the lock of its CPU.
 */
final class Patience {
  // What is reserved when a reader looks is old when one looks again 100 ms later: it is earlier
  // than the last event was at the first look. Where the clock is ours, an event's own time tells
  // its age, too, so that the first reader that comes decides, such as a single save. A copy harms
  // nobody and waits no longer for that than 100 ms; an event that a take goes on without is lost,
  // so there a pause of the whole process must not be taken for the death of a thread. Either way
  // an event is never taken for older than it is.

  /** Longer than a thread that runs is preempted. */
  static final long NANOS = 100_000_000;

  /** How much longer the pauses of a whole process may be. */
  private static final long PAUSES = 9;

  private final CpuRing ring;
  private long old = Long.MIN_VALUE;
  private boolean noted;
  private long notedTime;
  private long notedAt;

  Patience(CpuRing ring) {
    this.ring = ring;
  }

  /** Events that were reserved before that time are old. */
  long oldBefore(boolean consuming) {
    long now = System.nanoTime();
    long nanos = ring.ring.patience;
    if (!noted || now - notedAt >= nanos) {
      old = noted ? notedTime : old;
      notedTime = ring.lastTime;
      notedAt = now;
      noted = true;
    }
    long age = consuming ? nanos + PAUSES * nanos : nanos;
    return ring.clock == Clock.MONO ? Math.max(old, now - age) : old;
  }
}
