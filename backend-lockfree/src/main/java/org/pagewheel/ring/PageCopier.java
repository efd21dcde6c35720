package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageLayout;

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

  private int reserved(int page) {
    long word = memory.getPageWordAcquire(page);
    return PageWord.state(word) == PageWord.EMPTIED ? 0 : layout.pageWords.used(word);
  }
}
