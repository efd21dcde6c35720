package com.example.turnstile;

import org.pagewheel.BufferConfig;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.RecordedPage;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Makes rings that let one thread in at a time: {@code backend = turnstile}. */
public final class TurnstileBackend implements Backend {
  static final String NAME = "turnstile";

  private static final DefaultSettings SETTINGS = DefaultSettings.of(TurnstileBackend.class);

  /** Made by the service loader, or by the bundle. */
  public TurnstileBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Ring open(RingConfig config) {
    BufferConfig buffer = config.buffer();
    // Sizes and modes have been checked; reference.conf lists the settings.
    SETTINGS.complete("the turnstile backend", buffer.settings());
    if ((long) buffer.cpus() * Lane.pages(buffer) > RecordedPage.MAX_PAGES) {
      throw new IllegalArgumentException(
          "cpus = %d, pages = %d: together the turnstile backend has at most %d pages"
              .formatted(buffer.cpus(), buffer.pages(), RecordedPage.MAX_PAGES));
    }
    return new TurnstileRing(config);
  }
}
