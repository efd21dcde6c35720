package org.pagewheel.backend.lockfree.internal;

import org.pagewheel.spi.Backend;
import org.pagewheel.tck.RingConformance;

/** The kit over pages outside the heap. */
class NativeConformanceTest extends RingConformance {
  @Override
  protected Backend backend() {
    return new LockFreeBackend();
  }

  @Override
  protected boolean isUnderTest(String className) {
    return super.isUnderTest(className) || className.startsWith("org.pagewheel.ring.");
  }
}
