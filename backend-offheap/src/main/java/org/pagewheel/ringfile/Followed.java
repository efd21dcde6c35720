package org.pagewheel.ringfile;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.ring.ForeignRing;
import org.pagewheel.spi.PageSource;

/** The rings of a file that is being written: pages can be copied but not taken. */
final class Followed implements PageSource {
  private final ForeignRing[] rings;
  private final int pageSize;
  private final int pages;

  Followed(ForeignRing[] rings, int pageSize, int pages) {
    this.rings = rings;
    this.pageSize = pageSize;
    this.pages = pages;
  }

  @Override
  public int cpus() {
    return rings.length;
  }

  @Override
  public int pageSize() {
    return pageSize;
  }

  @Override
  public int pages() {
    return pages;
  }

  @Override
  public Page take(int cpu, boolean open) {
    return null; // what is in the ring is the writer's
  }

  @Override
  public Page copy(int cpu, long from, MemorySegment into) {
    return rings[cpu].copy(from, into);
  }

  @Override
  public void flush(int cpu) {
    // copies show the page that is being written
  }

  @Override
  public int unreadPages(int cpu) {
    return 0;
  }

  @Override
  public Counters counters(int cpu) {
    return Counters.ZERO;
  }
}
