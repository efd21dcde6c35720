package org.pagewheel.backend.lockfree.internal;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.pagewheel.BufferConfig;
import org.pagewheel.ring.CpuMemories;
import org.pagewheel.ring.NativeMemories;
import org.pagewheel.ring.PageRing;
import org.pagewheel.ring.RingLayout;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * Makes lock-free rings, see {@link PageRing}. Each CPU's memory is taken at its first event.
 *
 * <p>Settings:
 *
 * <ul>
 *   <li>{@code memory}: {@code native} (the default; a consumer can write pages to a file without
 *       copying them) or {@code heap};
 *   <li>{@code spares}, from 1 to 1024, 8 unless given: how many pages of a CPU readers can hold at
 *       once, over and above those of the ring.
 * </ul>
 */
public final class LockFreeBackend implements Backend {
  static final String NAME = "lockfree";

  private static final String MEMORY = "memory";
  private static final String SPARES = "spares";
  private static final int DEFAULT_SPARES = 8;
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
    checkNames(buffer.settings());
    RingLayout layout =
        new RingLayout(buffer.mode(), buffer.pages(), spares(buffer.settings()), buffer.pageSize());
    return new PageRing(config, layout, memories(buffer, layout));
  }

  private static void checkNames(Map<String, String> settings) {
    Set<String> unknown = new TreeSet<>(settings.keySet());
    unknown.removeAll(Set.of(MEMORY, SPARES));
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "the lock-free backend has no setting %s; it has %s and %s"
              .formatted(String.join(", ", unknown), MEMORY, SPARES));
    }
  }

  private static int spares(Map<String, String> settings) {
    String text = settings.getOrDefault(SPARES, Integer.toString(DEFAULT_SPARES));
    int spares = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
    if (spares < 1 || spares > MAX_SPARES) {
      throw new IllegalArgumentException(
          SPARES + " = " + text + " is not a number from 1 to " + MAX_SPARES);
    }
    return spares;
  }

  private static CpuMemories memories(BufferConfig buffer, RingLayout layout) throws IOException {
    String memory = buffer.settings().getOrDefault(MEMORY, "native");
    return switch (memory) {
      case "native" -> new NativeMemories(layout.bytes(), buffer.cpus());
      case "heap" -> new HeapMemories(layout.bytes(), buffer.cpus());
      default ->
          throw new IllegalArgumentException(
              MEMORY + " = " + memory + " is neither native nor heap");
    };
  }
}
