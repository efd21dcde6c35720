package org.pagewheel.backend.heap.internal;

import java.io.IOException;
import org.pagewheel.BufferConfig;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Quantity;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Makes rings on the Java heap. Each CPU's pages are made at its first event.
 *
 * <p>The only setting is {@code spares}, see {@code reference.conf}. When readers hold that many
 * pages, {@link Ring#take} finds nothing until one is released.
 */
public final class HeapBackend implements Backend {
  static final String NAME = "heap";

  private static final DefaultSettings SETTINGS = DefaultSettings.of(HeapBackend.class);
  private static final String SPARES = "spares";
  private static final String AUTO = "auto";
  private static final int MIN_DEFAULT_SPARES = 4;
  private static final int MAX_SPARES = 1024;

  /** For the service loader and the bundle. */
  public HeapBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Ring open(RingConfig config) throws IOException {
    BufferConfig buffer = config.buffer();
    int spares = spares(buffer);
    if (buffer.cpus() > HeapRing.MAX_CPUS) {
      throw new IllegalArgumentException(
          "cpus = " + buffer.cpus() + ": the heap backend has at most " + HeapRing.MAX_CPUS);
    }
    checkMemory(buffer, spares);
    return new HeapRing(config, spares);
  }

  private static int spares(BufferConfig buffer) {
    String text = SETTINGS.complete("the heap backend", buffer.settings()).get(SPARES);
    return Quantity.countOr(SPARES, text, 1, MAX_SPARES, AUTO)
        .orElseGet(() -> Math.clamp(buffer.pages() / 16, MIN_DEFAULT_SPARES, MAX_SPARES));
  }

  private static void checkMemory(BufferConfig buffer, int spares) throws IOException {
    long perCpu = Pages.bytes(buffer.pages(), spares, buffer.pageSize());
    if (perCpu / Long.BYTES > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "pages = " + buffer.pages() + ": a CPU's ring on the heap has at most 16 GiB");
    }
    long heap = Runtime.getRuntime().maxMemory();
    if (perCpu > heap / buffer.cpus()) {
      throw new IOException(
          ("%d CPUs with %d + %d pages of %d bytes need %d MiB, the Java heap has %d MiB:"
                  + " take fewer pages or a larger -Xmx")
              .formatted(
                  buffer.cpus(),
                  buffer.pages(),
                  spares,
                  buffer.pageSize(),
                  Math.ceilDiv(perCpu, 1 << 20) * buffer.cpus(),
                  heap >> 20));
    }
  }
}
