package org.pagewheel.tck;

import org.pagewheel.CpuNumber;

/** Puts every thread on the CPU that the test says. */
final class ManualCpu implements CpuNumber {
  private volatile int current;
  private volatile Runnable onAsking = () -> {};

  @Override
  public int current() {
    onAsking.run();
    return current;
  }

  /** The same without being asked by a ring. */
  int now() {
    return current;
  }

  void set(int cpu) {
    current = cpu;
  }

  void onAsking(Runnable action) {
    onAsking = action;
  }
}
