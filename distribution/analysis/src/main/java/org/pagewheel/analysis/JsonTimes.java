package org.pagewheel.analysis;

import java.time.Instant;

/** Times in JSON: a whole number of the clock's unit, or the time of day as ISO 8601 has it. */
final class JsonTimes {
  private static final long SECOND = 1_000_000_000;

  private JsonTimes() {}

  static void add(Json json, String key, long time, Trace trace, Style style) {
    if (style.isWall() && trace.wallOffset().isPresent()) {
      long nanos = time + trace.wallOffset().getAsLong();
      Instant instant =
          Instant.ofEpochSecond(Math.floorDiv(nanos, SECOND), Math.floorMod(nanos, SECOND));
      json.key(key).value(instant.toString());
    } else {
      json.key(key).value(time);
    }
  }
}
