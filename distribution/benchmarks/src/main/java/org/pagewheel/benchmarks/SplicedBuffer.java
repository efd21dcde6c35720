package org.pagewheel.benchmarks;

import java.nio.file.Path;
import java.util.Map;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;

/**
 * The same with a consumer running: its pages go to rotating trace files of 64 MiB, two of them. It
 * is in mode overwrite; what the disk cannot take is lost.
 */
@State(Scope.Benchmark)
public class SplicedBuffer extends BufferUnderTest {
  private static final String NAME = "spliced";

  @Override
  Map<String, String> overrides(Path files) {
    String key = "pagewheel.buffers." + NAME;
    return Map.of(
        key + ".backend",
        backend,
        key + ".pages",
        Integer.toString(PAGES),
        key + ".page-size",
        Integer.toString(PAGE_SIZE),
        key + ".file",
        backend.equals("offheap") ? files.resolve("ring").toString() : "",
        key + ".consumers.out.type",
        "splice",
        key + ".consumers.out.dir",
        files.toString(),
        key + ".consumers.out.max-files",
        "2");
  }

  @Override
  Buffer make(Buffers buffers) {
    return buffers.get(NAME);
  }
}
