package org.pagewheel.sources.internal;

import java.time.Instant;

/**
 * Converts times of JFR, which are the wall clock's, to times of the clock mono. The difference is
 * measured when the object is made, to within a microsecond or two; like JFR's own conversion it
 * does not follow a wall clock that is set later.
 */
final class JvmTime {
  private static final int ATTEMPTS = 50;

  private final long wallLessMono;

  JvmTime() {
    long shortest = Long.MAX_VALUE;
    long difference = 0;
    // The attempt with the shortest interruption is the most exact.
    for (int i = 0; i < ATTEMPTS; i++) {
      long before = System.nanoTime();
      long wall = nanos(Instant.now());
      long took = System.nanoTime() - before;
      if (took < shortest) {
        shortest = took;
        difference = wall - (before + took / 2);
      }
    }
    wallLessMono = difference;
  }

  /** The time by {@link System#nanoTime}. */
  long mono(Instant instant) {
    return nanos(instant) - wallLessMono;
  }

  private static long nanos(Instant instant) {
    return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
  }
}
