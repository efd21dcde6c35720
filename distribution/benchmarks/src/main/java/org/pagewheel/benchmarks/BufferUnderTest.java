package org.pagewheel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Buffers;
import org.pagewheel.Clock;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.spi.WritableBuffer;

/**
 * A buffer as in an application: made by the runtime, its ring replaceable, in mode overwrite, with
 * 256 pages of 4096 bytes for each CPU.
 */
@State(Scope.Benchmark)
public class BufferUnderTest {
  static final int PAGES = 256;
  static final int PAGE_SIZE = 4096;

  /** The lock-free backend with its pages on the Java heap. */
  static final String LOCKFREE_HEAP = "lockfree-heap";

  @Param("lockfree")
  public String backend;

  /** One of those in the configuration. */
  @Param("mono")
  public String clock = "mono";

  WritableBuffer buffer;

  private Pagewheel pagewheel;
  private Path directory;

  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("pagewheel-benchmark");
    pagewheel = Pagewheel.start(overrides(directory));
    buffer = (WritableBuffer) make(pagewheel.buffers());
  }

  /** All buffers. */
  final Buffers buffers() {
    return pagewheel.buffers();
  }

  /** The runtime's configuration. */
  Map<String, String> overrides(Path files) throws IOException {
    return Map.of("pagewheel.buffers.main.on", "false");
  }

  /** Makes the buffer, or finds the one that was configured. */
  Buffer make(Buffers buffers) throws IOException {
    return buffers.create(config());
  }

  private BufferConfig config() {
    Map<String, String> settings =
        switch (backend) {
          case "offheap" -> Map.of("file", directory.resolve("ring").toString());
          case LOCKFREE_HEAP -> Map.of("memory", "heap");
          default -> Map.of();
        };
    String name = backend.equals(LOCKFREE_HEAP) ? "lockfree" : backend;
    BufferConfig usual =
        BufferConfig.builder("benchmark", name).settings(settings).clock(clock()).build();
    return adapt(usual).withPages(PAGES, PAGE_SIZE);
  }

  private Clock clock() {
    return switch (clock) {
      case "x86-tsc" -> Clock.x86Tsc();
      case "mono-tsc" -> Clock.monoTsc();
      default -> Clock.MONO;
    };
  }

  /** The settings that a benchmark changes. */
  BufferConfig adapt(BufferConfig usual) {
    return usual;
  }

  @TearDown(Level.Trial)
  public void close() throws IOException {
    pagewheel.close();
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
