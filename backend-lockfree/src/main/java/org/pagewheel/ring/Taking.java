package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * What is left to do for a page once it is taken out of the ring of one CPU, determined before the
 * take. To be repeated from the beginning if an error is thrown in the middle: all of it stores
 * values that are known by then. For one thread at a time.
 */
final class Taking {
  /** The page is a copy that has its final form. */
  private static final int SETTLED = 0;

  /** The page has events alone, all of them unread: its time and first record change. */
  private static final int PLAIN = 1;

  /** The page's final form is in {@link #form}. */
  private static final int OTHER = 2;

  private long head;
  private long read;
  private long pagesRead;
  private long told;
  private long missed;
  private int events;
  private int passedFrame;
  private int passedEvents;

  private int how;
  private MemorySegment page;
  private int used;
  private long time;

  /** Made for the first page that needs it. */
  private MemorySegment form;

  /** The counters, as they will be. */
  void plan(RingMemory memory, long nextHead, long unread, int pages, long lost) {
    head = nextHead;
    events = (int) unread;
    read = memory.getCounterAcquire(RingLayout.READ) + unread;
    pagesRead = memory.getCounterAcquire(RingLayout.PAGES_READ) + pages;
    long before = memory.getCounterAcquire(RingLayout.TOLD);
    told = Math.max(before, lost);
    missed = told - before;
    passedFrame = -1;
  }

  int events() {
    return events;
  }

  /** There is no page to report losses in. */
  void settleNothing() {
    told -= missed;
    how = SETTLED;
  }

  /** The frame that leaves the ring has an event that is still being written. */
  void passes(int frame, int committed) {
    passedFrame = frame;
    passedEvents = committed;
  }

  /** A copy of which this many events have been read; it is handed out whatever is in it. */
  void settle(Mover mover, MemorySegment copy, int bytes, int alreadyRead) {
    finish(mover, copy, bytes, alreadyRead);
    how = SETTLED;
  }

  private void finish(Mover mover, MemorySegment copy, int bytes, int alreadyRead) {
    String damage = Settling.finish(copy, bytes, alreadyRead, missed);
    if (damage != null) {
      mover.broken(damage);
    }
  }

  /** The page is complete, and nothing but events, none of them read. */
  void settlePlain(MemorySegment segment, int bytes, long begin) {
    time = begin + RecordLayout.delta(segment.get(PageLayout.INT, PageLayout.DATA));
    page = segment;
    used = bytes;
    how = PLAIN;
  }

  /** Any complete page; false if it is not in its slot any more. */
  boolean settle(
      RingMemory memory, Mover mover, long sequence, long slot, MemorySegment segment, int bytes) {
    if (form == null) {
      form = MemorySegment.ofArray(new long[memory.layout.pageSize / Long.BYTES]);
    }
    MemorySegment.copy(segment, 0, form, 0, (long) PageLayout.DATA + bytes);
    if (!memory.isSlotStill(sequence, slot)) {
      return false;
    }
    finish(mover, form, bytes, memory.layout.slotWord.count(slot));
    page = segment;
    used = bytes;
    how = OTHER;
    return true;
  }

  /** The page has left the ring. */
  void complete(RingMemory memory, PassedPages passed) {
    RingMemory.fenceTaken();
    if (passedFrame >= 0) {
      passed.add(passedFrame, passedEvents);
      passedFrame = -1;
    }
    memory.setCounterRelease(RingLayout.HEAD, head);
    memory.setCounterRelease(RingLayout.READ, read);
    memory.setCounterRelease(RingLayout.PAGES_READ, pagesRead);
    memory.setCounterRelease(RingLayout.TOLD, told);
    if (how == PLAIN) {
      Settling.finishPlain(page, used, time, missed);
    } else if (how == OTHER) {
      // The header last: it identifies the page after a kill. After its records the page is zero;
      // its final form has no more, but for the number of lost events.
      long all = form.byteSize() - PageLayout.DATA;
      long records = Math.min(all, (long) used + PageLayout.MISSED_ROOM);
      MemorySegment.copy(form, PageLayout.DATA, page, PageLayout.DATA, records);
      MemorySegment.copy(form, 0, page, 0, PageLayout.DATA);
    }
  }
}
