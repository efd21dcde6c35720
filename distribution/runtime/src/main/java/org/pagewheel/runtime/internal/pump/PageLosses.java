package org.pagewheel.runtime.internal.pump;

import org.pagewheel.Page;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * Counts what is missed with a page. Never throws, and allocates only for the first page of a size:
 * losses may be counted when memory has just run out. For one thread at a time.
 */
final class PageLosses {
  private PageCursor cursor;
  private int pageSize;

  /**
   * The events on a page and those it reports as lost before it; −1 if the number is unknown. Walks
   * over the whole page.
   */
  long of(Page page) {
    try {
      int size = (int) page.memory().byteSize();
      if (cursor == null || size != pageSize) {
        cursor = new PageCursor(PageFormat.of(size));
        pageSize = size;
      }
      int events = cursor.count(page.memory());
      return PageLayout.sumOfMissed(cursor.missed(), events);
    } catch (Throwable damaged) { // or there is no memory
      return PageLayout.MISSED_UNKNOWN;
    }
  }
}
