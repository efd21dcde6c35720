package org.pagewheel.ring;

import java.util.function.IntUnaryOperator;

/** What has been overwritten or given up on one CPU. For any number of readers. */
final class Losses {
  // Most losses are in the loss word. Besides, there are pages that give way but are not counted in
  // it yet: the one emptied ahead of the writers, and those stepped over, until they are used
  // again. The latter may be anywhere in the ring, so they are remembered by slot: whatever the
  // size of the ring, a total looks only at the slots that the writers have turned to since the
  // last total, and at the pages remembered.
  //
  // A page is stepped over when it is next, so looking at each slot once the current word has
  // reached it finds all that were stepped over, up to the current page. The slot of the next page
  // is looked at again. A remembered page is forgotten when its slot is live.

  /** How many times a total is tried while writers turn pages; each try costs less than a page. */
  private static final int MAX_TRIES = 64;

  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final PassedPages passed;

  /** A bit for each slot whose page was stepped over and may not be counted yet. */
  private final long[] stepped;

  private long looks;

  /** The slots of lower sequences have been looked at. */
  private long looked = Long.MIN_VALUE;

  /** How many events of a page are committed. */
  private final IntUnaryOperator committed;

  /** For a dead process, whose passed pages are gone. */
  Losses(RingMemory memory, IntUnaryOperator committed) {
    this(memory, null, committed);
  }

  Losses(RingMemory memory, PassedPages passed) {
    this(memory, passed, page -> PageWalk.committed(memory, page));
  }

  private Losses(RingMemory memory, PassedPages passed, IntUnaryOperator committed) {
    this.committed = committed;
    this.passed = passed;
    this.memory = memory;
    this.layout = memory.layout;
    this.slots = layout.slotWord;
    this.stepped = new long[Math.ceilDiv(layout.slots, Long.SIZE)];
  }

  /**
   * The events lost so far, including those on the page emptied ahead of the writers, on pages
   * stepped over, and committed on pages that the reader has passed. While the page of sequence h
   * is in its slot, all of them are older than h. If the writers are too fast, some may be missing;
   * the next total has them.
   */
  synchronized long total() {
    long most = 0;
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      long current = memory.getCurrentAcquire();
      long next = CurrentWord.sequence(current) + 1;
      long loss = memory.getLossAcquire();
      long halves = memory.getCounterAcquire(RingLayout.LOSS_HALVES);
      if (memory.getLossAcquire() != loss) {
        continue; // they may not belong together
      }
      look(next);
      // Read after the loss word: what moves from a slot to it meanwhile is missing, not counted
      // twice.
      long lost = layout.lossWord.total(halves, loss) + inSlots(next, loss);
      if (memory.getLossAcquire() == loss && memory.getCurrentAcquire() == current) {
        return lost + late();
      }
      most = Math.max(most, lost);
    }
    return most + late();
  }

  /** How many times slots were looked at; for tests. */
  synchronized long looks() {
    return looks;
  }

  private long late() {
    return passed == null ? memory.getCounterAcquire(RingLayout.LATE) : passed.late();
  }

  /** Remembers the pages that were stepped over since the last look. */
  private void look(long next) {
    for (long sequence = Math.max(looked, next - layout.slots + 1); sequence <= next; sequence++) {
      long slot = memory.getSlotAcquire(sequence);
      looks++;
      if (slots.state(slot) == SlotWord.PARKED || sequence < next && emptied(slot) > 0) {
        int index = (int) layout.slotIndex(sequence);
        stepped[index / Long.SIZE] |= 1L << index;
      }
    }
    looked = next;
  }

  /** What is in slots, and not counted in the loss word yet. */
  private long inSlots(long next, long loss) {
    int nextIndex = (int) layout.slotIndex(next);
    long lost = layout.lossWord.isAt(loss, next) ? 0 : inSlot(nextIndex);
    for (int i = 0; i < stepped.length; i++) {
      for (long bits = stepped[i]; bits != 0; bits &= bits - 1) {
        int index = i * Long.SIZE + Long.numberOfTrailingZeros(bits);
        if (index != nextIndex) {
          lost += inSlot(index);
          forgetIfLive(index);
        }
      }
    }
    return lost;
  }

  private long inSlot(int index) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      long slot = memory.getSlotAcquire(index);
      looks++;
      if (slots.state(slot) != SlotWord.PARKED) {
        return emptied(slot);
      }
      long lost = committed.applyAsInt(slots.page(slot)) - slots.count(slot);
      if (memory.isSlotStill(index, slot)) {
        return lost;
      }
    }
    return 0;
  }

  private void forgetIfLive(int index) {
    if (slots.state(memory.getSlotAcquire(index)) == SlotWord.LIVE) {
      stepped[index / Long.SIZE] &= ~(1L << index);
    }
  }

  private long emptied(long slot) {
    int state = slots.state(slot);
    return state == SlotWord.BUSY || state == SlotWord.FREE ? slots.count(slot) : 0;
  }
}
