package org.pagewheel.consumer.network.internal;

import java.util.Arrays;

/** Numbers of events by CPU: those that are lost and have not been told yet, or may become so. */
final class Losses {
  static final long UNKNOWN = -1;

  private long[] events = {};

  /** A sum of counts of which either may be unknown. */
  static long sum(long one, long other) {
    return one < 0 || other < 0 ? UNKNOWN : one + other;
  }

  void add(int cpu, long more) {
    if (more != 0) {
      events = events.length > cpu ? events : Arrays.copyOf(events, cpu + 1);
      events[cpu] = sum(events[cpu], more);
    }
  }

  void addAll(Losses other) {
    for (int cpu = 0; cpu < other.events.length; cpu++) {
      add(cpu, other.events[cpu]);
    }
  }

  long get(int cpu) {
    return cpu < events.length ? events[cpu] : 0;
  }

  void clear(int cpu) {
    if (cpu < events.length) {
      events[cpu] = 0;
    }
  }

  long total() {
    return Arrays.stream(events).reduce(0, Losses::sum);
  }

  /** A number of events for people. */
  static String text(long events) {
    return events < 0 ? "an unknown number of events" : events + " events";
  }
}
