package org.pagewheel.backend.offheap.internal;

import org.pagewheel.spi.Backend;
import org.pagewheel.tck.RingConformance;

/** Without a file. */
class NativeConformanceTest extends RingConformance {
  @Override
  protected Backend backend() {
    return new OffHeapBackend();
  }

  @Override
  protected boolean isUnderTest(String className) {
    return super.isUnderTest(className) || className.startsWith("org.pagewheel.ring");
  }
}
