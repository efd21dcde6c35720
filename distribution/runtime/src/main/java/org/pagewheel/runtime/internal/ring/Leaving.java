package org.pagewheel.runtime.internal.ring;

import java.time.Duration;
import org.pagewheel.runtime.internal.lifecycle.Threads;

/**
 * A replaced ring that is being moved to the heap: its backend goes, or there are too many such
 * rings.
 *
 * @param ring the ring, read from now on from what is kept of it
 * @param old as its backend made it
 * @param kept what is kept of it
 */
record Leaving(ReadSide ring, Generation old, KeptRing kept) {
  static Leaving of(ReadSide ring, boolean copies) {
    Generation old = ring.generation();
    return new Leaving(ring, old, ring.keep(copies));
  }

  /**
   * Moves what is unread to the heap, and lets go of the ring; see {@link ChainSource#keep}.
   *
   * @param begin when that began, by {@link System#nanoTime}
   * @param patience in nanoseconds
   * @return whether no event was still being written
   */
  boolean absorb(long begin, long patience) {
    try {
      while (!old.isBroken() && !kept.absorb()) {
        long passed = System.nanoTime() - begin;
        if (passed > patience || passed > ChainSource.PATIENCE && !kept.isQuiet()) {
          break;
        }
        Threads.pause(Duration.ofMillis(1));
      }
    } catch (Throwable thrown) {
      old.fail("take", thrown); // or there is no memory; the rest is given up
    }
    boolean quiet = old.isQuiet();
    kept.cut();
    return quiet;
  }
}
