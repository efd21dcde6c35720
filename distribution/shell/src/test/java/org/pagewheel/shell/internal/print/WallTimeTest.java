package org.pagewheel.shell.internal.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.pagewheel.Clock;

class WallTimeTest {
  @Test
  void placesATimeInTheDay() {
    Instant then = Instant.parse("2026-11-30T09:13:48.123456789Z");
    long offset = then.getEpochSecond() * 1_000_000_000 + then.getNano() - 42;
    assertEquals("2026-11-30T09:13:48.123456789Z", WallTime.of(offset).iso(42));
    String local = then.atZone(ZoneId.systemDefault()).toLocalDate() + " ";
    assertTrue(WallTime.of(offset).text(42).startsWith(local), local);
    assertTrue(WallTime.of(offset).text(42).endsWith(".123456"));
    assertEquals("1969-12-31T23:59:59.999999999Z", WallTime.of(0).iso(-1));
  }

  @Test
  void nowIsNow() {
    Instant before = Instant.now();
    Instant shown = Instant.parse(WallTime.of(Clock.MONO).orElseThrow().iso(Clock.MONO.now()));
    assertFalse(shown.isBefore(before.minus(Duration.ofSeconds(1))), shown::toString);
    assertFalse(shown.isAfter(Instant.now().plus(Duration.ofSeconds(1))), shown::toString);
  }

  @Test
  void aClockThatCountsSomethingElseHasNone() {
    Clock counter =
        new Clock() {
          @Override
          public long now() {
            return 1;
          }

          @Override
          public String name() {
            return "counter";
          }
        };
    assertTrue(WallTime.of(counter).isEmpty());
  }
}
