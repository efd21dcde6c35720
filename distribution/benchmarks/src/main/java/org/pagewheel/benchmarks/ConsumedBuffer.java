package org.pagewheel.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;

/**
 * The same with three consumers running: rotating files of 64 MiB, {@code trace-cmd listen} on this
 * machine, and statistics.
 */
@State(Scope.Benchmark)
public class ConsumedBuffer extends BufferUnderTest {
  private static final String NAME = "consumed";

  private Path received;
  private Process listener;

  @Override
  Map<String, String> overrides(Path files) throws IOException {
    received = Files.createTempDirectory("pagewheel-benchmark");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    listener =
        new ProcessBuilder("trace-cmd", "listen", "-p", "" + port, "-d", received.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    String key = "pagewheel.buffers." + NAME + ".";
    Map<String, String> values = new HashMap<>();
    values.put(key + "backend", backend);
    values.put(key + "pages", Integer.toString(PAGES));
    values.put(key + "page-size", Integer.toString(PAGE_SIZE));
    values.put(key + "file", backend.equals("offheap") ? files.resolve("ring").toString() : "");
    values.put(key + "consumers.file.type", "splice");
    values.put(key + "consumers.file.dir", files.toString());
    values.put(key + "consumers.file.max-files", "2");
    values.put(key + "consumers.net.type", "network");
    values.put(key + "consumers.net.port", "" + port);
    values.put(key + "consumers.stats.type", "stats");
    return values;
  }

  @Override
  Buffer make(Buffers buffers) {
    return buffers.get(NAME);
  }

  @Override
  public void close() throws IOException {
    super.close();
    listener.descendants().forEach(ProcessHandle::destroyForcibly);
    listener.destroyForcibly();
    listener.onExit().join();
    try (var files = Files.list(received)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.delete(received);
  }
}
