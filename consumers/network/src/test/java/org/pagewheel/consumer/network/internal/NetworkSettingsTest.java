package org.pagewheel.consumer.network.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.UnknownHostException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.Guide;
import org.pagewheel.spi.PageConsumer;

/** What may be written, and what is said to the rest. */
class NetworkSettingsTest {
  @Test
  void theGuideTellsEverySettingWithItsDefault() throws Exception {
    assertEquals(
        new TreeMap<>(new NetworkFactory().defaults().orElseThrow().values()), Guide.settings());
  }

  @Test
  void theDefaultsAreLoopbackAndTheFirstProtocol() {
    NetworkSettings settings = NetworkSettings.parse(Map.of("port", "12345"));
    assertEquals("localhost", settings.host());
    assertEquals(12345, settings.port());
    assertEquals(Protocol.V1, settings.protocol());
    assertEquals(16L << 20, settings.spool());
    assertFalse(settings.isAllowed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ports | 1 | network has no setting ports; it has host, port, allow",
        "port | 0 | port = 0: a number from 1 to 65535 is right",
        "port | 65536 | port = 65536: a number from 1 to 65535 is right",
        "port | x | port = x: a number from 1 to 65535 is right",
        "protocol | v2 | protocol = v2: v1 or v3 is right",
        "spool | much | spool = much: a size such as 64 MiB",
        "connect-timeout | 5 | connect-timeout = 5: a time such as",
        "write-timeout | soon | write-timeout = soon: a time such as",
        "host | '' | host is empty: a name or an address is right",
      })
  void whatIsWrongIsToldInOneLine(String key, String value, String told) {
    Map<String, String> settings = new java.util.HashMap<>(Map.of("port", "12345"));
    settings.put(key, value);
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> NetworkSettings.parse(settings));
    assertTrue(e.getMessage().startsWith(told), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void thePortMustBeGiven() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> NetworkSettings.parse(Map.of()));
    assertEquals(
        "network needs port = N, the one that trace-cmd listen -p N was started with",
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1", "2001:db8::1", "0.0.0.0"})
  void anotherMachineIsRefusedUnlessNamed(String host) throws Exception {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> open(Map.of("port", "1", "host", host, "allow", "elsewhere")));
    assertTrue(e.getMessage().contains("use a tunnel, or allow = " + host), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
    open(Map.of("port", "1", "host", host, "allow", "elsewhere, " + host)).close();
  }

  @Test
  void anUnknownHostIsRefusedInOneLine() {
    Exception e =
        assertThrows(
            UnknownHostException.class,
            () -> open(Map.of("port", "1", "host", "no-such-host.invalid")));
    assertEquals("host = no-such-host.invalid: there is no host of this name", e.getMessage());
  }

  private static PageConsumer open(Map<String, String> settings) throws Exception {
    return new NetworkFactory().open(new GivenContext(1, 4096, settings));
  }
}
