package org.pagewheel.shell.internal.print;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.pagewheel.Clock;

/** The times of day of a clock's times, in nanoseconds as {@link ShownTimes} has them. */
public final class WallTime {
  private static final long NANOS = 1_000_000_000;

  /** For comparison with a log: to the microsecond, in this machine's zone. */
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final long offset;
  private final DateTimeFormatter text;

  private WallTime(long offset, ZoneId zone) {
    this.offset = offset;
    this.text = MICROS.withZone(zone);
  }

  /**
   * The offset of a clock from the time of day at this moment.
   *
   * @return empty if what the clock counts does not become nanoseconds
   */
  public static Optional<WallTime> of(Clock clock) {
    ShownTimes times = ShownTimes.of(clock);
    if (!times.areSeconds()) {
      return Optional.empty();
    }
    Instant now = Instant.now();
    long wall = now.getEpochSecond() * NANOS + now.getNano();
    return Optional.of(of(wall - times.shown(clock.now())));
  }

  /** One whose times are this many nanoseconds behind the time of day. */
  public static WallTime of(long offset) {
    return new WallTime(offset, ZoneId.systemDefault());
  }

  private Instant at(long time) {
    long nanos = time + offset;
    return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
  }

  /** Such as {@code 2026-11-30 10:13:48.123456}, in this machine's zone. */
  public String text(long time) {
    return text.format(at(time));
  }

  /** Such as {@code 2026-11-30T09:13:48.123456789Z}. */
  public String iso(long time) {
    return ISO.format(at(time));
  }
}
