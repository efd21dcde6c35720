package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * Reads a page frame of a ring whose writers may be dead in the middle of an event, and writes what
 * is committed as a clean page. For one thread.
 */
final class PageSalvage {
  // The records of a frame follow one another; after the last one all is zero. A writer that died
  // between its reservation and the record's first word left zeros: the next record begins at the
  // next word that is not zero, for no writer writes payload before the first word. A writer that
  // died between that word and the commit left a pending record of known size, or, if the second
  // word of a long record is missing, zeros up to the next record as above. A page is consistent if
  // its records end where its page word says (or, if the last writers died, before), the time of
  // the last one is the one in that word, and each event's id is known.

  private static final int WORD = RecordLayout.WORD;
  private static final int MIN = 2 * WORD;

  private final RingMemory memory;
  private final RingLayout layout;
  private final IntFunction<MemorySegment> frames;
  private final IntPredicate isEventId;
  private final PageCursor cursor;

  private MemorySegment frame = MemorySegment.NULL;
  private MemorySegment into = MemorySegment.NULL;
  private int at;
  private long time;
  private int end;
  private int events;
  private int torn;
  private boolean waiting;
  private long firstTime;
  private long lastTime;

  PageSalvage(RingMemory memory, IntFunction<MemorySegment> frames, IntPredicate isEventId) {
    this.frames = frames;
    this.memory = memory;
    this.layout = memory.layout;
    this.isEventId = isEventId;
    this.cursor = new PageCursor(PageFormat.of(layout.pageSize));
  }

  /** Events written to the clean page. */
  int events() {
    return events;
  }

  /** Events that were reserved and not committed. */
  int torn() {
    return torn;
  }

  /** Bytes of records on the clean page. */
  int used() {
    return end - PageLayout.DATA;
  }

  long firstTime() {
    return firstTime;
  }

  long lastTime() {
    return lastTime;
  }

  /** Whether the frame exists. */
  private boolean begin(int page, MemorySegment target) {
    events = 0;
    torn = 0;
    waiting = false;
    frame = frames.apply(page);
    if (frame == null) {
      return false;
    }
    into = target;
    at = PageLayout.DATA;
    end = PageLayout.DATA;
    time = frame.get(PageLayout.LONG, PageLayout.TIME);
    return true;
  }

  // ---- of a living process

  /**
   * What is committed before the first event that is not, or, of mode discard, before the first one
   * that is not old either, while others write.
   *
   * @param page the frame's number
   * @param sequence its place in the stream
   * @param old the events to leave out; null for none
   * @param target memory of one page
   * @return how many events were written to the clean page
   */
  int prefix(int page, long sequence, Patience.Limit old, MemorySegment target) {
    begin(page, target);
    long word = memory.getPageWordAcquire(page);
    if (PageWord.state(word) > PageWord.CLOSED) {
      return 0;
    }
    int limit = limit(word);
    long first = layout.page(page);
    while (at < limit) {
      boolean finished = at + MIN <= limit && Records.isFinished(memory, first + at);
      waiting =
          !finished && (old == null || !old.covers(Long.MAX_VALUE, sequence, at - PageLayout.DATA));
      if (waiting) {
        return events;
      }
      if (step(limit) != null) {
        waiting = torn > 0; // its end will be known when the next one is announced
        return waiting ? events : 0; // another page by now, or damaged
      }
    }
    return events;
  }

  /** Whether {@link #prefix} ended at an event that may still be committed. */
  boolean isWaiting() {
    return waiting;
  }

  private int limit(long word) {
    int used = layout.pageWords.used(word);
    return PageLayout.DATA + Math.min(used, PageLayout.capacity(layout.pageSize));
  }

  // ---- of a dead one

  /** Everything committed; returns null, or what is wrong with the page. */
  String whole(int page, MemorySegment target) {
    if (!begin(page, target)) {
      return "it is cut off";
    }
    long word = memory.getPageWordAcquire(page);
    if (PageWord.state(word) == PageWord.EMPTIED) {
      return isZero(PageLayout.DATA, layout.pageSize) ? null : "it should be empty and is not";
    }
    if (PageWord.state(word) > PageWord.EMPTIED) {
      return "its page word has no state";
    }
    int limit = limit(word);
    while (at < limit) {
      String problem = step(limit);
      if (problem != null) {
        return problem + " at offset " + at;
      }
    }
    if (!isZero(limit, layout.pageSize)) {
      return "there are bytes after its " + (limit - PageLayout.DATA) + " reserved ones";
    }
    long reserved = frame.get(PageLayout.LONG, PageLayout.TIME) + layout.pageWords.time(word);
    return torn == 0 && limit > PageLayout.DATA && time != reserved
        ? "its events end at time " + time + ", its page word says " + reserved
        : null;
  }

  /** Whether there is nothing but zeros. */
  private boolean isZero(int from, int to) {
    for (int i = from; i + WORD <= to; i += WORD) {
      if (frame.get(PageLayout.INT, i) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * A page that had been taken out of the ring. It was finished for its reader, or about to be: it
   * counts only if it is entirely one or the other. Else it has no events.
   */
  void held(int page, MemorySegment target) {
    if (!begin(page, target)) {
      return;
    }
    int commit = frame.get(PageLayout.INT, PageLayout.COMMIT);
    if (commit == 0) {
      boolean broken = whole(page, target) != null || torn > 0;
      if (broken) {
        events = 0;
        torn = 0;
      }
      return;
    }
    try {
      cursor.reset(frame);
      while (cursor.next()) {
        if (!isEvent(cursor.payloadOffset())) {
          throw new DamagedPageException(cursor.payloadOffset(), "unknown event id");
        }
        put(cursor.time(), cursor.payloadOffset(), cursor.payloadLength());
      }
    } catch (DamagedPageException e) {
      events = 0; // its process died in the middle of it
    }
  }

  private boolean isEvent(int payload) {
    return payload < layout.pageSize && isEventId.test(frame.get(PageLayout.INT, payload) & 0xffff);
  }

  // ---- records

  /** Goes over a record; returns null, or what is wrong with it. */
  private String step(int limit) {
    int size = size(at, limit);
    if (size == UNANNOUNCED) {
      torn++;
      return nextRecord(limit) ? null : "a torn event; where the next one begins is unknown";
    }
    if (size == NO_RECORD) {
      return "not a record";
    }
    int word = frame.get(PageLayout.INT, at);
    int type = RecordLayout.type(word);
    time += RecordLayout.delta(type == RecordLayout.TIME_EXTEND ? word : word & ~Records.PENDING);
    if (type == RecordLayout.TIME_EXTEND) {
      long second = frame.get(PageLayout.INT, at + WORD) & 0xffffffffL;
      time += second << RecordLayout.DELTA_BITS;
    } else if (word < 0) {
      torn++;
    } else if (Records.isEvent(word)) {
      int payload = payload(at, type);
      if (!isEvent(payload)) {
        return "an event of unknown id";
      }
      if (!put(time, payload, at + size - payload)) {
        return "more than fits on the page";
      }
    }
    at += size;
    return null;
  }

  private static int payload(int record, int type) {
    return record + (type == 0 ? 2 * WORD : WORD);
  }

  /** Its writer died before its length could be seen. */
  private static final int UNANNOUNCED = 0;

  private static final int NO_RECORD = -1;

  /** The bytes of the record at an offset. */
  private int size(int record, int limit) {
    int word = frame.get(PageLayout.INT, record);
    int second = record + MIN <= limit ? frame.get(PageLayout.INT, record + WORD) : 0;
    int type = RecordLayout.type(word);
    boolean pending = word < 0 && type != RecordLayout.TIME_EXTEND;
    if ((word == 0 || pending && type == 0) && second == 0) {
      return UNANNOUNCED;
    }
    int size =
        switch (type) {
          case 0, RecordLayout.PADDING -> second < 0 ? NO_RECORD : WORD + second;
          case RecordLayout.TIME_EXTEND -> RecordLayout.EXTEND_SIZE;
          case RecordLayout.TIME_STAMP -> NO_RECORD;
          default -> WORD + type * WORD;
        };
    return Records.isSize(size, limit - record) ? size : NO_RECORD;
  }

  /**
   * Goes to the next word that is not zero, after a record that was never announced; or to the word
   * before it if that is the length of a committed long event with delta 0, whose first word is
   * zero. If both look right, what follows decides; false if it does not.
   */
  private boolean nextRecord(int limit) {
    int next = at + MIN;
    while (next < limit && frame.get(PageLayout.INT, next) == 0) {
      next += WORD;
    }
    next = Math.min(next, limit);
    int zero = next - WORD;
    boolean maybeLong =
        zero >= at + MIN
            && next < limit
            && frame.get(PageLayout.INT, next) > RecordLayout.MAX_SMALL;
    if (maybeLong) {
      int ifLong = reach(zero, limit);
      int ifNot = reach(next, limit);
      if (ifLong == ifNot && ifLong != NOWHERE) {
        return false;
      }
      next = ifLong > ifNot ? zero : next;
    }
    at = next;
    return true;
  }

  private static final int NOWHERE = 0;
  private static final int TO_A_GAP = 1;
  private static final int TO_THE_END = 2;

  /** How far records can be followed from the offset. */
  private int reach(int from, int limit) {
    int record = from;
    while (record < limit) {
      int size = size(record, limit);
      if (size == UNANNOUNCED) {
        return TO_A_GAP;
      }
      int word = size == NO_RECORD ? 0 : frame.get(PageLayout.INT, record);
      boolean event = word >= 0 && Records.isEvent(word);
      if (size == NO_RECORD || event && !isEvent(payload(record, RecordLayout.type(word)))) {
        return NOWHERE;
      }
      record += size;
    }
    return TO_THE_END;
  }

  private boolean put(long eventTime, int payload, int length) {
    long delta = events == 0 ? 0 : eventTime - lastTime;
    int extend = delta > RecordLayout.MAX_DELTA ? RecordLayout.EXTEND_SIZE : 0;
    int size = RecordLayout.size(length);
    if (delta < 0 || end + extend + size > layout.pageSize) {
      return false;
    }
    if (events == 0) {
      PageEncoder.open(into, 0, eventTime);
      firstTime = eventTime;
    }
    if (extend > 0) {
      end = PageEncoder.putExtend(into, 0, end, delta);
      delta = 0;
    }
    int target = PageEncoder.putData(into, 0, end, (int) delta, length);
    MemorySegment.copy(frame, payload, into, target, length);
    end += size;
    lastTime = eventTime;
    events++;
    return true;
  }
}
