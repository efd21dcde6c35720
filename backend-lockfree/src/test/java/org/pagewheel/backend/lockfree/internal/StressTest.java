package org.pagewheel.backend.lockfree.internal;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.Mode;
import org.pagewheel.tck.StressPlan;
import org.pagewheel.tck.StressRun;

/**
 * Many more threads than CPUs, random stalls between reserve and commit, one thread that stalls to
 * the end, a reader that takes, holds and flushes, one that copies; an exact account at the end.
 * For ten minutes each: {@code -Dtck.seconds=600}.
 */
class StressTest {
  @ParameterizedTest
  @CsvSource({
    "OVERWRITE, native, 8",
    "OVERWRITE, heap, 2",
    "DISCARD, native, 8",
    "DISCARD, heap, 64",
  })
  void sixtyFourThreadsAreAccountedFor(Mode mode, String memory, int pages) throws Exception {
    StressPlan plan =
        StressPlan.of(new LockFreeBackend())
            .withSettings(Map.of("memory", memory))
            .withMode(mode)
            .withRing(2, pages, 4096)
            .withThreads(64, false);
    System.out.println(memory + ", " + pages + " pages: " + StressRun.run(plan));
  }
}
