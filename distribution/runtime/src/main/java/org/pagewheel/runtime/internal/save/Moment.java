package org.pagewheel.runtime.internal.save;

import org.pagewheel.Buffer;
import org.pagewheel.Clock;

/**
 * A moment by a buffer's clock at that time.
 *
 * @param buffer the buffer
 * @param clock its clock at that moment
 * @param time the time by that clock
 */
record Moment(Buffer buffer, Clock clock, long time) {
  /** Now. */
  static Moment of(Buffer buffer) {
    Clock clock = buffer.config().clock();
    return new Moment(buffer, clock, clock.now());
  }

  /** Whether the buffer's events can be compared with it: not once the buffer has another clock. */
  boolean isKnown() {
    return buffer.config().clock() == clock;
  }
}
