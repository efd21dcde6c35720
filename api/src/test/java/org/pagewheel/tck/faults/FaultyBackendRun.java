package org.pagewheel.tck.faults;

import org.pagewheel.spi.Backend;
import org.pagewheel.tck.RingConformance;

/** The kit, run on a backend with a fault; started by {@link SeededFaultsTest} alone. */
class FaultyBackendRun extends RingConformance {
  static volatile Backend backend;

  @Override
  protected Backend backend() {
    return backend;
  }
}
