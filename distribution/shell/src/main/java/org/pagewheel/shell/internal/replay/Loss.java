package org.pagewheel.shell.internal.replay;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.RecordLayout;

/**
 * The loss that a page reports.
 *
 * @param missed events lost before the page: 0 none, −1 an unknown number
 * @param hidden whether the page begins with a record that is not an event, for then {@code
 *     trace-cmd} and KernelShark do not show the loss
 */
record Loss(long missed, boolean hidden) {
  static final Loss NONE = new Loss(0, false);

  /** The loss before the page to which a cursor was just set. */
  static Loss of(PageCursor cursor, MemorySegment page, PageFormat format) {
    if (cursor.missed() == 0) {
      return NONE;
    }
    int type = format.type(page.get(format.intLayout(), format.data()));
    return new Loss(cursor.missed(), type >= RecordLayout.PADDING);
  }

  boolean isNone() {
    return missed == 0;
  }
}
