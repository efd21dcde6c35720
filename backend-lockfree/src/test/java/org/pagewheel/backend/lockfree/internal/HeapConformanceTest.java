package org.pagewheel.backend.lockfree.internal;

import java.util.Map;
import org.pagewheel.spi.Backend;
import org.pagewheel.tck.RingConformance;

/** The kit over pages on the heap. */
class HeapConformanceTest extends RingConformance {
  @Override
  protected Backend backend() {
    return new LockFreeBackend();
  }

  @Override
  protected Map<String, String> settings() {
    return Map.of("memory", "heap");
  }

  @Override
  protected boolean isUnderTest(String className) {
    return super.isUnderTest(className) || className.startsWith("org.pagewheel.ring.");
  }
}
