package org.pagewheel.consumer.network.internal;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import org.pagewheel.Page;
import org.pagewheel.tracedat.Losses;

/** Copies of the pages that wait for a connection, in order; bounded. */
final class Spool {
  /**
   * A page that waits.
   *
   * @param cpu its CPU
   * @param memory a copy
   * @param missed events missed before it
   */
  record Waiting(int cpu, MemorySegment memory, long missed) {}

  private final long capacity;
  private final ArrayDeque<Waiting> pages = new ArrayDeque<>();
  private long bytes;

  Spool(long capacity) {
    this.capacity = capacity;
  }

  /** Copies a page, if there is room. */
  boolean add(Page page, long missed) {
    MemorySegment memory = page.memory();
    if (bytes + memory.byteSize() > capacity) {
      return false;
    }
    long[] copy = new long[(int) (memory.byteSize() / Long.BYTES)];
    pages.add(new Waiting(page.cpu(), MemorySegment.ofArray(copy).copyFrom(memory), missed));
    bytes += memory.byteSize();
    return true;
  }

  /** The oldest page, or null. */
  Waiting first() {
    return pages.peek();
  }

  void removeFirst() {
    bytes -= pages.remove().memory().byteSize();
  }

  boolean isEmpty() {
    return pages.isEmpty();
  }

  /** How many events would be lost if the spool were given up. */
  long events() {
    PageScan scan = new PageScan();
    long events = 0;
    for (Waiting waiting : pages) {
      scan.scan(waiting.memory(), null);
      events = Losses.sum(events, Losses.sum(scan.events(), waiting.missed()));
    }
    return events;
  }
}
