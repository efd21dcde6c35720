package org.pagewheel.backend.lockfree.internal;

import java.io.IOException;
import java.util.Map;
import org.pagewheel.BufferConfig;
import org.pagewheel.ring.CpuMemories;
import org.pagewheel.ring.KeptMemory;
import org.pagewheel.ring.NativeMemories;
import org.pagewheel.ring.PageRing;
import org.pagewheel.ring.RingLayout;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Quantity;
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
    int spares = Quantity.count(SPARES, settings.get(SPARES), 1, MAX_SPARES);
    RingLayout layout = new RingLayout(buffer.mode(), buffer.pages(), spares, buffer.pageSize());
    return new PageRing(config, layout, memories(settings.get(MEMORY), buffer.cpus(), layout));
  }

  private static CpuMemories memories(String memory, int cpus, RingLayout layout)
      throws IOException {
    String where = Quantity.oneOf(MEMORY, memory, "auto", "native", "heap");
    return where.equals("native") || where.equals("auto") && KeptMemory.isGranted()
        ? new NativeMemories(layout, cpus)
        : new HeapMemories(layout.bytes(), cpus);
  }
}
