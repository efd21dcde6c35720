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
import org.pagewheel.runtime.Pagewheel;

/**
 * A buffer as an application has it: made by the runtime, its ring replaceable, in mode overwrite,
 * with 256 pages of 4096 bytes for each CPU.
 */
@State(Scope.Benchmark)
public class BufferUnderTest {
  static final int PAGES = 256;
  static final int PAGE_SIZE = 4096;

  @Param("heap")
  public String backend;

  Buffer buffer;

  private Pagewheel pagewheel;
  private Path directory;

  @Setup(Level.Trial)
  public void open() throws IOException {
    directory = Files.createTempDirectory("pagewheel-benchmark");
    pagewheel = Pagewheel.start(Map.of("pagewheel.buffers.main.on", "false"));
    buffer = pagewheel.buffers().create(config());
  }

  /** The mapped ring needs a file. */
  private BufferConfig config() {
    Map<String, String> settings =
        backend.equals("offheap") ? Map.of("file", directory.resolve("ring").toString()) : Map.of();
    return adapt(BufferConfig.of("benchmark", backend).withBackend(backend, settings))
        .withPages(PAGES, PAGE_SIZE);
  }

  /** What a benchmark wants otherwise. */
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
