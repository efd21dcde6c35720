package org.pagewheel.runtime.internal.save;

import org.pagewheel.Buffer;
import org.pagewheel.Clock;

/**
 * A moment by the clock that a buffer had in it.
 *
 * @param buffer the buffer
 * @param clock its clock in that moment
 * @param time what that showed
 */
record Moment(Buffer buffer, Clock clock, long time) {
  /** Now. */
  static Moment of(Buffer buffer) {
    Clock clock = buffer.config().clock();
    return new Moment(buffer, clock, clock.now());
  }

  /** Whether the buffer's events can be compared with it: not once it has another clock. */
  boolean isKnown() {
    return buffer.config().clock() == clock;
  }
}
