package org.pagewheel.analysis;

import java.util.Arrays;

/** How a thread's time is split. Amounts are nanoseconds, or units of the clock. */
final class TimeParts {
  /** What a thread does at a moment: exactly one of these. */
  enum Part {
    /** It is on a CPU. */
    RUNNING,
    /** It waits for a CPU: preempted, or woken and not run yet. */
    RUNNABLE,
    /** It waits for something, and a signal would wake it: the kernel's state S. */
    SLEEPING,
    /** It waits for something, and no signal wakes it: D, most often a disk. */
    UNINTERRUPTIBLE,
    /** It waits in another state: stopped, traced, parked or idle. */
    OTHER,
    /** It is not on a CPU, and a pause for a garbage collection holds all Java threads. */
    GC,
    /** The same for another safepoint. */
    SAFEPOINT,
    /** Scheduling events of this time are lost, or came before the first one. */
    UNKNOWN
  }

  static final int PARTS = Part.values().length;

  private final long[] sums = new long[PARTS];

  /** How often it went on on another CPU than before. */
  long migrations;

  long get(Part part) {
    return sums[part.ordinal()];
  }

  void add(Part part, long length) {
    sums[part.ordinal()] += length;
  }

  void add(TimeParts other) {
    for (int i = 0; i < PARTS; i++) {
      sums[i] += other.sums[i];
    }
    migrations += other.migrations;
  }

  TimeParts copy() {
    TimeParts copy = new TimeParts();
    copy.add(this);
    return copy;
  }

  /** What has been added since a copy was made. */
  TimeParts since(TimeParts before) {
    TimeParts since = copy();
    for (int i = 0; i < PARTS; i++) {
      since.sums[i] -= before.sums[i];
    }
    since.migrations -= before.migrations;
    return since;
  }

  long total() {
    return Arrays.stream(sums).sum();
  }

  long blocked() {
    return get(Part.SLEEPING) + get(Part.UNINTERRUPTIBLE) + get(Part.OTHER);
  }

  /** What is known not to have been on a CPU. */
  long offCpu() {
    return total() - get(Part.RUNNING) - get(Part.UNKNOWN);
  }

  /** The part for the kernel's letter of a state. */
  static Part blockedIn(char state) {
    return switch (state) {
      case 'S' -> Part.SLEEPING;
      case 'D' -> Part.UNINTERRUPTIBLE;
      default -> Part.OTHER;
    };
  }
}
