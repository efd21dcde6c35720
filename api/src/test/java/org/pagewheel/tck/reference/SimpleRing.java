package org.pagewheel.tck.reference;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CpuSwitches;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * The rings of all CPUs, each a {@link SimpleCpu} with a lock of its own; this class finds the
 * right one. Writers of one CPU wait for each other, and for a reader that copies a page.
 */
final class SimpleRing implements Ring {
  /*
   * The backend's own bits of a reservation: the CPU, and two bits of SimpleCpu. A thread that is
   * in reserve() is marked, so that a clock or CPU number that writes events is refused instead of
   * calling itself for ever.
   */
  private final RingConfig config;
  private final SimpleCpu[] cpus;
  private final ThreadLocal<boolean[]> reserving = ThreadLocal.withInitial(() -> new boolean[1]);
  private final CpuSwitches switches;
  private volatile boolean sealed;

  SimpleRing(RingConfig config) {
    this.config = config;
    cpus = new SimpleCpu[config.buffer().cpus()];
    switches = new CpuSwitches(cpus.length);
    for (int cpu = 0; cpu < cpus.length; cpu++) {
      cpus[cpu] = new SimpleCpu(config, cpu);
    }
  }

  @Override
  public long reserve(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("the length " + length + " is negative");
    }
    boolean[] inside = reserving.get();
    if (inside[0]) {
      return cpus[0].refuse(Refusal.RECURSION);
    }
    inside[0] = true;
    try {
      int number = config.buffer().cpuNumber().current() % cpus.length;
      SimpleCpu cpu = cpus[number];
      return !switches.isOn(number)
          ? cpu.refuse(Refusal.DISABLED)
          : length > maxEventSize() ? cpu.refuse(Refusal.TOO_LONG) : cpu.reserve(length);
    } finally {
      inside[0] = false;
    }
  }

  @Override
  public MemorySegment memory(long reservation) {
    return of(reservation).memory();
  }

  @Override
  public void commit(long reservation) {
    of(reservation).settle(reservation, false);
  }

  @Override
  public void discard(long reservation) {
    of(reservation).settle(reservation, true);
  }

  private SimpleCpu of(long reservation) {
    return cpus[SimpleCpu.cpu(Reservation.own(reservation))];
  }

  @Override
  public int maxEventSize() {
    return PageLayout.maxEventSize(pageSize());
  }

  @Override
  public int cpus() {
    return cpus.length;
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
    return cpus[cpu].take(open);
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    return cpus[cpu].copy(from, into);
  }

  @Override
  public void flush(int cpu) {
    cpus[cpu].flush();
  }

  @Override
  public int unreadPages(int cpu) {
    return cpus[cpu].unreadPages();
  }

  @Override
  public Counters counters(int cpu) {
    return cpus[cpu].counters();
  }

  @Override
  public RingView view(int cpu) {
    return cpus[cpu].view();
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
    for (SimpleCpu cpu : cpus) {
      cpu.seal();
    }
    sealed = true;
  }

  @Override
  public boolean isQuiet() {
    if (!sealed) {
      return false;
    }
    for (SimpleCpu cpu : cpus) {
      if (cpu.isOpen()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    seal();
    for (SimpleCpu cpu : cpus) {
      cpu.close();
    }
  }
}
