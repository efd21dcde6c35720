package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * Copies the pages of one CPU for a snapshot.
 *
 * <p>With the oldest page the source reports what was lost since the last take. If the writers
 * overtake the copying, a later page has become the oldest, and its report includes what has been
 * copied meanwhile and what the first page reported; that is subtracted.
 */
final class SnapshotCopier {
  private final PageSource source;
  private final int cpu;
  private long told;

  SnapshotCopier(PageSource source, int cpu) {
    this.source = source;
    this.cpu = cpu;
  }

  void copyTo(List<Page> pages) {
    long from = 0;
    long end = Long.MAX_VALUE; // a writer that stays ahead must not keep us here for ever
    Page last = null;
    while (from < end) {
      Page page = copy(from);
      if (page == null) {
        return;
      }
      if (from == 0) {
        end = page.sequence() + source.pages() + 1;
      }
      try {
        if (last != null) {
          // There is a newer page, so the last one no longer grows; if it was being written when we
          // copied it, what came since is in another copy.
          Page again = copy(last.sequence());
          if (again != null && again.sequence() > last.sequence()) {
            page =
                again; // the last one has been overwritten since, and this one tells how much of it
          } else if (again != null && again.firstEntry() == last.firstEntry()) {
            pages.set(pages.size() - 1, complete(last, again));
          }
        }
        account(page.memory(), from > 0 && page.sequence() > from);
      } catch (DamagedPageException e) {
        // handed on as it is: the reader of the snapshot meets the damage with its own cursor
      }
      pages.add(page);
      last = page;
      from = page.sequence() + 1;
    }
  }

  private Page copy(long from) {
    return source.copy(cpu, from, CpuEvents.newPage(source.pageSize()));
  }

  /** The later copy of a page, with the loss that the earlier one tells. */
  private Page complete(Page earlier, Page later) throws DamagedPageException {
    MemorySegment memory = later.memory();
    int pageSize = (int) memory.byteSize();
    PageCursor cursor = new PageCursor(PageFormat.of(pageSize));
    int before = cursor.count(earlier.memory());
    long missed = cursor.missed();
    told += cursor.count(memory) - before;
    int used = PageLayout.used(memory);
    PageEncoder.finish(memory, 0, pageSize, used, missed, false);
    return later;
  }

  private void account(MemorySegment memory, boolean gap) throws DamagedPageException {
    int pageSize = (int) memory.byteSize(); // a ring that was replaced may have had others
    PageCursor cursor = new PageCursor(PageFormat.of(pageSize));
    int count = cursor.count(memory);
    long missed = cursor.missed();
    if (missed > 0) {
      long lost = missed - told;
      long tell = lost > 0 ? lost : gap ? -1 : 0; // a reader that took pages has hidden the number
      int used = PageLayout.used(memory);
      PageEncoder.finish(memory, 0, pageSize, used, tell, false);
      told = Math.max(missed, told);
    }
    told += count;
  }
}
