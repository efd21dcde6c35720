package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consumers network and stats, configured in a real container. */
class ConsumersIT {
  private static final int MARKS = 50;
  private static final String CONSUMERS = "pagewheel.buffers.wire.consumers.";

  @TempDir Path storage;
  @TempDir Path received;

  @Test
  void marksArriveAtAListenerAndAreCounted() throws Exception {
    int port = freePort();
    Process listener =
        new ProcessBuilder("trace-cmd", "listen", "-p", "" + port, "-d", received.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Map<String, String> configuration =
        Map.of("net.type", "network", "net.port", "" + port, "stats.type", "stats");
    configuration.forEach((key, value) -> System.setProperty(CONSUMERS + key, value));
    Container container = new Container(storage.resolve("felix"));
    try {
      configuration.forEach((key, value) -> System.clearProperty(CONSUMERS + key));
      Container.await("wire records", () -> container.show("list").contains("wire "));
      for (int i = 0; i < MARKS; i++) {
        container.execute("mark wire number " + i);
      }
      String wanted =
          "pagewheel_type_events_total{buffer=\"wire\",system=\"ftrace\",event=\"print\"} " + MARKS;
      Container.await("stats count", () -> container.show("metrics").contains(wanted));
      assertTrue(container.show("rates").contains("ftrace:print: " + MARKS + " events"));
      ObjectName bean = new ObjectName("org.pagewheel:type=Statistics,name=wire");
      assertTrue(ManagementFactory.getPlatformMBeanServer().isRegistered(bean));
      container.execute("destroy wire");
      assertEquals(MARKS, marks(report()));
    } finally {
      container.close();
      listener.descendants().forEach(ProcessHandle::destroyForcibly);
      listener.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private List<String> report() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(received)) {
      files = all.filter(file -> file.toString().endsWith(".dat")).toList();
    }
    assertEquals(1, files.size(), files::toString);
    return Program.report(files.getFirst());
  }

  private static int marks(List<String> lines) {
    int next = 0;
    for (String line : lines) {
      if (line.contains(" print: ")) {
        assertTrue(line.endsWith("number " + next), line);
        next++;
      }
    }
    return next;
  }
}
