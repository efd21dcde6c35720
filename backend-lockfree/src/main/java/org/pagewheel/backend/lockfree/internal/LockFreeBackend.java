package org.pagewheel.backend.lockfree.internal;

import java.io.IOException;
import java.util.Map;
import org.pagewheel.BufferConfig;
import org.pagewheel.ring.CpuMemories;
import org.pagewheel.ring.NativeMemories;
import org.pagewheel.ring.PageRing;
import org.pagewheel.ring.RingLayout;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Makes lock-free rings, see {@link PageRing}. Each CPU's memory is taken at its first event.
 *
 * <p>Settings: {@code memory} and {@code spares}, see {@code reference.conf}.
 */
public final class LockFreeBackend implements Backend {
  static final String NAME = "lockfree";

  private static final DefaultSettings SETTINGS = DefaultSettings.of(LockFreeBackend.class);
  private static final String MEMORY = "memory";
  private static final String SPARES = "spares";
  private static final int MAX_SPARES = 1024;

  /** Made by the service loader, or by the bundle. */
  public LockFreeBackend() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Ring open(RingConfig config) throws IOException {
    BufferConfig buffer = config.buffer();
    Map<String, String> settings = SETTINGS.complete("the lock-free backend", buffer.settings());
    RingLayout layout =
        new RingLayout(buffer.mode(), buffer.pages(), spares(settings), buffer.pageSize());
    return new PageRing(config, layout, memories(settings.get(MEMORY), buffer.cpus(), layout));
  }

  private static int spares(Map<String, String> settings) {
    String text = settings.get(SPARES);
    int spares = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (spares < 1 || spares > MAX_SPARES) {
      throw new IllegalArgumentException(
          SPARES + " = " + text + " is not a number from 1 to " + MAX_SPARES);
    }
    return spares;
  }

  private static CpuMemories memories(String memory, int cpus, RingLayout layout)
      throws IOException {
    return switch (memory) {
      case "native" -> new NativeMemories(layout, cpus);
      case "heap" -> new HeapMemories(layout.bytes(), cpus);
      default ->
          throw new IllegalArgumentException(
              MEMORY + " = " + memory + " is neither native nor heap");
    };
  }
}
