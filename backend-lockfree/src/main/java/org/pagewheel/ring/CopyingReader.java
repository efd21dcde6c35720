package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Page;

/** Copies a page of one CPU without consuming it. For one call; only reads the memory. */
final class CopyingReader {
  // Everything read of a page counts only if the slot word is unchanged behind it; else the page
  // was taken, emptied or read from meanwhile, and is looked at again.

  private final int cpu;
  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final Mover mover;
  private final PassedPages passed;
  private final PageCopier copier;

  CopyingReader(int cpu, RingMemory memory, Mover mover, PassedPages passed) {
    this.passed = passed;
    this.cpu = cpu;
    this.memory = memory;
    this.layout = memory.layout;
    this.slots = layout.slotWord;
    this.mover = mover;
    this.copier = new PageCopier(memory);
  }

  /** See {@link org.pagewheel.PageSource#copy}. */
  Page copy(long from, MemorySegment into) {
    long wanted = Math.clamp(from, 0, Long.MAX_VALUE - layout.slots) + layout.slots;
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    long sequence = oldest(tail);
    boolean oldest = true;
    while (true) {
      if (sequence > tail) {
        tail = CurrentWord.sequence(memory.getCurrentAcquire()); // the writers may have gone on
        if (sequence > tail) {
          return null;
        }
      }
      long slot = memory.getSlotAcquire(sequence);
      if (!slots.isAt(slot, sequence) || slots.state(slot) != SlotWord.LIVE) {
        oldest = true; // it is gone, and so is what was seen before it
        sequence++;
        continue;
      }
      long unread = mover.unreadIfComplete(sequence, slot);
      if (unread != 0 && sequence >= wanted) {
        int events = copier.copyPrefix(slots.page(slot), into);
        long missed = oldest ? untold() : 0;
        if (!memory.isSlotStill(sequence, slot)) {
          continue;
        }
        int read = slots.count(slot);
        if (events > read) {
          String damage = Settling.finish(into, copier.used(), read, missed);
          if (damage != null) {
            mover.broken(damage);
          }
          return new Page(cpu, sequence - layout.slots, read, into, page -> {});
        }
      } else if (!memory.isSlotStill(sequence, slot)) {
        continue;
      }
      if (unread < 0) {
        return null; // what is behind waits for this page's events
      }
      oldest &= unread == 0;
      sequence++;
    }
  }

  /** No page before this one is in the ring. */
  private long oldest(long tail) {
    long head = memory.getCounterAcquire(RingLayout.HEAD);
    return Math.max(head, tail - layout.slots + 1);
  }

  private long untold() {
    return Math.max(
        0, new Losses(memory, passed).total() - memory.getCounterAcquire(RingLayout.TOLD));
  }
}
