package org.pagewheel.consumer.network.internal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Quantity;

/**
 * The settings of a consumer of type {@code network}.
 *
 * @param host where the listener is
 * @param port its port
 * @param isAllowed whether the listener may be on another machine
 * @param protocol which of the listener's protocols
 * @param connectTimeout nanoseconds for a connection, and for each answer of the listener
 * @param writeTimeout nanoseconds after which a listener that reads nothing is given up
 * @param readTime nanoseconds that a listener of v1 gets to read what is under way at the end
 * @param namesInterval nanoseconds after which a new file may be begun for thread names alone
 * @param spool bytes of pages that are kept while there is no connection
 */
record NetworkSettings(
    String host,
    int port,
    boolean isAllowed,
    Protocol protocol,
    long connectTimeout,
    long writeTimeout,
    long readTime,
    long namesInterval,
    long spool) {

  private static final DefaultSettings SETTINGS = DefaultSettings.of(NetworkSettings.class);
  private static final String HOST = "host";
  private static final String PORT = "port";
  private static final String ALLOW = "allow";
  private static final String PROTOCOL = "protocol";
  private static final String CONNECT_TIMEOUT = "connect-timeout";
  private static final String WRITE_TIMEOUT = "write-timeout";
  private static final String READ_TIME = "read-time";
  private static final String NAMES_INTERVAL = "names-interval";
  private static final String SPOOL = "spool";

  /** Checks everything but the host; reports what is wrong in one line. */
  static NetworkSettings parse(Map<String, String> said) {
    Map<String, String> settings = SETTINGS.complete("network", said);
    String host = settings.get(HOST).strip();
    if (host.isEmpty()) {
      throw new IllegalArgumentException(HOST + " is empty: a name or an address is right");
    }
    return new NetworkSettings(
        host,
        port(settings.get(PORT).strip()),
        allows(settings.get(ALLOW), host),
        protocol(settings.get(PROTOCOL).strip()),
        Quantity.nanos(CONNECT_TIMEOUT, settings.get(CONNECT_TIMEOUT)),
        Quantity.nanos(WRITE_TIMEOUT, settings.get(WRITE_TIMEOUT)),
        Quantity.nanos(READ_TIME, settings.get(READ_TIME)),
        Quantity.nanos(NAMES_INTERVAL, settings.get(NAMES_INTERVAL)),
        Quantity.bytes(SPOOL, settings.get(SPOOL)));
  }

  private static int port(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "network needs port = N, the one that trace-cmd listen -p N was started with");
    }
    return Quantity.count(PORT, text, 1, 65535);
  }

  private static boolean allows(String list, String host) {
    return Arrays.stream(list.toLowerCase(Locale.ROOT).split("[,\\s\\[\\]]+"))
        .anyMatch(host.toLowerCase(Locale.ROOT)::equals);
  }

  private static Protocol protocol(String text) {
    String word = Quantity.oneOf(PROTOCOL, text.toLowerCase(Locale.ROOT), "v1", "v3");
    return Protocol.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
