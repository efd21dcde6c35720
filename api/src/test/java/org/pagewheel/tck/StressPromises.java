package org.pagewheel.tck;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.Mode;

/** All at once, with an exact account at the end; see {@link StressRun}. */
@Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class StressPromises extends Promises {
  StressPromises(RingConformance kit) {
    super(kit);
  }

  private StressPlan plan(Mode mode) {
    return StressPlan.of(kit.backend()).withSettings(kit.settings()).withMode(mode);
  }

  private static void run(StressPlan plan) throws IOException, InterruptedException {
    System.out.println("stress: " + StressRun.run(plan));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void manyThreadsOnTwoCpus(Mode mode) throws Exception {
    run(plan(mode));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void manyMoreThreadsThanCpusOnOneCpuOfTwoPages(Mode mode) throws Exception {
    run(plan(mode).withThreads(64, false).withRing(1, 2, SMALL_PAGE));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void virtualThreads(Mode mode) throws Exception {
    run(plan(mode).withThreads(200, true).withRing(3, 8, SMALL_PAGE));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void largePages(Mode mode) throws Exception {
    run(plan(mode).withThreads(8, false).withRing(2, 4, 65536));
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void writersAlone(Mode mode) throws Exception {
    run(plan(mode).withThreads(24, false).withoutReaders());
  }
}
