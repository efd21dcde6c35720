package org.pagewheel.runtime.internal.pump;

import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;

/** What is missed with a page. */
final class PageLosses {
  private PageLosses() {}

  /**
   * The events on a page and those it tells as lost before it; −1 if the number cannot be told.
   * Walks over the whole page.
   */
  static long of(Page page) {
    try {
      PageCursor cursor = new PageCursor(PageFormat.of((int) page.memory().byteSize()));
      int events = cursor.count(page.memory());
      return sum(cursor.missed(), events);
    } catch (DamagedPageException e) {
      return -1;
    }
  }

  /** Some and more; unknown if either is. */
  static long sum(long some, long more) {
    return some < 0 || more < 0 ? -1 : some + more;
  }
}
