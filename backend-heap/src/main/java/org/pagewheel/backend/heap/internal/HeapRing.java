package org.pagewheel.backend.heap.internal;

import java.lang.foreign.MemorySegment;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.CpuNumber;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * The rings of the heap backend: one spin lock per CPU, pages on the Java heap. The reference for
 * what a ring does; {@link CpuRing} says exactly what is lost when.
 *
 * <p>Writers and readers of a CPU take its lock for some ten nanoseconds. A thread that finds it
 * taken spins for about 2 µs, then yields, then sleeps up to 100 µs at a time. Nothing is held from
 * reserve to commit.
 *
 * <p>The ring's own clock and CPU number may not use it: reserve is refused, take and copy find
 * nothing and flush does nothing.
 */
final class HeapRing implements Ring {
  /** Low bits of a reservation that hold the CPU. */
  static final int CPU_BITS = 12;

  static final int MAX_CPUS = 1 << CPU_BITS;

  private static final int NOBODY = -1;

  private final BufferConfig config;
  private final CpuNumber cpuNumber;
  private final int spares;
  private final CpuRing[] rings;
  private final CpuReader[] readers;

  /**
   * The CPU for which the thread is reading the clock, or CPU 0 while it is still asking for the
   * CPU number. Null where both are ours and known to call no other code, so that the usual event
   * pays nothing for it.
   */
  private final ThreadLocal<int[]> asking;

  /** For tests, which cannot wait: see {@link Patience}. */
  volatile long patience = Patience.NANOS;

  HeapRing(RingConfig ringConfig, int spares) {
    this.config = ringConfig.buffer();
    this.cpuNumber = config.cpuNumber();
    this.spares = spares;
    boolean trusted = Clock.isPlain(config.clock()) && cpuNumber == CpuNumber.system();
    asking = trusted ? null : ThreadLocal.withInitial(() -> new int[] {NOBODY});
    rings = new CpuRing[config.cpus()];
    readers = new CpuReader[config.cpus()];
    for (int cpu = 0; cpu < rings.length; cpu++) {
      rings[cpu] = new CpuRing(this, ringConfig, cpu);
      readers[cpu] = new CpuReader(rings[cpu]);
    }
  }

  // ---- writing

  @Override
  public long reserve(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("the length of an event cannot be " + length);
    }
    return asking == null ? rings[cpu()].reserve(length) : reserveGuarded(length);
  }

  private long reserveGuarded(int length) {
    int[] mine = asking.get();
    if (mine[0] != NOBODY) {
      return rings[mine[0]].refuseRecursion();
    }
    mine[0] = 0;
    try {
      mine[0] = cpu();
      return rings[mine[0]].reserve(length);
    } finally {
      mine[0] = NOBODY;
    }
  }

  private int cpu() {
    int cpu = cpuNumber.current();
    return cpu >= 0 && cpu < rings.length ? cpu : Math.floorMod(cpu, rings.length);
  }

  @Override
  public MemorySegment memory(long reservation) {
    return ringOf(reservation).memory;
  }

  @Override
  public void commit(long reservation) {
    ringOf(reservation).commit(reservation);
  }

  @Override
  public void discard(long reservation) {
    ringOf(reservation).discard(reservation);
  }

  private CpuRing ringOf(long reservation) {
    int cpu = Reservation.own(reservation) & MAX_CPUS - 1;
    if (reservation < 0 || cpu >= rings.length) {
      throw new IllegalStateException(
          reservation < 0 && reservation >= Refusal.SEALED
              ? "nothing was reserved: " + Refusal.text(reservation)
              : "not a reservation of this ring: " + reservation);
    }
    return rings[cpu];
  }

  @Override
  public int maxEventSize() {
    return PageLayout.maxEventSize(config.pageSize());
  }

  // ---- reading

  @Override
  public int cpus() {
    return rings.length;
  }

  @Override
  public int pageSize() {
    return config.pageSize();
  }

  @Override
  public int pages() {
    return config.pages();
  }

  int spares() {
    return spares;
  }

  @Override
  public Page take(int cpu, boolean open) {
    return isAsking() ? null : readers[cpu].take(open);
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    return isAsking() ? null : readers[cpu].copy(from, into);
  }

  @Override
  public void flush(int cpu) {
    if (!isAsking()) {
      rings[cpu].flush();
    }
  }

  private boolean isAsking() {
    return asking != null && asking.get()[0] != NOBODY;
  }

  @Override
  public int unreadPages(int cpu) {
    return rings[cpu].unreadPages();
  }

  @Override
  public Counters counters(int cpu) {
    return rings[cpu].counters();
  }

  @Override
  public RingView view(int cpu) {
    return readers[cpu].view(pages());
  }

  // ---- switches

  @Override
  public void prepare(int cpu) {
    rings[cpu].prepare();
  }

  @Override
  public void enable(boolean on) {
    for (CpuRing ring : rings) {
      ring.on = on;
    }
  }

  @Override
  public void enable(int cpu, boolean on) {
    rings[cpu].on = on;
  }

  @Override
  public void seal() {
    for (CpuRing ring : rings) {
      ring.seal();
    }
  }

  @Override
  public boolean isQuiet() {
    for (CpuRing ring : rings) {
      if (!ring.isQuiet()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    seal();
    for (CpuRing ring : rings) {
      ring.close();
    }
  }
}
