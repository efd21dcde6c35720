package org.pagewheel.format;

import static org.pagewheel.format.PageLayout.INT;
import static org.pagewheel.format.PageLayout.LONG;
import static org.pagewheel.format.RecordLayout.EXTEND_SIZE;
import static org.pagewheel.format.RecordLayout.WORD;

import java.lang.foreign.MemorySegment;

/**
 * Gives the discarded records of a finished page the form that every reader takes, without moving
 * the time of any event.
 *
 * <p>Two things are wrong with a page as the writers leave it. A padding record with delta 0 ends
 * the page for the kernel's readers, and delta 1 would move all later events by 1 ns; so it becomes
 * padding with delta 1 and an absolute time stamp that sets the time back (an event of 8 bytes has
 * no room for both and becomes a time extend by 0; there is no event of 12 bytes). And trace-cmd
 * shows a loss before a page only if the page begins with an event; so everything before the first
 * event is cut off and the page's time set to that event's.
 */
final class DiscardedRecords {
  private DiscardedRecords() {}

  /**
   * Returns the bytes of records that are left.
   *
   * @throws DamagedPageException where there cannot be a record; all records are then in their
   *     places
   */
  static int settle(MemorySegment memory, long page, int used) throws DamagedPageException {
    long time = memory.get(LONG, page + PageLayout.TIME);
    int end = PageLayout.DATA + used;
    int first = -1;
    long firstTime = 0;
    int at = PageLayout.DATA;
    while (at < end) {
      int word = memory.get(INT, page + at);
      int type = RecordLayout.type(word);
      int delta = RecordLayout.delta(word);
      int size = RecordLayout.sizeAt(memory, page, at, end);
      switch (type) {
        case RecordLayout.TIME_EXTEND -> {
          long second = memory.get(INT, page + at + WORD) & 0xffffffffL;
          time += delta + (second << RecordLayout.DELTA_BITS);
        }
        case RecordLayout.TIME_STAMP -> {
          // only this method writes them, and it runs once per page
        }
        case RecordLayout.PADDING -> {
          time += delta;
          if (delta == 0) {
            skip(memory, page, at, size, time);
          }
        }
        default -> {
          time += delta;
          if (first < 0) {
            first = at;
            firstTime = time;
          }
        }
      }
      at += size;
    }
    if (first == PageLayout.DATA) {
      return used;
    }
    return first < 0 ? 0 : PageEncoder.keepFrom(memory, page, first, end, firstTime);
  }

  private static void skip(MemorySegment memory, long page, int at, int size, long time)
      throws DamagedPageException {
    if (size == EXTEND_SIZE) {
      PageEncoder.putExtend(memory, page, at, 0);
      return;
    }
    int padding = size - EXTEND_SIZE;
    if (padding < EXTEND_SIZE) {
      throw new DamagedPageException(at, "a discarded event of " + size + " bytes");
    }
    PageEncoder.putPadding(memory, page, at, 1, padding);
    PageEncoder.putStamp(memory, page, at + padding, time);
  }
}
