package org.pagewheel.tracedat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Map;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * Changes the events of pages in place, all of the same length as before: their type numbers, their
 * threads, their times, and the address that a mark has in place of a function's.
 *
 * <p>A page is checked as a whole first, so that the walk over its records needs no checks of its
 * own.
 */
final class PageRewriter {
  /** Offsets in an event, as all formats of a file have them: see {@link #COMMON_SIZE}. */
  private static final int PID = 4;

  /** Bytes of the fields that all events begin with. */
  static final int COMMON_SIZE = 8;

  /** Where {@code ftrace:print} has the address of the function that wrote it. */
  private static final int PRINT_IP = 8;

  /** Of threads whose number is not known outside: above all numbers that a kernel gives. */
  static final int UNKNOWN_THREAD = 1 << 30;

  /** No kernel gives a number above it. */
  private static final int MAX_PID = 1 << 22;

  /** What is changed. */
  record Changes(char[] types, Map<Integer, Integer> threads, long shift, int print, long ip) {
    boolean isNothing() {
      for (int i = 0; i < types.length; i++) {
        if (types[i] != i) {
          return false;
        }
      }
      return threads.isEmpty() && shift == 0 && ip == 0;
    }
  }

  /** A time would come before 0. */
  static final class BeforeZeroException extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final PageFormat format;
  private final Changes changes;
  private final boolean isIdle;
  private final PageCursor cursor;
  private final ValueLayout.OfShort shorts;
  private final ValueLayout.OfInt ints;
  private final ValueLayout.OfLong longs;

  PageRewriter(PageFormat format, Changes changes) {
    this.format = format;
    this.changes = changes;
    this.isIdle = changes.isNothing();
    this.cursor = new PageCursor(format);
    ByteOrder order = format.order();
    this.shorts = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order);
    this.ints = ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
    this.longs = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }

  /**
   * Checks a page and changes its events.
   *
   * @throws DamagedPageException if the page is not valid; it is as it was then
   * @throws BeforeZeroException if a time would come before 0; the page is of no use then
   */
  void rewrite(MemorySegment page) throws DamagedPageException, BeforeZeroException {
    cursor.count(page);
    if (isIdle) {
      return;
    }
    if (changes.shift() != 0) {
      page.set(longs, PageLayout.TIME, moved(page.get(longs, PageLayout.TIME)));
    }
    int end = format.data() + PageLayout.used(page.get(ints, format.commit()));
    int at = format.data();
    while (at < end) {
      int word = page.get(ints, at);
      int type = format.type(word);
      switch (type) {
        case RecordLayout.TIME_EXTEND -> at += RecordLayout.EXTEND_SIZE;
        case RecordLayout.TIME_STAMP -> {
          stamp(page, at, format.delta(word));
          at += RecordLayout.EXTEND_SIZE;
        }
        case RecordLayout.PADDING -> at += RecordLayout.WORD + page.get(ints, at + 4L);
        case 0 -> {
          int length = page.get(ints, at + 4L);
          event(page, at + 2 * RecordLayout.WORD, length - RecordLayout.WORD);
          at += RecordLayout.WORD + length;
        }
        default -> {
          event(page, at + RecordLayout.WORD, type * RecordLayout.WORD);
          at += RecordLayout.WORD * (1 + type);
        }
      }
    }
  }

  private long moved(long time) throws BeforeZeroException {
    long moved = time + changes.shift();
    if (changes.shift() < 0 && Long.compareUnsigned(moved, time) > 0) {
      throw new BeforeZeroException();
    }
    return moved;
  }

  /** The bits that it lacks are those of the time before, which is moved, too. */
  private void stamp(MemorySegment page, int at, int low) throws BeforeZeroException {
    if (changes.shift() == 0) {
      return;
    }
    long high = page.get(ints, at + 4L) & 0xffffffffL;
    long time = moved(low + (high << RecordLayout.DELTA_BITS));
    page.set(ints, at, format.word(RecordLayout.TIME_STAMP, (int) time & RecordLayout.MAX_DELTA));
    page.set(ints, at + 4L, (int) (time >>> RecordLayout.DELTA_BITS));
  }

  private void event(MemorySegment page, int at, int length) {
    if (length < COMMON_SIZE) {
      return; // no event of a format of the file: nobody can read it, here or there
    }
    int type = page.get(shorts, at) & 0xffff;
    if (type == changes.print()
        && changes.ip() != 0
        && length >= PRINT_IP + Long.BYTES
        && page.get(longs, at + (long) PRINT_IP) == 0) {
      page.set(longs, at + (long) PRINT_IP, changes.ip());
    }
    page.set(shorts, at, (short) changes.types()[type]);
    if (!changes.threads().isEmpty()) {
      int thread = page.get(ints, at + (long) PID);
      page.set(ints, at + (long) PID, thread(changes.threads(), thread));
    }
  }

  /** The number of a thread outside of its namespace; 0 and virtual ones are the same there. */
  static int thread(Map<Integer, Integer> threads, int inside) {
    if (threads.isEmpty() || inside <= 0 || inside > MAX_PID) {
      return inside;
    }
    return threads.getOrDefault(inside, UNKNOWN_THREAD | inside);
  }
}
