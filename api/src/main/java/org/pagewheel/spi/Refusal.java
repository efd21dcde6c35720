package org.pagewheel.spi;

import org.pagewheel.Mode;
import org.pagewheel.internal.RefusalCode;

/**
 * Why a {@link RingWriter#reserve reserve} failed: the negative numbers it may return, and the
 * counter that each raises.
 */
public final class Refusal {
  /** The ring is full and its mode is {@link Mode#DISCARD}; counted as dropped. */
  public static final long DROPPED = RefusalCode.DROPPED;

  /** The ring has come round to events that are still being written; counted as commit overrun. */
  public static final long COMMIT_OVERRUN = RefusalCode.COMMIT_OVERRUN;

  /** Recording is off, or this CPU's ring was disabled by an error in it; counted. */
  public static final long DISABLED = RefusalCode.DISABLED;

  /** The length is over {@link RingWriter#maxEventSize}; counted. */
  public static final long TOO_LONG = RefusalCode.TOO_LONG;

  /** The ring's own clock or CPU number tried to write to the ring; counted. */
  public static final long RECURSION = RefusalCode.RECURSION;

  /**
   * The ring has been sealed because another one replaces it: nothing is counted here, the caller
   * goes on with {@link WritableBuffer#successor}.
   */
  public static final long SEALED = RefusalCode.SEALED;

  private Refusal() {}

  /**
   * The refusal in words.
   *
   * @param reservation a negative result of {@link RingWriter#reserve}
   * @return a short lower-case text
   * @throws IllegalArgumentException if it is not one of the constants of this class
   */
  public static String text(long reservation) {
    return switch ((int) reservation) {
      case (int) DROPPED -> "dropped: the ring is full";
      case (int) COMMIT_OVERRUN -> "commit overrun: the ring is full of events still being written";
      case (int) DISABLED -> "recording is off";
      case (int) TOO_LONG -> "the event is too long for a page";
      case (int) RECURSION -> "recursion: the ring's clock or CPU number wrote an event";
      case (int) SEALED -> "the ring has been replaced";
      default -> throw new IllegalArgumentException("not a refusal: " + reservation);
    };
  }
}
