package org.pagewheel.backend.lockfree.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Refusal;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** A ring is closed, and its memory freed, while a writer commits and goes on trying. */
class CloseRaceTest {
  @Test
  void aWriterOfAClosingRingIsAnsweredAsSealedAndNeverDisturbed() throws Exception {
    AtomicReference<Throwable> trouble = new AtomicReference<>();
    for (int i = 0; i < 500; i++) {
      Ring ring =
          new LockFreeBackend()
              .open(
                  RingConfig.of(
                      BufferConfig.of("close", "lockfree")
                          .withPages(2, 4096)
                          .withClock(1, Clock.MONO, () -> 0)));
      Thread writer =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> trouble.set(e))
              .start(() -> writeUntilSealed(ring));
      while (ring.counters(0).written() < i % 7) {
        Thread.onSpinWait();
      }
      ring.close();
      writer.join();
      assertEquals(null, trouble.get());
      assertTrue(ring.isQuiet());
      assertEquals(Refusal.SEALED, ring.reserve(8), "after the memory was freed");
      assertTrue(ring.counters(0).written() >= i % 7, "the account outlives the memory");
    }
  }

  private static void writeUntilSealed(Ring ring) {
    for (long at = ring.reserve(1000); at >= 0; at = ring.reserve(1000)) {
      ring.commit(at);
    }
  }
}
