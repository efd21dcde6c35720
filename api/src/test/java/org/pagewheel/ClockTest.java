package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
  void aClockOfOnesOwnHasANameThatFilesCanCarry() {
    Clock stopped = Clock.of("frames-1_a", () -> 5);
    assertEquals("frames-1_a", stopped.name());
    assertEquals(5, stopped.now());
    for (String wrong : List.of("", "a b", "[mono]", "clock\n", "x".repeat(33))) {
      assertThrows(IllegalArgumentException.class, () -> Clock.of(wrong, () -> 5), wrong);
    }
  }
}
