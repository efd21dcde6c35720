package org.pagewheel.backend.lockfree.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.CpuNumber;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
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

  private static List<Clock> counters() {
    return List.of(Clock.x86Tsc(), Clock.monoTsc());
  }

  /** Its own clock's time is taken, that of mono is not. */
  @ParameterizedTest
  @MethodSource("counters")
  void aRingReadsTheProcessorsCounter(Clock clock) throws Exception {
    BufferConfig config =
        BufferConfig.of("test", "lockfree").withClock(1, clock, CpuNumber.system());
    try (Ring ring = open(config)) {
      long before = clock.now();
      ring.commit(ring.reserve(8));
      ring.commit(ring.reserve(8, Clock.MONO, Long.MAX_VALUE / 4));
      long own = clock.now();
      ring.commit(ring.reserve(8, clock, own));
      PageCursor cursor = new PageCursor(PageFormat.of(ring.pageSize()));
      cursor.reset(ring.take(0, true).memory());
      for (int i = 0; i < 3; i++) {
        assertTrue(cursor.next());
        long time = cursor.time();
        assertTrue(before <= time && time <= own, before + " <= " + time + " <= " + own);
      }
      assertEquals(own, cursor.time());
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
