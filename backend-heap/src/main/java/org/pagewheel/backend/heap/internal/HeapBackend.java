package org.pagewheel.backend.heap.internal;

import java.io.IOException;
import java.util.Map;
import org.pagewheel.BufferConfig;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Makes rings on the Java heap. Each CPU's pages are made at its first event.
 *
 * <p>Settings: {@code spares}, from 1 to 1024: how many pages of a CPU readers can hold at once,
 * over and above those of the ring. When so many are held, {@link Ring#take} finds nothing until
 * one is released. A sixteenth of the ring's pages unless given, but at least 4.
 */
public final class HeapBackend implements Backend {
  static final String NAME = "heap";

  private static final String SPARES = "spares";
  private static final int LEAST_DEFAULT_SPARES = 4;
  private static final int MAX_SPARES = 1024;

  /** Made by the service loader, or by the bundle. */
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
    Map<String, String> settings = buffer.settings();
    for (String key : settings.keySet()) {
      if (!key.equals(SPARES)) {
        throw new IllegalArgumentException(
            "the heap backend has no setting " + key + "; it has " + SPARES);
      }
    }
    String text = settings.get(SPARES);
    if (text == null) {
      return Math.clamp(buffer.pages() / 16, LEAST_DEFAULT_SPARES, MAX_SPARES);
    }
    int spares = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (spares < 1 || spares > MAX_SPARES) {
      throw new IllegalArgumentException(
          SPARES + " = " + text + " is not a number from 1 to " + MAX_SPARES);
    }
    return spares;
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
