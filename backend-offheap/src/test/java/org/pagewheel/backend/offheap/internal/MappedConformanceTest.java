package org.pagewheel.backend.offheap.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.spi.Backend;
import org.pagewheel.tck.RingConformance;

class MappedConformanceTest extends RingConformance {
  private static final AtomicInteger FILES = new AtomicInteger();

  @TempDir static Path directory;

  @Override
  protected Backend backend() {
    return new OffHeapBackend();
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("file", directory.resolve("ring" + FILES.getAndIncrement()).toString());
  }

  @Override
  protected boolean isUnderTest(String className) {
    return super.isUnderTest(className) || className.startsWith("org.pagewheel.ring");
  }
}
