package org.pagewheel.backend.lockfree.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Settings, and what the backend takes. */
class LockFreeBackendTest {
  private static Ring open(BufferConfig config) throws IOException {
    return new LockFreeBackend().open(RingConfig.of(config));
  }

  private static BufferConfig with(Map<String, String> settings) {
    return BufferConfig.of("test", "lockfree").withBackend("lockfree", settings);
  }

  @ParameterizedTest
  @CsvSource({"auto, true", "native, true", "heap, false"}) // the build grants native access
  void pagesLieWhereTheSettingSays(String memory, boolean isNative) throws IOException {
    try (Ring ring = open(with(Map.of("memory", memory)))) {
      long at = ring.reserve(8);
      assertEquals(isNative, ring.memory(at).isNative());
      ring.commit(at);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "memory, disk, 'memory = disk: auto, native or heap is right'",
    "spares, 0, spares = 0: a number from 1 to 1024 is right",
    "spares, many, spares = many: a number from 1 to 1024 is right",
    "spare, 1, 'the lock-free backend has no setting spare; it has memory, spares'",
  })
  void aWrongSettingIsNamed(String key, String value, String message) {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> open(with(Map.of(key, value))));
    assertEquals(message, e.getMessage());
  }

  @Test
  void moreFramesThanASlotCanNumberAreRefused() {
    BufferConfig config = BufferConfig.of("test", "lockfree").withPages(1 << 17, 4096);
    Exception e = assertThrows(IllegalArgumentException.class, () -> open(config));
    assertTrue(e.getMessage().endsWith("take larger pages"), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"native", "heap"})
  void moreMemoryThanThereIsIsAnErrorAtOnce(String memory) {
    BufferConfig config =
        with(Map.of("memory", memory))
            .withPages(15_000, 1 << 20)
            .withClock(4096, Clock.of("mono", () -> 0), () -> 0);
    Exception e = assertThrows(IOException.class, () -> open(config));
    assertTrue(e.getMessage().contains("take fewer pages"), e.getMessage());
  }

  @Test
  void theServiceLoaderFindsIt() {
    assertTrue(
        ServiceLoader.load(Backend.class).stream()
            .anyMatch(backend -> backend.type() == LockFreeBackend.class));
  }
}
