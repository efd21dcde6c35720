package org.pagewheel.backend.heap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

class HeapBackendTest {
  private static final int PAGE = 1 << 16;

  private final BufferConfig config = BufferConfig.of("test", "heap");

  @Test
  void isFoundByTheServiceLoader() {
    assertTrue(
        ServiceLoader.load(Backend.class).stream()
            .anyMatch(provider -> provider.type() == HeapBackend.class));
  }

  @Test
  void aCpuThatNeverWritesCostsNothing() throws IOException {
    int pages = 256;
    long perCpu = Pages.bytes(pages, pages / 16, PAGE);
    int cpus = (int) (Runtime.getRuntime().maxMemory() / perCpu);
    assertTrue(cpus > 8, "the test needs a heap of " + 9 * perCpu + " bytes");
    long before = used();
    BufferConfig big =
        config.withPages(pages, PAGE).withClock(cpus, Clock.of("mono", () -> 1), () -> 3);
    try (Ring ring = new HeapBackend().open(RingConfig.of(big))) {
      assertTrue(used() - before < perCpu, "memory was taken before the first event");
      ring.commit(ring.reserve(8));
      long after = used() - before;
      assertTrue(after >= perCpu && after < 2 * perCpu, after + " bytes for one CPU of " + perCpu);
    }
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void moreThanTheHeapHoldsIsRefusedAtOnce() {
    int cpus = 4096;
    int pages = (int) (Runtime.getRuntime().maxMemory() / PAGE / cpus) + 1;
    BufferConfig tooBig =
        config.withPages(pages, PAGE).withClock(cpus, Clock.of("mono", () -> 1), () -> 0);
    String message =
        assertThrows(IOException.class, () -> new HeapBackend().open(RingConfig.of(tooBig)))
            .getMessage();
    String need = "4096 CPUs with %d + %d pages of 65536 bytes need ";
    assertTrue(message.startsWith(need.formatted(pages, Math.max(4, pages / 16))), message);
    assertTrue(message.endsWith(": take fewer pages or a larger -Xmx"), message);
  }

  @Test
  void wrongSettingsAreNamed() {
    assertEquals(
        "spares = 0: a number from 1 to 1024, or auto, is right", refused(Map.of("spares", "0")));
    assertEquals(
        "spares = many: a number from 1 to 1024, or auto, is right",
        refused(Map.of("spares", "many")));
    assertEquals(
        "the heap backend has no setting file; it has spares", refused(Map.of("file", "/tmp/x")));
  }

  private String refused(Map<String, String> settings) {
    RingConfig wrong = RingConfig.of(config.withBackend("heap", settings));
    return assertThrows(IllegalArgumentException.class, () -> new HeapBackend().open(wrong))
        .getMessage();
  }
}
