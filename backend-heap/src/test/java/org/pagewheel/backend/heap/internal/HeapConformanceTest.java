package org.pagewheel.backend.heap.internal;

import org.pagewheel.spi.Backend;
import org.pagewheel.tck.RingConformance;

/** The promises of every ring, kept by this one. */
class HeapConformanceTest extends RingConformance {
  @Override
  protected Backend backend() {
    return new HeapBackend();
  }
}
