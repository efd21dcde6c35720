package com.example.turnstile;

import org.pagewheel.spi.Backend;
import org.pagewheel.tck.RingConformance;

/** The whole conformance kit. */
class TurnstileConformanceTest extends RingConformance {
  @Override
  protected Backend backend() {
    return new TurnstileBackend();
  }
}
