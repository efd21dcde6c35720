package org.pagewheel.tck.reference;

import org.pagewheel.spi.Backend;
import org.pagewheel.tck.RingConformance;

/** The kit accepts what is right; and this is all that a backend's author has to write. */
class SimpleBackendConformanceTest extends RingConformance {
  @Override
  protected Backend backend() {
    return new SimpleBackend();
  }
}
