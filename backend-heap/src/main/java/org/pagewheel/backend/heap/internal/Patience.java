package org.pagewheel.backend.heap.internal;

import org.pagewheel.Clock;

/**
 * How long an event must have been open before readers of a ring of mode DISCARD go on without it.
 * Guarded by the lock of its CPU.
 */
final class Patience {
  // What is reserved when a reader looks is old when a reader looks again 100 ms later: it is not
  // later than the last event of the first look. Where the clock is ours, an event's own time also
  // gives its age, so that the first reader that comes, such as a single save, can decide. A copy
  // does no harm and waits at most 100 ms; an event that a take goes on without is lost, so a take
  // must not mistake a pause of the whole process for the death of a thread. Either way an event is
  // never considered older than it is.

  /** Longer than a running thread is preempted. */
  static final long NANOS = 100_000_000;

  /** How much longer pauses of the whole process may be. */
  private static final long PAUSES = 9;

  private final CpuRing ring;
  private long old = Long.MIN_VALUE;
  private boolean noted;
  private long notedTime;
  private long notedAt;

  Patience(CpuRing ring) {
    this.ring = ring;
  }

  /** Events reserved before this time are old. */
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
    boolean isTimed = Clock.isPlain(ring.clock) && ring.clock.timeline().equals(Clock.MONO.name());
    return isTimed ? Math.max(old, now - age) : old;
  }
}
