package org.pagewheel.runtime.internal.ring;

/** Per CPU: events given up that no page has told yet. */
final class Untold {
  /** By CPU; guarded by this object. */
  final long[] events;

  Untold(int cpus) {
    this.events = new long[cpus];
  }

  /**
   * What was given up counts as overrun, and the next page of the CPU tells it. Less than none was
   * given up where a ring whose writers were still at work had said too much: that is taken back.
   * What was given up with a ring that has been cleared since concerns nobody.
   */
  void add(ReadSide ring, int cpu, long lost) {
    if (lost != 0) {
      synchronized (this) {
        events[cpu] = ring.cleared ? events[cpu] : Math.max(0, events[cpu] + lost);
      }
    }
  }

  /** What the next page has to tell. */
  synchronized long of(int cpu) {
    return events[cpu];
  }

  /** A page tells it. */
  void told(int cpu, long lost) {
    if (lost != 0) {
      synchronized (this) {
        long rest = events[cpu] - lost;
        events[cpu] = rest < 0 ? 0 : rest; // some may have been taken back meanwhile, or cleared
      }
    }
  }
}
