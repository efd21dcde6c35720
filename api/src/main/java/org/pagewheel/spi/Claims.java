package org.pagewheel.spi;

import java.util.BitSet;

/** Which CPUs somebody consumes: one reader at a time. Thread-safe. */
final class Claims {
  private final BitSet taken = new BitSet();

  /**
   * Takes all or none.
   *
   * @throws IllegalStateException if another has one of them
   */
  synchronized void take(int[] cpus) {
    for (int cpu : cpus) {
      if (taken.get(cpu)) {
        throw new IllegalStateException(
            "another consuming reader of CPU " + cpu + " is open: close it first, or iterate");
      }
    }
    for (int cpu : cpus) {
      taken.set(cpu);
    }
  }

  synchronized void leave(int[] cpus) {
    for (int cpu : cpus) {
      taken.clear(cpu);
    }
  }
}
