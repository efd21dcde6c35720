package org.pagewheel.shell.internal.print;

import java.util.Optional;
import org.pagewheel.Clock;
import org.pagewheel.ClockScale;

/**
 * How the times of a clock are shown.
 *
 * @param areSeconds whether they are nanoseconds, to be shown as seconds
 * @param scale makes them nanoseconds; empty if they need none
 */
public record ShownTimes(boolean areSeconds, Optional<ClockScale> scale) {
  /** Those of a clock, as its scale is now. */
  public static ShownTimes of(Clock clock) {
    return of(clock.timeline(), clock.scale());
  }

  /** Those of a clock of this name and scale. */
  public static ShownTimes of(String clock, Optional<ClockScale> scale) {
    return new ShownTimes(scale.isPresent() || Descriptions.inSeconds(clock), scale);
  }

  /** A time as it is shown. */
  public long shown(long time) {
    return scale.isPresent() ? scale.get().nanos(time) : time;
  }
}
