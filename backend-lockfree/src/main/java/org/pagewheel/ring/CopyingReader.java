package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicLong;
import org.pagewheel.Page;
import org.pagewheel.spi.CountedPage;

/** Copies a page of one CPU without consuming it. For one call; only reads the memory. */
final class CopyingReader {
  /** How many times one call looks at a page that changes; see RingReader. */
  private static final int MAX_TRIES = 1000;

  // What is read from a page counts only if the slot word is unchanged afterwards; else the page
  // was taken, emptied or read from meanwhile, and is looked at again.
  //
  // A page with an event being written holds back the pages after it, unless all such events on it
  // are old (Patience). That is final: a page that the writers have left gets no new events.

  private final int cpu;
  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final Mover mover;
  private final Losses losses;
  private final Patience patience;
  private final PageCopier copier;

  /**
   * All pages of lower sequences were found complete, passable or gone, which does not change: they
   * hold nothing back, and a caller that wants a later page need not look at them again.
   */
  private final AtomicLong settled;

  CopyingReader(
      int cpu,
      RingMemory memory,
      Mover mover,
      Losses losses,
      Patience patience,
      AtomicLong settled) {
    this.patience = patience;
    this.losses = losses;
    this.settled = settled;
    this.cpu = cpu;
    this.memory = memory;
    this.layout = memory.layout;
    this.slots = layout.slotWord;
    this.mover = mover;
    this.copier = new PageCopier(memory);
  }

  /** See {@link org.pagewheel.spi.PageSource#copy}. */
  Page copy(long from, MemorySegment into) {
    long wanted = Math.clamp(from, 0, Long.MAX_VALUE - layout.slots) + layout.slots;
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    long sequence = oldest(tail);
    boolean oldest = true;
    for (int tries = MAX_TRIES; tries > 0; ) {
      if (!oldest) {
        sequence = Math.max(sequence, Math.min(wanted, settled.get()));
      }
      if (sequence > tail) {
        tail = CurrentWord.sequence(memory.getCurrentAcquire()); // the writers may have gone on
        if (sequence > tail) {
          return null;
        }
      }
      long slot = memory.getSlotAcquire(sequence);
      if (!slots.isAt(slot, sequence) || slots.state(slot) != SlotWord.LIVE) {
        // If it is gone, so is everything seen before it; one that was stepped over never existed.
        oldest |= !slots.isAt(slot, sequence) || slots.state(slot) != SlotWord.PARKED;
        settle(++sequence);
        continue;
      }
      long unread = mover.unreadIfComplete(sequence, slot);
      Patience.Limit old = unread < 0 ? patience.forCopy() : null;
      boolean left = unread >= 0;
      if (unread != 0 && (sequence >= wanted || old != null)) {
        int events = copier.copy(slots.page(slot), sequence, old, into);
        left |= old != null && copier.isWhole() && sequence < tail;
        long missed = oldest ? untold() : 0;
        if (!memory.isSlotStill(sequence, slot)) {
          tries--;
          continue;
        }
        int read = slots.count(slot);
        if (events > read && sequence >= wanted) {
          String damage = Settling.finish(into, copier.used(), read, missed);
          if (damage != null) {
            mover.broken(damage);
          }
          return new CountedPage(cpu, sequence - layout.slots, read, into, page -> {});
        }
        unread = events - read;
      } else if (!memory.isSlotStill(sequence, slot)) {
        tries--;
        continue;
      }
      if (!left) {
        return null; // later pages wait for this page's events
      }
      oldest &= unread == 0;
      settle(++sequence);
    }
    return null;
  }

  /** Pages are settled one after another, so all before this one are. */
  private void settle(long sequence) {
    if (sequence > settled.get()) {
      settled.lazySet(sequence); // a late store only undoes what will be found out again
    }
  }

  /** No page before this one is in the ring. */
  private long oldest(long tail) {
    long head = memory.getCounterAcquire(RingLayout.HEAD);
    return Math.max(head, tail - layout.slots + 1);
  }

  private long untold() {
    return Math.max(0, losses.total() - memory.getCounterAcquire(RingLayout.TOLD));
  }
}
