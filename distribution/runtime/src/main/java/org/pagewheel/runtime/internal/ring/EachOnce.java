package org.pagewheel.runtime.internal.ring;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Passes on what one ring, or one pump, reports: each line once and not very many. If it reports
 * the same trouble at each event, neither its writers nor the log must pay more than once.
 */
public final class EachOnce implements Consumer<String> {
  /** A fault for each CPU is promised; some rings have a few more to report. */
  private static final int LINES_PER_CPU = 4;

  private final int most;
  private final Consumer<String> next;
  private final Set<String> passed = ConcurrentHashMap.newKeySet();

  /**
   * Passes lines on.
   *
   * @param cpus how many CPUs the ring has: the more, the more lines
   * @param next gets the lines
   */
  public EachOnce(int cpus, Consumer<String> next) {
    this.most = LINES_PER_CPU * cpus;
    this.next = next;
  }

  @Override
  public void accept(String line) {
    if (!passed.contains(line) && passed.size() < most && passed.add(line)) {
      next.accept(line);
    }
  }
}
