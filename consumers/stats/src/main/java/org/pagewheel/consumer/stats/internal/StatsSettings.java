package org.pagewheel.consumer.stats.internal;

import java.util.Map;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Quantity;

/**
 * The settings of a consumer of type {@code stats}.
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

  /** Checks everything; reports what is wrong in one line. */
  static StatsSettings parse(Map<String, String> said) {
    Map<String, String> settings = SETTINGS.complete("stats", said);
    String events = Quantity.oneOf(EVENTS, settings.get(EVENTS), "true", "false");
    String port = settings.get(HTTP_PORT).strip();
    return new StatsSettings(
        port.isEmpty() ? NONE : Quantity.count(HTTP_PORT, port, 1, MAX_PORT),
        events.equals("true"));
  }
}
