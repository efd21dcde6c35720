package org.pagewheel.consumer.network.internal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.pagewheel.spi.Quantity;

/**
 * What a user may choose.
 *
 * @param host where the listener is
 * @param port its port
 * @param isAllowed whether that may be another machine
 * @param protocol which of the listener's protocols
 * @param connectTimeout nanoseconds for a connection, and for each answer of the listener
 * @param writeTimeout nanoseconds after which a listener that takes nothing is given up
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
    long namesInterval,
    long spool) {

  private static final String HOST = "host";
  private static final String PORT = "port";
  private static final String ALLOW = "allow";
  private static final String PROTOCOL = "protocol";
  private static final String CONNECT_TIMEOUT = "connect-timeout";
  private static final String WRITE_TIMEOUT = "write-timeout";
  private static final String NAMES_INTERVAL = "names-interval";
  private static final String SPOOL = "spool";
  private static final String KNOWN =
      "host, port, allow, protocol, connect-timeout, write-timeout, names-interval, spool";

  /** Checks everything but the host; what is wrong is told in one line. */
  static NetworkSettings parse(Map<String, String> settings) {
    for (String key : new TreeSet<>(settings.keySet())) {
      switch (key) {
        case HOST,
            PORT,
            ALLOW,
            PROTOCOL,
            CONNECT_TIMEOUT,
            WRITE_TIMEOUT,
            NAMES_INTERVAL,
            SPOOL -> {}
        default ->
            throw new IllegalArgumentException(
                "network has no setting " + key + ": " + KNOWN + " are right");
      }
    }
    String host = settings.getOrDefault(HOST, "localhost").strip();
    if (host.isEmpty()) {
      throw new IllegalArgumentException(HOST + " is empty: a name or an address is right");
    }
    return new NetworkSettings(
        host,
        port(settings.getOrDefault(PORT, "").strip()),
        allows(settings.getOrDefault(ALLOW, ""), host),
        protocol(settings.getOrDefault(PROTOCOL, "v1").strip()),
        Quantity.nanos(CONNECT_TIMEOUT, settings.getOrDefault(CONNECT_TIMEOUT, "4 s")),
        Quantity.nanos(WRITE_TIMEOUT, settings.getOrDefault(WRITE_TIMEOUT, "30 s")),
        Quantity.nanos(NAMES_INTERVAL, settings.getOrDefault(NAMES_INTERVAL, "10 s")),
        Quantity.bytes(SPOOL, settings.getOrDefault(SPOOL, "16 MiB")));
  }

  private static int port(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException(
          "network needs port = N, the one that trace-cmd listen -p N was started with");
    }
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) < 65536) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException(PORT + " = " + text + ": a number from 1 to 65535 is right");
  }

  private static boolean allows(String list, String host) {
    return Arrays.stream(list.toLowerCase(Locale.ROOT).split("[,\\s\\[\\]]+"))
        .anyMatch(host.toLowerCase(Locale.ROOT)::equals);
  }

  private static Protocol protocol(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "v1" -> Protocol.V1;
      case "v3" -> Protocol.V3;
      default ->
          throw new IllegalArgumentException(PROTOCOL + " = " + text + ": v1 or v3 is right");
    };
  }
}
