package org.pagewheel.runtime.internal.ring;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Who turned recording off or paused it, and when.
 *
 * @param by for people
 * @param millis since 1970
 */
record Off(String by, long millis) {
  private static final DateTimeFormatter TODAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter EARLIER =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  /** Off now, by the given name. */
  static Off by(String who) {
    return new Off(who, System.currentTimeMillis());
  }

  /** {@code by ring:off since 14:03:07}; with the date if that was another day. */
  String line() {
    ZonedDateTime when = Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault());
    boolean today = when.toLocalDate().equals(ZonedDateTime.now().toLocalDate());
    return "by " + by + " since " + (today ? TODAY : EARLIER).format(when);
  }
}
