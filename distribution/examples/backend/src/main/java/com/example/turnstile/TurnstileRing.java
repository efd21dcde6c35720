package com.example.turnstile;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CpuSwitches;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** The rings of all CPUs. Each is a {@link Lane}; this class finds the right one. */
final class TurnstileRing implements Ring {
  private final RingConfig config;
  private final Lane[] lanes;

  /** Whether a thread is in reserve: its clock or CPU number must not come here again. */
  private final ThreadLocal<boolean[]> reserving = ThreadLocal.withInitial(() -> new boolean[1]);

  private final CpuSwitches switches;
  private volatile boolean sealed;

  TurnstileRing(RingConfig config) {
    this.config = config;
    this.lanes = new Lane[config.buffer().cpus()];
    this.switches = new CpuSwitches(lanes.length);
    for (int cpu = 0; cpu < lanes.length; cpu++) {
      lanes[cpu] = new Lane(config, cpu);
    }
  }

  @Override
  public long reserve(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length + " is negative");
    }
    boolean[] inside = reserving.get();
    if (inside[0]) {
      return lanes[0].refuse(Refusal.RECURSION);
    }
    inside[0] = true;
    try {
      int cpu = config.buffer().cpuNumber().current() % lanes.length;
      Lane lane = lanes[cpu];
      if (!switches.isOn(cpu)) {
        return lane.refuse(Refusal.DISABLED);
      }
      return length > maxEventSize() ? lane.refuse(Refusal.TOO_LONG) : lane.reserve(length);
    } finally {
      inside[0] = false;
    }
  }

  /** The thread may have moved to another CPU since it reserved: the reservation knows its lane. */
  private Lane of(long reservation) {
    return lanes[Lane.sheet(reservation) / Lane.sheets(config.buffer())];
  }

  @Override
  public MemorySegment memory(long reservation) {
    return of(reservation).memory(reservation);
  }

  @Override
  public void commit(long reservation) {
    of(reservation).commit(reservation);
  }

  @Override
  public void discard(long reservation) {
    of(reservation).discard(reservation);
  }

  @Override
  public int maxEventSize() {
    return PageLayout.maxEventSize(pageSize());
  }

  @Override
  public int cpus() {
    return lanes.length;
  }

  @Override
  public int pageSize() {
    return config.buffer().pageSize();
  }

  @Override
  public int pages() {
    return config.buffer().pages();
  }

  @Override
  public Page take(int cpu, boolean open) {
    return lanes[cpu].take(open);
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    return lanes[cpu].copy(from, into);
  }

  @Override
  public void flush(int cpu) {
    lanes[cpu].flush();
  }

  @Override
  public int unreadPages(int cpu) {
    return lanes[cpu].unreadPages();
  }

  @Override
  public Counters counters(int cpu) {
    return lanes[cpu].counters();
  }

  @Override
  public RingView view(int cpu) {
    return lanes[cpu].view();
  }

  @Override
  public void enable(boolean on) {
    switches.set(on);
  }

  @Override
  public void enable(int cpu, boolean on) {
    switches.set(cpu, on);
  }

  @Override
  public void seal() {
    for (Lane lane : lanes) {
      lane.seal();
    }
    sealed = true;
  }

  @Override
  public boolean isQuiet() {
    if (!sealed) {
      return false;
    }
    for (Lane lane : lanes) {
      if (lane.hasOpenEvents()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    seal();
    for (Lane lane : lanes) {
      lane.close();
    }
  }
}
