package org.pagewheel.tck.reference;

import java.io.IOException;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Makes {@link SimpleRing simple rings}. */
public final class SimpleBackend implements Backend {
  /** Makes a backend; a service loader needs this constructor. */
  public SimpleBackend() {}

  @Override
  public String name() {
    return "simple";
  }

  @Override
  public Ring open(RingConfig config) throws IOException {
    return new SimpleRing(config);
  }
}
