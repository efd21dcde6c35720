package org.pagewheel.format;

import static org.pagewheel.format.PageLayout.INT;
import static org.pagewheel.format.PageLayout.LONG;
import static org.pagewheel.format.RecordLayout.WORD;

import java.lang.foreign.MemorySegment;

/**
 * Writes pages: plain stores, no checks beyond the segment's own, no state. {@code page} is the
 * offset of a page in the memory, {@code at} an offset within the page.
 */
public final class PageEncoder {
  private PageEncoder() {}

  /**
   * Begins a page: its time, and nothing committed.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param time the time of the first event to come
   */
  public static void open(MemorySegment memory, long page, long time) {
    memory.set(LONG, page + PageLayout.TIME, time);
    memory.set(LONG, page + PageLayout.COMMIT, 0);
  }

  /**
   * Writes the header of an event.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param at where the record begins
   * @param delta from 0 to {@link RecordLayout#MAX_DELTA}
   * @param payloadLength bytes of payload
   * @return where the payload begins in the page
   */
  public static int putData(MemorySegment memory, long page, int at, int delta, int payloadLength) {
    int size = RecordLayout.size(payloadLength);
    if (payloadLength <= RecordLayout.MAX_SMALL) {
      int type = (size - WORD) / WORD;
      memory.set(INT, page + at, RecordLayout.word(type, delta));
      return at + WORD;
    }
    memory.set(INT, page + at, RecordLayout.word(0, delta));
    memory.set(INT, page + at + WORD, size - WORD);
    return at + 2 * WORD;
  }

  /**
   * Writes a time extend.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param at where the record begins
   * @param delta nanoseconds since the record before, less than 2<sup>59</sup>
   * @return where the next record begins in the page
   */
  public static int putExtend(MemorySegment memory, long page, int at, long delta) {
    return putTime(memory, page, at, RecordLayout.TIME_EXTEND, delta);
  }

  /**
   * Writes an absolute time stamp.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param at where the record begins
   * @param time the time; its low 59 bits are stored
   * @return where the next record begins in the page
   */
  public static int putStamp(MemorySegment memory, long page, int at, long time) {
    return putTime(memory, page, at, RecordLayout.TIME_STAMP, time);
  }

  private static int putTime(MemorySegment memory, long page, int at, int type, long time) {
    int low = (int) time & RecordLayout.MAX_DELTA;
    memory.set(INT, page + at, RecordLayout.word(type, low));
    memory.set(INT, page + at + WORD, (int) (time >>> RecordLayout.DELTA_BITS));
    return at + RecordLayout.EXTEND_SIZE;
  }

  /**
   * Turns room into a record that readers skip.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param at where the record begins
   * @param delta from 1 to {@link RecordLayout#MAX_DELTA}; readers count it
   * @param size bytes of the whole record, a multiple of 4, at least 8
   */
  public static void putPadding(MemorySegment memory, long page, int at, int delta, int size) {
    memory.set(INT, page + at, RecordLayout.word(RecordLayout.PADDING, delta));
    memory.set(INT, page + at + WORD, size - WORD);
  }

  /**
   * Turns an event into a record that readers skip, in one store of its first word after the store
   * of its length; its time still counts. If that leaves a delta of 0, which the kernel's own
   * readers take for the end of the page, {@link #finish} corrects it before the page is handed on.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param at where the event's record begins, after a time extend
   */
  public static void discard(MemorySegment memory, long page, int at) {
    int word = memory.get(INT, page + at);
    int type = RecordLayout.type(word);
    if (type >= RecordLayout.PADDING) {
      throw new IllegalStateException("no event at offset " + at + ": record type " + type);
    }
    if (type != 0) {
      memory.set(INT, page + at + WORD, type * WORD);
    }
    memory.set(INT, page + at, RecordLayout.word(RecordLayout.PADDING, RecordLayout.delta(word)));
  }

  /**
   * Makes a page ready to leave its ring: the commit word with the losses before it, discarded
   * records in the form that every reader accepts, and zeros after the records.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param pageSize the page's size
   * @param used bytes of records
   * @param missed events lost before this page; negative if some were but their number is unknown
   * @param discards whether {@link #discard} was used on this page; only then are records looked at
   * @throws IllegalArgumentException if that many bytes do not fit on the page; nothing has changed
   * @throws IllegalStateException if there is no record where one must be, because something wrote
   *     over it. The page is still finished, with its bytes of records as they are: it can be
   *     handed on, and its reader meets the damage
   */
  public static void finish(
      MemorySegment memory, long page, int pageSize, int used, long missed, boolean discards) {
    if (used < 0 || used > PageLayout.capacity(pageSize)) {
      throw new IllegalArgumentException(used + " bytes of records on a page of " + pageSize);
    }
    DamagedPageException damage = null;
    int bytes = used;
    if (discards) {
      try {
        bytes = DiscardedRecords.settle(memory, page, used);
      } catch (DamagedPageException e) {
        damage = e;
      }
    }
    int end = setMissed(memory, page, pageSize, bytes, missed);
    memory.asSlice(page + end, pageSize - end).fill((byte) 0);
    if (damage != null) {
      throw new IllegalStateException(damage.getMessage(), damage);
    }
  }

  /**
   * Writes the commit word, and after the records how many events were lost before the page.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param pageSize the page's size
   * @param used bytes of records
   * @param missed events lost before this page; negative if some were but their number is unknown
   * @return the first byte of the page after the used ones
   */
  public static int setMissed(
      MemorySegment memory, long page, int pageSize, int used, long missed) {
    long commit = used;
    int end = PageLayout.DATA + used;
    if (missed != 0) {
      commit |= PageLayout.MISSED_EVENTS & 0xffffffffL;
      if (missed > 0 && end + PageLayout.MISSED_ROOM <= pageSize) {
        commit |= PageLayout.MISSED_STORED;
        memory.set(LONG, page + end, missed);
        end += PageLayout.MISSED_ROOM;
      }
    }
    memory.set(LONG, page + PageLayout.COMMIT, commit);
    return end;
  }

  /**
   * Cuts off everything before an event: the event becomes the page's first record, and its time
   * the page's.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param at where the event's record begins
   * @param end the first byte after the records
   * @param time the event's time
   * @return bytes of records that are left; the commit word is as it was
   */
  public static int keepFrom(MemorySegment memory, long page, int at, int end, long time) {
    MemorySegment.copy(memory, page + at, memory, page + PageLayout.DATA, end - at);
    int word = memory.get(INT, page + PageLayout.DATA);
    memory.set(INT, page + PageLayout.DATA, RecordLayout.word(RecordLayout.type(word), 0));
    memory.set(LONG, page + PageLayout.TIME, time);
    return end - at;
  }
}
