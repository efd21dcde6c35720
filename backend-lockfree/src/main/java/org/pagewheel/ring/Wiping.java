package org.pagewheel.ring;

import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * Detects that the memory of a CPU's ring was zeroed from outside while in use: by a hole in its
 * file, or by truncating it. Each check is a few loads, and made only for a reason.
 */
final class Wiping {
  // What is never zero while the memory is whole: the current word (its sequence begins above
  // zero),
  // the page word of no page (always CLOSED), and on a page with records either the first record's
  // first word or, of a long event with delta 0, its second.

  private Wiping() {}

  /** Whether the words of a ring are intact. */
  static boolean isWhole(RingMemory memory) {
    long current = memory.getCurrentAcquire();
    return PageWord.state(memory.getPageWordAcquire(memory.layout.frames)) == PageWord.CLOSED
        && CurrentWord.sequence(current) >= memory.layout.slots - 1
        && CurrentWord.page(current) <= memory.layout.frames;
  }

  /** Whether the record of a reservation is gone, rather than finished. */
  static boolean isGone(RingMemory memory, long record, boolean isLong) {
    boolean zero =
        memory.getHeaderAcquire(record) == 0
            && (!isLong || memory.getHeaderAcquire(record + RecordLayout.WORD) == 0);
    if (!zero || !isWhole(memory)) {
      return zero;
    }
    RingLayout layout = memory.layout;
    int page = (int) (record - layout.firstPage >>> layout.pageShift);
    long word = memory.getPageWordAcquire(page);
    boolean reserved =
        page < layout.frames
            && PageWord.state(word) != PageWord.EMPTIED
            && record < layout.page(page) + PageLayout.DATA + layout.pageWords.used(word);
    boolean sealed = (memory.getCurrentAcquire() & CurrentWord.SEALED) != 0;
    return reserved && !sealed && (memory.getTimeOpaque(page) == 0 || BusGuard.repairs() > 0);
  }

  /** A page in the ring that was complete and is zero now; −1 if there is none. */
  static int pageGone(RingMemory memory) {
    RingLayout layout = memory.layout;
    SlotWord slots = layout.slotWord;
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    for (long sequence = tail - layout.slots + 1; sequence <= tail; sequence++) {
      long slot = memory.getSlotAcquire(sequence);
      if (!slots.isAt(slot, sequence)
          || slots.state(slot) != SlotWord.LIVE
          || slots.page(slot) >= layout.frames) {
        continue;
      }
      int page = slots.page(slot);
      long memo = memory.getMemoAcquire(page);
      boolean events = MemoWord.isAt(memo, sequence) && MemoWord.events(memo) > 0;
      if (events && isZero(memory, page) && memory.isSlotStill(sequence, slot)) {
        return page;
      }
    }
    return -1;
  }

  private static boolean isZero(RingMemory memory, int page) {
    long first = memory.layout.page(page) + PageLayout.DATA;
    return memory.getTimeOpaque(page) == 0
        && memory.getHeaderAcquire(first) == 0
        && memory.getHeaderAcquire(first + RecordLayout.WORD) == 0;
  }
}
