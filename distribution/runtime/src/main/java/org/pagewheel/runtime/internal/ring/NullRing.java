package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.Refusal;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Ring;

/**
 * The ring of a buffer that has none: it waits for its backend, its ring broke, or it is closed.
 * Refuses every event, and counts that.
 */
class NullRing implements Ring {
  private final BufferConfig config;
  private final LongAdder[] disabled;
  private final LongAdder[] tooLong;
  private volatile boolean sealed;

  NullRing(BufferConfig config) {
    this.config = config;
    this.disabled = adders(config.cpus());
    this.tooLong = adders(config.cpus());
  }

  private static LongAdder[] adders(int cpus) {
    LongAdder[] adders = new LongAdder[cpus];
    for (int cpu = 0; cpu < cpus; cpu++) {
      adders[cpu] = new LongAdder();
    }
    return adders;
  }

  @Override
  public long reserve(int length) {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length + " is negative");
    }
    if (sealed) {
      return Refusal.SEALED;
    }
    int cpu = Math.floorMod(config.cpuNumber().current(), disabled.length);
    if (length > maxEventSize()) {
      tooLong[cpu].increment();
      return Refusal.TOO_LONG;
    }
    disabled[cpu].increment();
    return Refusal.DISABLED;
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
  public void seal() {
    sealed = true;
  }

  @Override
  public boolean isQuiet() {
    return sealed;
  }

  @Override
  public RingView view(int cpu) {
    RingView.PageView page = new RingView.PageView(-1, RingView.State.EMPTY, 0, 0);
    return new RingView(
        cpu, config.pageSize() - PageLayout.DATA, List.of(page, page), null, -1, 0, 0);
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
    return new Counters(
        0, 0, 0, 0, 0, disabled[cpu].sum(), tooLong[cpu].sum(), 0, 0, 0, 0, 0, 0, Counters.NONE);
  }
}
