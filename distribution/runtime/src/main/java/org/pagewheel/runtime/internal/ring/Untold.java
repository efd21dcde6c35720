package org.pagewheel.runtime.internal.ring;

/** Per CPU: events given up that no page has reported yet. */
final class Untold {
  /** By CPU; guarded by this object. */
  final long[] events;

  Untold(int cpus) {
    this.events = new long[cpus];
  }

  /**
   * What was given up counts as overrun, and the next page of the CPU reports it. The number is
   * negative if a ring whose writers were still running had reported too much: that is subtracted.
   * What was given up with a ring that has been cleared since no longer matters.
   */
  void add(ReadSide ring, int cpu, long lost) {
    if (lost != 0) {
      synchronized (this) {
        events[cpu] = ring.cleared ? events[cpu] : Math.max(0, events[cpu] + lost);
      }
    }
  }

  /** What the next page has to report. */
  synchronized long of(int cpu) {
    return events[cpu];
  }

  /** Notes that a page reports it. */
  void told(int cpu, long lost) {
    if (lost != 0) {
      synchronized (this) {
        long rest = events[cpu] - lost;
        events[cpu] = rest < 0 ? 0 : rest; // some may have been subtracted meanwhile, or cleared
      }
    }
  }
}
