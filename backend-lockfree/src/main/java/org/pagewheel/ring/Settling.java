package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/** Gives a page that has left the ring, or a copy, the form in which it is handed out. */
final class Settling {
  private Settling() {}

  /**
   * Finishes a page: the events before the first unread one are cut off, the page's time is that of
   * the first event left, which has delta 0.
   *
   * @param page the page alone, nobody else's, all of its records committed or discarded
   * @param used bytes of records
   * @param read events that were read before
   * @param missed events lost before this page; negative if some were but their number is unknown
   * @return null, or what is wrong with the records, over which somebody wrote since they were
   *     found complete: then the page is finished with them as they are, and its reader meets the
   *     damage
   */
  static String finish(MemorySegment page, int used, int read, long missed) {
    try {
      finishRecords(page, used, read, missed);
      return null;
    } catch (DamagedPageException e) {
      PageEncoder.finish(page, 0, (int) page.byteSize(), used, missed, false);
      return e.getMessage();
    } catch (IllegalStateException e) {
      return e.getMessage(); // finished as it is
    }
  }

  private static void finishRecords(MemorySegment page, int used, int read, long missed)
      throws DamagedPageException {
    int at = PageLayout.DATA;
    int end = at + used;
    long time = page.get(PageLayout.LONG, PageLayout.TIME);
    boolean discards = false;
    int first = -1;
    long firstTime = 0;
    int events = 0;
    while (at < end) {
      int size = RecordLayout.sizeAt(page, 0, at, end);
      int word = page.get(PageLayout.INT, at);
      int type = RecordLayout.type(word);
      time += RecordLayout.delta(word);
      if (type == RecordLayout.TIME_EXTEND) {
        long second = page.get(PageLayout.INT, at + RecordLayout.WORD) & 0xffffffffL;
        time += second << RecordLayout.DELTA_BITS;
      } else if (type == RecordLayout.PADDING) {
        discards |= first >= 0;
      } else if (events++ == read) {
        first = at;
        firstTime = time;
      }
      at += size;
    }
    end = mergeExtends(page, Math.max(first, PageLayout.DATA), end);
    int left = 0;
    if (first > PageLayout.DATA) {
      left = PageEncoder.keepFrom(page, 0, first, end, firstTime);
    } else if (first == PageLayout.DATA) {
      beginWith(page, firstTime);
      left = end - PageLayout.DATA;
    }
    PageEncoder.finish(page, 0, (int) page.byteSize(), left, missed, discards);
  }

  /**
   * The same for a page of events alone, all of them unread; can be done again.
   *
   * @param time of the first event
   */
  static void finishPlain(MemorySegment page, int used, long time, long missed) {
    beginWith(page, time);
    PageEncoder.finish(page, 0, (int) page.byteSize(), used, missed, false);
  }

  /** The page's time becomes that of its first record, an event. */
  private static void beginWith(MemorySegment page, long time) {
    int word = page.get(PageLayout.INT, PageLayout.DATA);
    page.set(PageLayout.INT, PageLayout.DATA, RecordLayout.word(RecordLayout.type(word), 0));
    page.set(PageLayout.LONG, PageLayout.TIME, time);
  }

  /**
   * Puts deltas that the ring could not write in a word, but the page can, into the words of their
   * records; the time extends before them go. Discarded events leave several extends in a row:
   * these become at most one, and none at the end of the page. Returns the offset after the last
   * record.
   */
  private static int mergeExtends(MemorySegment page, int from, int end)
      throws DamagedPageException {
    int to = from;
    long extend = 0;
    for (int at = from; at < end; ) {
      int word = page.get(PageLayout.INT, at);
      int type = RecordLayout.type(word);
      int size = RecordLayout.sizeAt(page, 0, at, end);
      if (type == RecordLayout.TIME_EXTEND) {
        long second = page.get(PageLayout.INT, at + RecordLayout.WORD) & 0xffffffffL;
        extend += RecordLayout.delta(word) + (second << RecordLayout.DELTA_BITS);
      } else {
        long delta = extend + RecordLayout.delta(word);
        boolean fits = delta <= RecordLayout.MAX_DELTA;
        if (!fits) {
          to = putExtend(page, to, extend);
        }
        if (to < at) {
          MemorySegment.copy(page, at, page, to, size);
        }
        if (fits && extend > 0) {
          page.set(PageLayout.INT, to, RecordLayout.word(type, (int) delta));
        }
        extend = 0;
        to += size;
      }
      at += size;
    }
    return to;
  }

  /** Where one is put, one or more have been. */
  private static int putExtend(MemorySegment page, int at, long delta) {
    int low = (int) delta & RecordLayout.MAX_DELTA;
    page.set(PageLayout.INT, at, RecordLayout.word(RecordLayout.TIME_EXTEND, low));
    page.set(PageLayout.INT, at + RecordLayout.WORD, (int) (delta >>> RecordLayout.DELTA_BITS));
    return at + RecordLayout.EXTEND_SIZE;
  }
}
