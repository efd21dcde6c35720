package org.pagewheel.ring;

import org.pagewheel.Clock;
import org.pagewheel.Mode;

/**
 * Which events have been open so long that the readers of a ring of mode {@link Mode#DISCARD} go on
 * without them. For any number of readers of one CPU; writers never come here.
 */
final class Patience {
  // What is reserved when a reader looks is old when one looks again 100 ms later: this uses the
  // order of reserving, whatever the clock counts. Where the clock is ours, an event's own time
  // also gives its age, so that the first reader that comes, such as a single save, can decide. A
  // copy does no harm and waits at most 100 ms; an event that a take passes over is lost, so a take
  // must not mistake a pause of the whole process for the death of a thread. Either way an event is
  // never considered older than it is.

  /** Longer than a running thread is preempted. */
  static final long NANOS = 100_000_000;

  /** How much longer pauses of the whole process may be. */
  private static final long PAUSES = 9;

  /** For tests, which cannot wait. */
  volatile long nanos = NANOS;

  private final RingMemory memory;
  private final boolean discards;
  private final boolean timed;

  // Guarded by this.
  private Limit old = new Limit(Long.MIN_VALUE, -1, 0, Long.MIN_VALUE);
  private Limit noted;
  private long notedAt;

  Patience(RingMemory memory, Clock clock) {
    this.memory = memory;
    this.discards = memory.layout.mode == Mode.DISCARD;
    this.timed = isTimed(clock);
  }

  /** Whether a clock is ours and gives the times that limits are made of. */
  static boolean isTimed(Clock clock) {
    return Clock.isPlain(clock) && clock.timeline().equals(Clock.MONO.name());
  }

  /**
   * Events up to a time, and those before a place in the order of reserving whose time is not later
   * than when the place was noted (the room of a discarded event is used again).
   */
  record Limit(long time, long sequence, int used, long noted) {
    /** Whether the event of this time, at this byte of a page's records, is one of them. */
    boolean covers(long eventTime, long eventSequence, int at) {
      boolean isBefore = eventSequence < sequence || eventSequence == sequence && at < used;
      return eventTime <= time || isBefore && eventTime <= noted;
    }
  }

  /** The events that a copy of a page may now leave out; null if none is ever passed over. */
  Limit forCopy() {
    return discards ? limit(nanos) : null;
  }

  /** The events that a take of a page may now leave out; null if none is ever passed over. */
  Limit forTake() {
    return discards ? limit(nanos + PAUSES * nanos) : null;
  }

  private Limit limit(long age) {
    long now = System.nanoTime();
    Limit seen = seenBefore(now);
    return timed ? new Limit(now - age, seen.sequence, seen.used, seen.noted) : seen;
  }

  private synchronized Limit seenBefore(long now) {
    if (noted == null || now - notedAt >= nanos) {
      Limit next = place(timed ? now : Long.MAX_VALUE);
      old = noted == null ? old : noted;
      noted = next;
      notedAt = now;
    }
    return old;
  }

  /** Everything reserved by now, or a little less. */
  private Limit place(long now) {
    long current = memory.getCurrentAcquire();
    int page = CurrentWord.page(current);
    boolean isPage = page < memory.layout.frames; // another process's memory is not trusted
    long word = isPage ? memory.getPageWordAcquire(page) : 0;
    boolean known =
        isPage && PageWord.state(word) != PageWord.EMPTIED && memory.getCurrentAcquire() == current;
    int used = known ? memory.layout.pageWords.used(word) : 0;
    return new Limit(Long.MIN_VALUE, CurrentWord.sequence(current), used, now);
  }
}
