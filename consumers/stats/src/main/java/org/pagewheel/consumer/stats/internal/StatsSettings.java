package org.pagewheel.consumer.stats.internal;

import java.util.Map;
import java.util.TreeSet;

/**
 * What a user may choose.
 *
 * @param httpPort where to answer on the loopback interface; {@link #NONE} for nowhere
 * @param events whether to write events into the buffer
 */
record StatsSettings(int httpPort, boolean events) {
  static final int NONE = -1;

  private static final String HTTP_PORT = "http-port";
  private static final String EVENTS = "events";
  private static final int MAX_PORT = 65535;

  /** Checks everything; what is wrong is told in one line. */
  static StatsSettings parse(Map<String, String> settings) {
    for (String key : new TreeSet<>(settings.keySet())) {
      if (!key.equals(HTTP_PORT) && !key.equals(EVENTS)) {
        throw new IllegalArgumentException(
            "stats has no setting " + key + ": " + HTTP_PORT + ", " + EVENTS + " are right");
      }
    }
    String events = settings.getOrDefault(EVENTS, "true").strip();
    if (!events.equals("true") && !events.equals("false")) {
      throw new IllegalArgumentException(EVENTS + " = " + events + ": true or false is right");
    }
    String port = settings.get(HTTP_PORT);
    return new StatsSettings(port == null ? NONE : port(port.strip()), events.equals("true"));
  }

  private static int port(String text) {
    if (text.matches("\\d{1,5}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= MAX_PORT) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(
        HTTP_PORT + " = " + text + ": a number from 1 to " + MAX_PORT + " is right");
  }
}
