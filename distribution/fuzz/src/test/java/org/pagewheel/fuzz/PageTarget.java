package org.pagewheel.fuzz;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;

/**
 * Any bytes as a page: the cursor ends, stays within the page, and what it does not like is a
 * {@link DamagedPageException} with a place on the page. The first byte chooses the format.
 */
public final class PageTarget {
  private static final int SIZE = 4096;

  private PageTarget() {}

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    ByteOrder order = (data[0] & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    PageFormat format = new PageFormat(order, (data[0] & 2) == 0 ? 8 : 4, SIZE);
    byte[] page = Arrays.copyOf(Arrays.copyOfRange(data, 1, data.length), SIZE);
    walk(new PageCursor(format), MemorySegment.ofArray(page));
  }

  /** Goes over a page; how many events there are before its end or its first damage. */
  static int walk(PageCursor cursor, MemorySegment page) {
    int events = 0;
    try {
      cursor.reset(page);
      int end = 0;
      while (cursor.next()) {
        boolean inside =
            cursor.payloadOffset() >= end
                && cursor.payloadLength() >= 0
                && cursor.payloadOffset() + cursor.payloadLength() <= page.byteSize();
        if (!inside) {
          throw new AssertionError("an event beyond the page, or over another");
        }
        end = cursor.payloadOffset() + cursor.payloadLength();
        events++;
      }
    } catch (DamagedPageException e) {
      if (e.offset() < 0 || e.offset() > page.byteSize() || e.getMessage().isBlank()) {
        throw new AssertionError("damage where no page is", e);
      }
    }
    return events;
  }
}
