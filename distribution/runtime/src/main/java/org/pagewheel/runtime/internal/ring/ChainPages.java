package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CountedPage;

/** The pages of several rings as those of one buffer: their numbers, sizes and losses. */
final class ChainPages {
  private ChainPages() {}

  /** Whether a page number belongs to a ring or to one after it. */
  static boolean isBehind(ReadSide ring, int cpu, long from) {
    long base = ring.knownBase(cpu);
    return base >= 0 && from >= base;
  }

  static MemorySegment fitting(ReadSide ring, MemorySegment into) {
    long size = ring.pageSize();
    if (into.byteSize() == size) {
      return into;
    }
    return into.byteSize() > size
        ? into.asSlice(0, size)
        : MemorySegment.ofArray(new long[(int) size / Long.BYTES]);
  }

  /** The base of the i-th ring; those before it must have theirs first. */
  static long base(List<ReadSide> live, int i, int cpu) {
    long base = 0;
    for (int j = 0; j <= i; j++) {
      base = live.get(j).base(cpu, j == 0 ? null : live.get(j - 1));
    }
    return base;
  }

  /**
   * A page of the i-th ring with its number among those of the buffer, and with its losses
   * reported.
   */
  static Page numbered(List<ReadSide> live, int i, int cpu, Page page, long lost) {
    long base = base(live, i, cpu);
    Generation maker = live.get(i).generation();
    Page numbered =
        new CountedPage(
            cpu,
            base + page.sequence(),
            page.firstEntry(),
            page.memory(),
            done -> maker.release(page));
    if (lost != 0) {
      tell(page, lost);
    }
    return numbered;
  }

  /** Adds what was given up before a page to its header, while no one else has the page. */
  private static void tell(Page page, long lost) {
    MemorySegment memory = page.memory();
    int size = (int) memory.byteSize();
    try {
      long earlier = new PageCursor(PageFormat.of(size)).reset(memory).missed();
      int used = PageLayout.used(memory);
      PageEncoder.finish(memory, 0, size, used, PageLayout.sumOfMissed(earlier, lost), false);
    } catch (DamagedPageException e) {
      // its reader meets the damage and reports it
    }
  }
}
