package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * Copies what is committed on a page that writers may be writing. The copy is right only if the
 * slot word is unchanged afterwards. For one thread.
 */
final class PageCopier {
  private final RingMemory memory;
  private final RingLayout layout;
  private int used;
  private boolean whole;

  PageCopier(RingMemory memory) {
    this.memory = memory;
    this.layout = memory.layout;
  }

  /** Bytes of records in the last copy. */
  int used() {
    return used;
  }

  /** Whether the copy reaches the end of what was reserved. */
  boolean isWhole() {
    return whole;
  }

  /**
   * Copies up to the first event that is being written, or whose room was reserved a moment ago so
   * that its size is unknown. Old ones among those being written are passed over: in their place
   * the copy has discarded records.
   *
   * @param old may be null: no event is
   * @return how many events were copied
   */
  int copy(int page, long sequence, Patience.Limit old, MemorySegment into) {
    long first = layout.page(page) + PageLayout.DATA;
    PageWalk walk = new PageWalk(memory, page);
    int end = walk.bytesLeft();
    int at = 0;
    int copied = 0;
    int events = 0;
    used = 0;
    while (walk.next()) {
      int next = end - walk.bytesLeft();
      if (walk.isCommittedEvent()) {
        events++;
        used = next;
      } else if (!walk.isFinished()) {
        if (old == null || !old.covers(walk.time(), sequence, at)) {
          break;
        }
        MemorySegment.copy(
            memory.segment, first + copied, into, (long) PageLayout.DATA + copied, at - copied);
        putTakenBack(into, PageLayout.DATA + at, next - at, walk.header());
        copied = next;
      }
      at = next;
    }
    whole = at == end;
    if (used > copied) {
      MemorySegment.copy(
          memory.segment, first + copied, into, (long) PageLayout.DATA + copied, used - copied);
    }
    into.set(PageLayout.LONG, PageLayout.TIME, memory.getTimeOpaque(page));
    return events;
  }

  private static void putTakenBack(MemorySegment into, int at, int size, int header) {
    int delta = RecordLayout.delta(header & ~Records.PENDING);
    into.set(PageLayout.INT, at, RecordLayout.word(RecordLayout.PADDING, delta));
    into.set(PageLayout.INT, at + RecordLayout.WORD, size - RecordLayout.WORD);
  }
}
