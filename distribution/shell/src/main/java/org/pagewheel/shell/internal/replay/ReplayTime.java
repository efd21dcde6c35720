package org.pagewheel.shell.internal.replay;

import org.pagewheel.Clock;
import org.pagewheel.CpuNumber;

/**
 * The clock and the CPU number of a replay's ring: those of the event about to be written. Set and
 * read by the writing thread; other threads would read the last event's.
 */
final class ReplayTime implements Clock, CpuNumber {
  private final String name;
  private long now;
  private int cpu;

  ReplayTime(String clockName) {
    name = clockName;
  }

  void set(int newCpu, long newTime) {
    cpu = newCpu;
    now = newTime;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int current() {
    return cpu;
  }
}
