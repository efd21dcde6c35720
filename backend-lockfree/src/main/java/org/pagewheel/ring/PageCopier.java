package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * Copies what is committed of a page that writers may be writing. What comes out is right only if
 * the slot word is unchanged behind it. For one thread.
 */
final class PageCopier {
  private final RingMemory memory;
  private final RingLayout layout;
  private int used;

  PageCopier(RingMemory memory) {
    this.memory = memory;
    this.layout = memory.layout;
  }

  /** Bytes of records that were copied last. */
  int used() {
    return used;
  }

  /** Copies up to the first event that is not committed; returns how many events. */
  int copyPrefix(int page, MemorySegment into) {
    long first = layout.page(page) + PageLayout.DATA;
    long end = first + reserved(page);
    long record = first;
    long committed = first;
    int events = 0;
    while (record < end && Records.isFinished(memory, record)) {
      int size = Records.size(memory, record);
      if (!Records.isSize(size, end - record)) {
        break; // it is another page by now, or damaged
      }
      record += size;
      if (Records.isEvent(memory.getHeaderPlain(record - size))) {
        events++;
        committed = record;
      }
    }
    used = (int) (committed - first);
    MemorySegment.copy(memory.segment, first, into, PageLayout.DATA, used);
    into.set(PageLayout.LONG, PageLayout.TIME, memory.getTimeOpaque(page));
    return events;
  }

  /**
   * Copies all that is committed, in the place of each pending event one taken back; returns how
   * many events, or −1 if a record was reserved a moment ago, so that its size is not known.
   */
  int copyCommitted(int page, MemorySegment into) {
    long first = layout.page(page) + PageLayout.DATA;
    used = reserved(page);
    int events = 0;
    for (int at = 0; at < used; ) {
      long record = first + at;
      int header = memory.getHeaderAcquire(record);
      boolean finished = Records.isFinished(memory, record, header);
      int size = finished || header < 0 ? Records.size(memory, record) : 0;
      if (!Records.isSize(size, used - at)) {
        return -1;
      }
      int target = PageLayout.DATA + at;
      if (finished) {
        MemorySegment.copy(memory.segment, record, into, target, size);
        events += Records.isEvent(header) ? 1 : 0;
      } else {
        int delta = RecordLayout.delta(header & ~Records.PENDING);
        into.set(PageLayout.INT, target, RecordLayout.word(RecordLayout.PADDING, delta));
        into.set(PageLayout.INT, target + RecordLayout.WORD, size - RecordLayout.WORD);
      }
      at += size;
    }
    into.set(PageLayout.LONG, PageLayout.TIME, memory.getTimeOpaque(page));
    return events;
  }

  private int reserved(int page) {
    long word = memory.getPageWordAcquire(page);
    return PageWord.state(word) == PageWord.EMPTIED ? 0 : layout.pageWords.used(word);
  }
}
