package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ClockTest {
  @Test
  void monoIsNanoTimeAndIsNamedMono() {
    assertEquals("mono", Clock.MONO.name());
    long before = System.nanoTime();
    long now = Clock.MONO.now();
    assertTrue(before <= now && now <= System.nanoTime());
  }

  @Test
  void aClockWithoutANameIsMono() {
    Clock stopped = () -> 5;
    assertEquals("mono", stopped.name());
  }
}
