package org.pagewheel.spi;

/**
 * The number that {@link RingWriter#reserve} returns: the place of the reserved payload, and what
 * the backend needs to commit it. A plain {@code long}, so that no object is made for an event.
 *
 * <pre>
 *  63 62                          36 35                                             0
 * +--+------------------------------+------------------------------------------------+
 * |0 | the backend's own (27 bits)  | byte offset of the payload in memory(r)        |
 * +--+------------------------------+------------------------------------------------+
 *   sign: a negative number is a refusal, see Refusal
 * </pre>
 */
public final class Reservation {
  /** How many low bits hold the offset. */
  public static final int OFFSET_BITS = 36;

  /** How many bits above the offset belong to the backend. */
  public static final int OWN_BITS = 63 - OFFSET_BITS;

  private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

  private Reservation() {}

  /**
   * Where the payload begins in {@link RingWriter#memory}.
   *
   * @param reservation a result of {@link RingWriter#reserve} that is not negative
   * @return an offset in bytes, a multiple of 4
   */
  public static long offset(long reservation) {
    return reservation & OFFSET_MASK;
  }

  /**
   * The backend's own bits.
   *
   * @param reservation a result of {@link RingWriter#reserve} that is not negative
   * @return what the backend gave to {@link #of}
   */
  public static int own(long reservation) {
    return (int) (reservation >>> OFFSET_BITS);
  }

  /**
   * Makes a reservation; for backends.
   *
   * @param own the backend's own bits, less than 2<sup>27</sup>
   * @param offset the payload's offset in bytes, less than 2<sup>36</sup>
   * @return a number of at least 0
   */
  public static long of(int own, long offset) {
    return (long) own << OFFSET_BITS | offset;
  }
}
