package org.pagewheel.tracedat;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/** Reports in a page's header the events that were lost between the ring and the file. */
final class PageLosses {
  private PageLosses() {}

  /**
   * Adds to the losses that a page reports before it. If the number is unknown or does not fit, the
   * loss is reported without it.
   *
   * @param page a copy of the page, to be changed
   * @param format how it is written
   * @param missed how many more, or −1 if unknown
   */
  static void add(MemorySegment page, PageFormat format, long missed) {
    int commit = page.get(format.intLayout(), format.commit());
    int used = PageLayout.used(commit);
    int behind = format.data() + used;
    boolean room = behind + format.longSize() <= format.pageSize();
    boolean told = (commit & PageLayout.MISSED_EVENTS) != 0;
    boolean counted = (commit & PageLayout.MISSED_STORED) != 0;
    long before = told && counted && room ? count(page, format, behind) : 0;
    int flags = PageLayout.MISSED_EVENTS;
    if (room && missed >= 0 && before >= 0 && counted == told) {
      flags |= PageLayout.MISSED_STORED;
      putCount(page, format, behind, before + missed);
    } else if (room && counted) {
      putCount(page, format, behind, 0);
    }
    page.set(format.intLayout(), format.commit(), used | flags);
  }

  private static long count(MemorySegment page, PageFormat format, int at) {
    return format.longSize() == Long.BYTES
        ? page.get(format.longLayout(), at)
        : page.get(format.intLayout(), at) & 0xffffffffL;
  }

  private static void putCount(MemorySegment page, PageFormat format, int at, long count) {
    if (format.longSize() == Long.BYTES) {
      page.set(format.longLayout(), at, count);
    } else {
      page.set(format.intLayout(), at, (int) Math.min(count, 0xffffffffL));
    }
  }
}
