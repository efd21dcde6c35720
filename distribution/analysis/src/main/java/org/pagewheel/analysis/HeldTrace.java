package org.pagewheel.analysis;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.pagewheel.Buffer;
import org.pagewheel.ClockScale;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageFormat;

/** What a buffer of this process holds in one moment, copied: as much memory as its rings have. */
final class HeldTrace implements Trace {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** As of files. */
  private static final Map<Counter, String> CAUSES =
      new TreeMap<>(
          Map.of(
              Counter.OVERRUN, "overwritten",
              Counter.DROPPED, "refused by a full ring",
              Counter.COMMIT_OVERRUN, "refused by a ring that wrapped"));

  private final Buffer buffer;
  private final Optional<ClockScale> scale;
  private final PageFormat format;
  private final List<Lane> lanes = new ArrayList<>();
  private final List<Lost> losses = new ArrayList<>();
  private final OptionalLong wallOffset;

  HeldTrace(Buffer buffer) {
    this.buffer = buffer;
    this.scale = buffer.config().clock().scale();
    int size = buffer.readers().pageSize();
    format = PageFormat.of(size);
    for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
      List<MemorySegment> pages = new ArrayList<>();
      for (Page page : buffer.readers().snapshot(cpu)) {
        if (page.memory().byteSize() <= size) { // a ring with larger ones has come this moment
          pages.add(filledUp(page.memory(), size));
        }
      }
      lanes.add(new Lane("", cpu, () -> new HeldPages(pages.iterator(), format)));
      account(cpu, buffer.counters(cpu));
    }
    wallOffset =
        isNanos()
            ? OptionalLong.of(
                System.currentTimeMillis() * NANOS_PER_MILLI
                    - shownTime(buffer.config().clock().now()))
            : OptionalLong.empty();
  }

  private void account(int cpu, Counters counters) {
    CAUSES.forEach(
        (counter, cause) -> {
          if (counters.get(counter) > 0) {
            losses.add(new Lost("", cpu, cause, counters.get(counter), counter != Counter.OVERRUN));
          }
        });
  }

  /** A page says itself how much of it is used. */
  private static MemorySegment filledUp(MemorySegment memory, int size) {
    return memory.byteSize() == size
        ? memory
        : MemorySegment.ofArray(new long[size / Long.BYTES]).copyFrom(memory);
  }

  /** Those of one CPU. */
  private static final class HeldPages implements Pages {
    private final Iterator<MemorySegment> pages;
    private final PageFormat format;
    private long count;

    HeldPages(Iterator<MemorySegment> pages, PageFormat format) {
      this.pages = pages;
      this.format = format;
    }

    @Override
    public MemorySegment next() {
      count++;
      return pages.hasNext() ? pages.next() : null;
    }

    @Override
    public long offset() {
      return Math.max(0, count - 1) * format.pageSize();
    }

    @Override
    public PageFormat format() {
      return format;
    }
  }

  @Override
  public String name() {
    return "buffer " + buffer.name();
  }

  @Override
  public List<Lane> lanes() {
    return lanes;
  }

  @Override
  public Collection<EventFormat> formats() {
    return Metadata.process().formats();
  }

  @Override
  public Map<Integer, String> threadNames() {
    return Metadata.process().threadNames();
  }

  @Override
  public PageFormat pageFormat() {
    return format;
  }

  @Override
  public String clock() {
    return buffer.config().clock().timeline();
  }

  @Override
  public boolean isNanos() {
    return Trace.super.isNanos() || scale.isPresent();
  }

  @Override
  public long shownTime(long time) {
    return scale.isPresent() ? scale.get().nanos(time) : time;
  }

  @Override
  public OptionalLong wallOffset() {
    return wallOffset;
  }

  @Override
  public OptionalInt process() {
    return OptionalInt.of((int) ProcessHandle.current().pid());
  }

  @Override
  public List<Lost> losses() {
    return List.copyOf(losses);
  }

  @Override
  public void close() {
    // the buffer is its owner's
  }
}
