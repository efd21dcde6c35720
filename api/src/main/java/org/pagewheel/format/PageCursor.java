package org.pagewheel.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Walks over the events of a page, of any machine.
 *
 * <pre>{@code
 * PageCursor cursor = new PageCursor(PageFormat.of(pageSize));
 * cursor.reset(page.memory());
 * while (cursor.next()) {
 *   … cursor.time(), cursor.payloadOffset(), cursor.payloadLength() …
 * }
 * }</pre>
 *
 * <p>Any bytes may be given: if they are not a page, a {@link DamagedPageException} reports it
 * before an event is made of them; the cursor never reads outside the page and always terminates.
 * Events before the damage have been returned. A cursor is for one thread and can be used again; it
 * allocates nothing.
 */
public final class PageCursor {
  private final PageFormat format;

  /** Pages of ours are read through a constant, which costs half. */
  private final boolean isLittle;

  private final ValueLayout.OfInt ints;
  private final ValueLayout.OfLong longs;
  private final int data;

  private MemorySegment page = MemorySegment.NULL;
  private int end;
  private int next;
  private long time;
  private long missed;
  private int record;
  private int payload;
  private int payloadLength;
  private int index;

  /**
   * Makes a cursor that is at the end of an empty page.
   *
   * @param format how the pages are written
   */
  public PageCursor(PageFormat format) {
    this.format = format;
    this.isLittle = format.order() == ByteOrder.LITTLE_ENDIAN;
    this.ints = format.intLayout();
    this.longs = format.longLayout();
    this.data = format.data();
    this.end = data;
    this.next = data;
  }

  /**
   * Goes before the first event of a page.
   *
   * @param memory the page, of at least the format's page size; bytes after that are not read
   * @return this cursor
   * @throws DamagedPageException if the header cannot be right; the cursor is at the end then
   */
  public PageCursor reset(MemorySegment memory) throws DamagedPageException {
    page = memory;
    end = data;
    next = data;
    index = -1;
    missed = 0;
    if (memory.byteSize() < format.pageSize()) {
      throw new DamagedPageException(
          0, "it has only " + memory.byteSize() + " of " + format.pageSize() + " bytes");
    }
    time = memory.get(longs, PageLayout.TIME);
    int commit = memory.get(ints, format.commit());
    int used = PageLayout.used(commit);
    if ((commit & ~PageLayout.COMMIT_FLAGS & ~PageLayout.COMMIT_MASK) != 0) {
      throw new DamagedPageException(
          format.commit(),
          "commit word 0x" + Integer.toHexString(commit) + " has unknown bits set");
    }
    if (used > format.pageSize() - data) {
      throw new DamagedPageException(
          format.commit(), used + " committed bytes on a page of " + format.pageSize());
    }
    if (used % RecordLayout.WORD != 0) {
      throw new DamagedPageException(
          format.commit(), used + " committed bytes are not a multiple of " + RecordLayout.WORD);
    }
    missed = missed(commit, data + used);
    end = data + used;
    return this;
  }

  /** The count after the records, or −1 if there is none. */
  private long missed(int commit, int behind) throws DamagedPageException {
    if ((commit & PageLayout.MISSED_EVENTS) == 0) {
      return 0;
    }
    if ((commit & PageLayout.MISSED_STORED) == 0) {
      return -1;
    }
    if (behind + format.longSize() > format.pageSize()) {
      throw new DamagedPageException(format.commit(), "no room for the number of lost events");
    }
    long count =
        format.longSize() == Long.BYTES
            ? page.get(longs, behind)
            : page.get(ints, behind) & 0xffffffffL;
    return count < 0 ? -1 : count;
  }

  /**
   * Goes to the next event, over padding, discarded events, and time records.
   *
   * @return whether there is one
   * @throws DamagedPageException if there is no valid record where one must be; the cursor is at
   *     the end then
   */
  public boolean next() throws DamagedPageException {
    while (next < end) {
      int at = next;
      int word = word(at);
      int type = format.type(word);
      int delta = format.delta(word);
      int header =
          type == 0 || type >= RecordLayout.PADDING ? 2 * RecordLayout.WORD : RecordLayout.WORD;
      if (at + header > end) {
        throw damaged(at, "record of type " + type + " goes beyond the end");
      }
      int second = header == RecordLayout.WORD ? 0 : word(at + RecordLayout.WORD);
      switch (type) {
        case RecordLayout.TIME_EXTEND -> {
          time += delta + ((second & 0xffffffffL) << RecordLayout.DELTA_BITS);
          next = at + header;
        }
        case RecordLayout.TIME_STAMP -> {
          time = stamp(delta + ((second & 0xffffffffL) << RecordLayout.DELTA_BITS));
          next = at + header;
        }
        case 0, RecordLayout.PADDING -> {
          int length = checkedLength(at, type, second);
          time += delta;
          next = at + RecordLayout.WORD + length;
          if (type == 0) {
            return event(at, at + header, length - RecordLayout.WORD);
          }
        }
        default -> {
          int length = type * RecordLayout.WORD;
          if (at + header + length > end) {
            throw damaged(at, "event of " + length + " bytes goes beyond the end");
          }
          time += delta;
          next = at + header + length;
          return event(at, at + header, length);
        }
      }
    }
    return false;
  }

  private int word(int at) {
    return word(page, at);
  }

  private int word(MemorySegment memory, int at) {
    return isLittle ? memory.get(PageLayout.INT, at) : memory.get(ints, at);
  }

  private boolean event(int at, int payloadAt, int length) {
    record = at;
    payload = payloadAt;
    payloadLength = length;
    index++;
    return true;
  }

  private int checkedLength(int at, int type, int length) throws DamagedPageException {
    if (length < RecordLayout.WORD
        || length > end - at - RecordLayout.WORD
        || length % RecordLayout.WORD != 0) {
      throw damaged(
          at, "length word " + Integer.toUnsignedString(length) + " in a record of type " + type);
    }
    return length;
  }

  /** The top bits that a stamp lacks are those of the current time. */
  private long stamp(long low) {
    return time & -1L << RecordLayout.STAMP_BITS | low & (1L << RecordLayout.STAMP_BITS) - 1;
  }

  private DamagedPageException damaged(int at, String problem) {
    next = end;
    return new DamagedPageException(at, problem);
  }

  /**
   * Where the next record begins; a page can be read on from here later.
   *
   * @return an offset in the page
   */
  public int position() {
    return next;
  }

  /**
   * The time of the event, or of the page before the first one.
   *
   * @return the full 64 bits
   */
  public long time() {
    return time;
  }

  /**
   * Where the event's record begins, after a time extend that belongs to it.
   *
   * @return an offset in the page
   */
  public int recordOffset() {
    return record;
  }

  /**
   * Where the event's payload begins.
   *
   * @return an offset in the page
   */
  public int payloadOffset() {
    return payload;
  }

  /**
   * Bytes of the event's payload as stored, that is rounded up.
   *
   * @return a multiple of 4
   */
  public int payloadLength() {
    return payloadLength;
  }

  /**
   * The event's payload.
   *
   * @return a new slice of the page; valid as long as the page is
   */
  public MemorySegment payload() {
    return page.asSlice(payload, payloadLength);
  }

  /**
   * The page that the cursor is in.
   *
   * @return the argument of {@link #reset}
   */
  public MemorySegment page() {
    return page;
  }

  /**
   * The number of the event on its page.
   *
   * @return from 0, or −1 before the first
   */
  public int index() {
    return index;
  }

  /**
   * How many events were lost before the page.
   *
   * @return 0 if none, −1 if their number is unknown
   */
  public long missed() {
    return missed;
  }

  /**
   * Counts the events of a page, and checks all of it. The cursor is at its end then, at the time
   * of the last event.
   *
   * @param memory the page
   * @return how many events {@link #next} would return
   * @throws DamagedPageException if anything on the page is not valid
   */
  public int count(MemorySegment memory) throws DamagedPageException {
    reset(memory);
    do {
      index += skipSmall();
    } while (next());
    return index + 1;
  }

  /** Goes over short events in a row, and only adds up their times. */
  private int skipSmall() {
    MemorySegment memory = page;
    int to = end;
    int at = next;
    int count = 0;
    long past = 0;
    while (at < to) {
      int word = word(memory, at);
      int type = format.type(word);
      int after = at + RecordLayout.WORD + type * RecordLayout.WORD;
      if (type == 0 || type > RecordLayout.MAX_SMALL_TYPE || after > to) {
        break; // whatever it is, next() knows
      }
      at = after;
      past += format.delta(word);
      count++;
    }
    next = at;
    time += past;
    return count;
  }
}
