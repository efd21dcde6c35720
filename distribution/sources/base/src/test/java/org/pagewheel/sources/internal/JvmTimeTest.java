package org.pagewheel.sources.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class JvmTimeTest {
  /** Generous: the machine may be busy, and the wall clock may be slewed meanwhile. */
  private static final long TOLERANCE = 5_000_000;

  @Test
  void theWallClocksTimeBecomesThatOfTheClockMono() {
    JvmTime time = new JvmTime();
    long before = System.nanoTime();
    long mono = time.mono(Instant.now());
    long after = System.nanoTime();
    assertTrue(mono >= before - TOLERANCE && mono <= after + TOLERANCE);
  }

  @Test
  void differencesStayAsTheyAre() {
    JvmTime time = new JvmTime();
    Instant instant = Instant.parse("2026-01-01T00:00:00.000000001Z");
    assertEquals(1_500_000_001L, time.mono(instant.plusNanos(1_500_000_001L)) - time.mono(instant));
  }
}
