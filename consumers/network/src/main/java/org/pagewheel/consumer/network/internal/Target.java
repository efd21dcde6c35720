package org.pagewheel.consumer.network.internal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** A listener's host, which is resolved anew for each connection, and its port. */
record Target(String host, int port, boolean isAllowed) {
  /**
   * The address to connect to. The address checked is the one used, so that a name that means
   * something else by then is refused too.
   *
   * @throws IllegalArgumentException if it is not allowed
   * @throws UnknownHostException if the name has no address
   */
  InetAddress resolve() throws UnknownHostException {
    InetAddress[] all;
    try {
      all = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      UnknownHostException told =
          new UnknownHostException("host = " + host + ": there is no host of this name");
      told.initCause(e);
      throw told;
    }
    if (!isAllowed) {
      for (InetAddress address : all) {
        if (!address.isLoopbackAddress()) {
          throw new IllegalArgumentException(
              ("host = %s is not this machine (%s), and what is sent to a listener is neither"
                      + " encrypted nor authenticated: use a tunnel, or allow = %s")
                  .formatted(host, address.getHostAddress(), host));
        }
      }
    }
    // The listener has IPv4 sockets where the system does not map them to IPv6 ones.
    return Arrays.stream(all)
        .filter(java.net.Inet4Address.class::isInstance)
        .findFirst()
        .orElse(all[0]);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
