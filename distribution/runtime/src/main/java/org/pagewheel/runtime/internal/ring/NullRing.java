package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Ring;

/**
 * The ring of a buffer that has none: it waits for its backend, its ring broke, or it is closed.
 * Refuses every event and counts it.
 */
class NullRing implements Ring {
  /** A bit of the count itself, so that an account taken after the seal has every refusal. */
  private static final long SEALED = Long.MIN_VALUE;

  private final BufferConfig config;

  /** Per CPU, refused because there is no ring; with {@link #SEALED} once that is final. */
  private final AtomicLongArray disabled;

  /** Likewise, because too long. */
  private final AtomicLongArray tooLong;

  NullRing(BufferConfig config) {
    this.config = config;
    this.disabled = new AtomicLongArray(config.cpus());
    this.tooLong = new AtomicLongArray(config.cpus());
  }

  @Override
  public long reserve(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length + " is negative");
    }
    if (isQuiet()) {
      return Refusal.SEALED;
    }
    int cpu = Math.floorMod(config.cpuNumber().current(), disabled.length());
    return length > maxEventSize()
        ? refuse(tooLong, cpu, Refusal.TOO_LONG)
        : refuse(disabled, cpu, Refusal.DISABLED);
  }

  private static long refuse(AtomicLongArray counts, int cpu, long refusal) {
    while (true) {
      long count = counts.get(cpu);
      if (count < 0) {
        return Refusal.SEALED;
      }
      if (counts.compareAndSet(cpu, count, count + 1)) {
        return refusal;
      }
    }
  }

  @Override
  public MemorySegment memory(long reservation) {
    throw new IllegalStateException("nothing was reserved");
  }

  @Override
  public void commit(long reservation) {
    throw new IllegalStateException("nothing was reserved");
  }

  @Override
  public void discard(long reservation) {
    throw new IllegalStateException("nothing was reserved");
  }

  @Override
  public int maxEventSize() {
    return config.pageSize() - PageLayout.DATA - PageLayout.MISSED_ROOM;
  }

  @Override
  public void enable(boolean on) {}

  @Override
  public void enable(int cpu, boolean on) {}

  @Override
  public void seal() {
    for (int cpu = 0; cpu < disabled.length(); cpu++) {
      disabled.getAndAccumulate(cpu, SEALED, (count, bit) -> count | bit);
      tooLong.getAndAccumulate(cpu, SEALED, (count, bit) -> count | bit);
    }
  }

  @Override
  public boolean isQuiet() {
    return tooLong.get(disabled.length() - 1) < 0;
  }

  @Override
  public RingView view(int cpu) {
    List<RingView.PageView> pages = List.of(RingView.PageView.EMPTY, RingView.PageView.EMPTY);
    return RingView.builder(cpu, config.pageSize() - PageLayout.DATA, pages).build();
  }

  @Override
  public void close() {
    seal();
  }

  @Override
  public int cpus() {
    return config.cpus();
  }

  @Override
  public int pageSize() {
    return config.pageSize();
  }

  @Override
  public int pages() {
    return config.pages();
  }

  @Override
  public Page take(int cpu, boolean open) {
    return null;
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    return null;
  }

  @Override
  public void flush(int cpu) {}

  @Override
  public int unreadPages(int cpu) {
    return 0;
  }

  @Override
  public Counters counters(int cpu) {
    return Counters.builder()
        .set(Counter.DISABLED, count(disabled, cpu))
        .set(Counter.TOO_LONG, count(tooLong, cpu))
        .build();
  }

  private static long count(AtomicLongArray counts, int cpu) {
    return counts.get(cpu) & ~SEALED;
  }
}
