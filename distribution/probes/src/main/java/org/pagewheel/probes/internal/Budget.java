package org.pagewheel.probes.internal;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Looks each second at how much of the process's CPU time goes into probes and graphs, by the
 * number of their calls and the time that their stacks took, and has the one turned off that takes
 * more than its budget twice in a row, or can go on no longer. They let go of classes that are no
 * more meanwhile.
 */
final class Budget {
  /** What a call costs, about: two readings of the clock and two events. Stacks are measured. */
  private static final long NANOS = 100;

  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final double share;
  private final Supplier<Collection<Insertion>> insertions;
  private final BiConsumer<Insertion, String> end;
  private Thread thread;

  /**
   * Does nothing yet.
   *
   * @param share of the CPU time, 1 for all of it
   * @param insertions those to look at
   * @param end turns one off, for the reason given
   */
  Budget(
      double share, Supplier<Collection<Insertion>> insertions, BiConsumer<Insertion, String> end) {
    this.share = share;
    this.insertions = insertions;
    this.end = end;
  }

  /** Looks from now on. */
  synchronized void start() {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("pagewheel-probes").unstarted(this::watch);
      thread.start();
    }
  }

  /** Looks no longer. */
  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void watch() {
    Map<Insertion, Long> before = new HashMap<>();
    Map<Insertion, Boolean> over = new HashMap<>();
    long cpuBefore = cpu();
    try {
      while (true) {
        Thread.sleep(PERIOD);
        long cpu = cpu();
        for (Insertion insertion : insertions.get()) {
          insertion.prune();
          long nanos = nanos(insertion);
          Long known = before.put(insertion, nanos);
          double used = known == null ? 0 : nanos - known;
          if (insertion.fault() != null) {
            end.accept(insertion, insertion.fault());
          }
          boolean isOver = share < 1 && cpu > cpuBefore && used / (cpu - cpuBefore) > share;
          if (isOver && over.getOrDefault(insertion, false)) {
            long percent = Math.min(100, Math.round(100 * used / (cpu - cpuBefore)));
            end.accept(
                insertion,
                "it took about %d%% of the CPU time, more than %d%%"
                    .formatted(percent, Math.round(100 * share)));
          }
          over.put(insertion, isOver);
        }
        before.keySet().retainAll(insertions.get());
        over.keySet().retainAll(before.keySet());
        cpuBefore = cpu;
      }
    } catch (InterruptedException e) {
      // it is stopped
    }
  }

  /** What it has cost so far, about. */
  static long nanos(Insertion insertion) {
    return NANOS * insertion.calls() + insertion.stackNanos();
  }

  private static long cpu() {
    return ProcessHandle.current().info().totalCpuDuration().map(Duration::toNanos).orElse(0L);
  }
}
