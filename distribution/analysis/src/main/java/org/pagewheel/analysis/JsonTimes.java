package org.pagewheel.analysis;

/** Times in JSON: a whole number of the clock's unit, or the time of day as ISO 8601 has it. */
final class JsonTimes {
  private JsonTimes() {}

  static void add(Json json, String key, long time, Trace trace, Style style) {
    if (style.isWall() && trace.wallOffset().isPresent()) {
      json.key(key).value(Words.instant(time + trace.wallOffset().getAsLong()).toString());
    } else {
      json.key(key).value(time);
    }
  }
}
