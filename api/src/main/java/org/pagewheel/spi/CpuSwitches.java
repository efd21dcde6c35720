package org.pagewheel.spi;

import java.util.Arrays;

/**
 * Whether a ring records, CPU by CPU, for backends: {@link Ring#enable(boolean)} and {@link
 * Ring#enable(int, boolean)} in two lines. While all CPUs record, asking costs one volatile read.
 */
public final class CpuSwitches {
  private final int cpus;

  /** By CPU; null while all are on. Never written again: each change stores another one. */
  private volatile boolean[] off;

  /**
   * Makes the switches, all of them on.
   *
   * @param cpus how many
   */
  public CpuSwitches(int cpus) {
    this.cpus = cpus;
  }

  /**
   * Whether a CPU records.
   *
   * @param cpu from 0 on
   * @return the state of its switch
   */
  public boolean isOn(int cpu) {
    boolean[] now = off;
    return now == null || !now[cpu];
  }

  /**
   * Whether all CPUs record.
   *
   * @return true if no switch is off
   */
  public boolean areAllOn() {
    return off == null;
  }

  /**
   * Turns all CPUs on or off.
   *
   * @param on whether to record
   */
  public synchronized void set(boolean on) {
    boolean[] all = on ? null : new boolean[cpus];
    if (all != null) {
      Arrays.fill(all, true);
    }
    off = all;
  }

  /**
   * Turns one CPU on or off.
   *
   * @param cpu from 0 on
   * @param on whether to record
   */
  public synchronized void set(int cpu, boolean on) {
    if (isOn(cpu) == on) {
      return; // each of many CPUs is set in turn
    }
    boolean[] now = off;
    boolean[] next = now == null ? new boolean[cpus] : now.clone();
    next[cpu] = !on;
    boolean any = false;
    for (boolean each : next) {
      any |= each;
    }
    off = any ? next : null;
  }
}
