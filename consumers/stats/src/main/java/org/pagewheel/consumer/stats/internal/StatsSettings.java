package org.pagewheel.consumer.stats.internal;

import java.util.Map;
import org.pagewheel.spi.DefaultSettings;

/**
 * What a user may choose.
 *
 * @param httpPort where to answer on the loopback interface; {@link #NONE} for nowhere
 * @param events whether to write events into the buffer
 */
record StatsSettings(int httpPort, boolean events) {
  static final int NONE = -1;

  private static final DefaultSettings SETTINGS = DefaultSettings.of(StatsSettings.class);
  private static final String HTTP_PORT = "http-port";
  private static final String EVENTS = "events";
  private static final int MAX_PORT = 65535;

  /** Checks everything; what is wrong is told in one line. */
  static StatsSettings parse(Map<String, String> said) {
    Map<String, String> settings = SETTINGS.complete("stats", said);
    String events = settings.get(EVENTS).strip();
    if (!events.equals("true") && !events.equals("false")) {
      throw new IllegalArgumentException(EVENTS + " = " + events + ": true or false is right");
    }
    String port = settings.get(HTTP_PORT).strip();
    return new StatsSettings(port.isEmpty() ? NONE : port(port), events.equals("true"));
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
