package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class MonoTscClockTest {
  private static final int READINGS = 2_000_000;
  private static final int THREADS = 4;

  @Test
  void itIsMonoUnderAnotherName() {
    Clock clock = Clock.monoTsc();
    assertSame(clock, Clock.monoTsc());
    assertEquals("mono-tsc", clock.name());
    assertEquals("mono", clock.timeline());
    assertEquals(Optional.empty(), clock.scale());
    assertTrue(Clock.isPlain(clock));
  }

  /** The time before, by mono; its own; mono again: it should lie between them. */
  private static long[] errors(Clock clock) {
    long[] errors = new long[READINGS];
    long last = Long.MIN_VALUE;
    for (int i = 0; i < READINGS; i++) {
      long before = System.nanoTime();
      long now = clock.now();
      long after = System.nanoTime();
      assertTrue(now >= last, "it went back from " + last + " to " + now);
      last = now;
      errors[i] = now < before ? before - now : Math.max(0, now - after);
    }
    return errors;
  }

  @Test
  void itIsCloseToMonoAndNeverGoesBackOnAnyThread() throws Exception {
    Clock clock = Clock.monoTsc();
    List<Callable<long[]>> readers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      readers.add(() -> errors(clock));
    }
    long[] all = new long[THREADS * READINGS];
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      int at = 0;
      for (Future<long[]> each : threads.invokeAll(readers)) {
        System.arraycopy(each.get(), 0, all, at, READINGS);
        at += READINGS;
      }
    }
    Arrays.sort(all);
    long usual = all[(int) (all.length * 0.999)];
    long worst = all[all.length - 1];
    System.out.println(
        "MonoTscClockTest: p99.9 %d ns, max %d ns, measured %s"
            .formatted(usual, worst, clock.error()));
    assertTrue(usual <= 100, usual + " ns");
    assertTrue(worst <= 1000, worst + " ns");
  }
}
