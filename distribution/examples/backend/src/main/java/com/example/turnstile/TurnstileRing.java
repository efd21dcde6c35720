package com.example.turnstile;

import org.pagewheel.BufferConfig;
import org.pagewheel.spi.RecordedPage;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.spi.RingOfCpus;

/** The rings of all CPUs, each a {@link Lane}. */
final class TurnstileRing extends RingOfCpus<Lane> {
  private final BufferConfig config;

  TurnstileRing(RingConfig config) {
    super(config.buffer(), cpu -> new Lane(config, cpu));
    this.config = config.buffer();
  }

  @Override
  protected int cpuOf(long reservation) {
    return RecordedPage.number(reservation) / Lane.pages(config);
  }
}
