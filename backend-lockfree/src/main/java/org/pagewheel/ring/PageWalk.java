package org.pagewheel.ring;

import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * A walk over the records of a page, committed or not, for as long as they can be followed. Right
 * if the page stays in its slot meanwhile; else the result is meaningless. For one thread.
 */
final class PageWalk {
  private final RingMemory memory;
  private long record;
  private long end;
  private int header;
  private boolean finished;
  private boolean committedEvent;
  private long time;

  PageWalk(RingMemory memory, int page) {
    this.memory = memory;
    long word = memory.getPageWordAcquire(page);
    int used = PageWord.state(word) == PageWord.EMPTIED ? 0 : memory.layout.pageWords.used(word);
    record = memory.layout.page(page) + PageLayout.DATA;
    end = record + used;
    time = memory.getTimeOpaque(page);
  }

  /** The committed events of a page. */
  static int committed(RingMemory memory, int page) {
    PageWalk walk = new PageWalk(memory, page);
    int events = 0;
    while (walk.next()) {
      events += walk.isCommittedEvent() ? 1 : 0;
    }
    return events;
  }

  /** Goes over the next record. */
  boolean next() {
    if (record >= end) {
      return false;
    }
    header = memory.getHeaderAcquire(record);
    finished = Records.isFinished(memory, record, header);
    int size = Records.size(memory, record);
    boolean announced = finished || header < 0;
    if (!announced || !Records.isSize(size, end - record)) {
      return false;
    }
    time += delta();
    committedEvent = finished && Records.isEvent(header);
    record += size;
    return true;
  }

  private long delta() {
    if (RecordLayout.type(header) != RecordLayout.TIME_EXTEND) {
      return RecordLayout.delta(header & ~Records.PENDING);
    }
    long second = memory.getHeaderPlain(record + RecordLayout.WORD) & 0xffffffffL;
    return RecordLayout.delta(header) + (second << RecordLayout.DELTA_BITS);
  }

  /** The first word of the record. */
  int header() {
    return header;
  }

  /** Whether the record is anything but an event being written. */
  boolean isFinished() {
    return finished;
  }

  boolean isCommittedEvent() {
    return committedEvent;
  }

  /** The time of the record. */
  long time() {
    return time;
  }

  /** Bytes of records after this one. */
  int bytesLeft() {
    return (int) (end - record);
  }
}
