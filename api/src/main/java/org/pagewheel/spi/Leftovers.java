package org.pagewheel.spi;

/**
 * Reservations that could be neither committed nor discarded, because the stack was full there as
 * well. They are put aside, and discarded by the next writer that is refused, or the next reader.
 * Until then each costs what a stopped writer costs.
 *
 * <p>For code that writes events by {@link RingWriter} and wants what {@link
 * org.pagewheel.event.EventType#record} promises after a {@link StackOverflowError}. The fields are
 * public because nothing may be called where the stack is full:
 *
 * {@snippet :
 * try {
 *   …
 *   ring.commit(at);
 * } catch (Throwable e) {
 *   try {
 *     ring.discard(at);
 *   } catch (Throwable full) {
 *     synchronized (Leftovers.RINGS) {
 *       if (Leftovers.count < Leftovers.MAX) {
 *         Leftovers.RINGS[Leftovers.count] = ring;
 *         Leftovers.RESERVATIONS[Leftovers.count++] = at;
 *       }
 *     }
 *   }
 *   throw e;
 * }
 * }
 */
public final class Leftovers {
  /** How many are kept; any beyond that stay open for good. */
  public static final int MAX = 1024;

  /** The rings that gave the reservations; also the lock for all fields. */
  public static final RingWriter[] RINGS = new RingWriter[MAX];

  /** The reservations. */
  public static final long[] RESERVATIONS = new long[MAX];

  /** How many there are. */
  public static volatile int count;

  /** A thread is settling: discarding one can wake a reader, which comes here. */
  private static volatile boolean settling;

  private Leftovers() {}

  /** Discards what was put aside; costs one read if there is nothing. Does not throw. */
  public static void settle() {
    if (count == 0) {
      return;
    }
    synchronized (RINGS) {
      if (settling) {
        return;
      }
      settling = true;
    }
    try {
      while (settleOne()) {
        // the next one
      }
    } finally {
      settling = false;
    }
  }

  /** The lock is not held meanwhile: the ring has its own locks. */
  private static boolean settleOne() {
    RingWriter ring;
    long reservation;
    synchronized (RINGS) {
      if (count == 0) {
        return false;
      }
      int last = count - 1;
      ring = RINGS[last];
      reservation = RESERVATIONS[last];
      RINGS[last] = null;
      count = last;
    }
    try {
      ring.discard(reservation);
      return true;
    } catch (VirtualMachineError full) {
      synchronized (RINGS) {
        if (count < MAX) {
          RINGS[count] = ring;
          RESERVATIONS[count++] = reservation;
        }
      }
      return false;
    } catch (Throwable settled) {
      return true; // it was committed, or its ring is broken or gone
    }
  }
}
