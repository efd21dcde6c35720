package org.pagewheel.ring;

import java.util.function.IntUnaryOperator;

/** What has been overwritten or given up on one CPU. For one thread at a time. */
final class Losses {
  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final PassedPages passed;

  /**
   * As many pages had been stepped over when all of them were found to be in use again; −1 if it is
   * to be looked whatever is counted, because a writer may have stepped and not yet counted it.
   */
  private long stepsSettled = -1;

  /** How many events of a page are committed. */
  private final IntUnaryOperator committed;

  /** Of a dead process, whose passed pages are gone. */
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
  }

  /**
   * The events lost so far, those on the page emptied ahead of the writers, on pages stepped over,
   * and committed on pages that the reader has passed, included. While the page of sequence h is in
   * its slot, all of them are older than h.
   */
  long total() {
    while (true) {
      long current = memory.getCurrentAcquire();
      long high = memory.getCounterAcquire(RingLayout.LOSS_HIGH);
      long loss = memory.getLossAcquire();
      long steps = memory.getCounterAcquire(RingLayout.STEPPED);
      long next = CurrentWord.sequence(current) + 1;
      long lost = (high << LossWord.COUNT_BITS) + LossWord.count(loss);
      if (!LossWord.isAt(loss, next)) {
        lost += emptied(memory.getSlotAcquire(next));
      }
      if (steps != stepsSettled) {
        lost += givenUp(next, steps);
      }
      if (memory.getLossAcquire() == loss && memory.getCurrentAcquire() == current) {
        return lost + late();
      }
    }
  }

  private long late() {
    return passed == null ? memory.getCounterAcquire(RingLayout.LATE) : passed.late();
  }

  /** To be called by who has met a page that was given up: it is counted in the next total. */
  void lookAgain() {
    stepsSettled = -1;
  }

  private long emptied(long slot) {
    int state = slots.state(slot);
    return state == SlotWord.BUSY || state == SlotWord.FREE ? slots.count(slot) : 0;
  }

  /** What is on pages that were stepped over, and not counted in the loss word yet. */
  private long givenUp(long next, long steps) {
    long lost = 0;
    boolean settled = true;
    for (long sequence = next; sequence < next + layout.slots; sequence++) {
      long slot = memory.getSlotAcquire(sequence);
      if (slots.state(slot) == SlotWord.PARKED) {
        lost += committed.applyAsInt(slots.page(slot)) - slots.count(slot);
        settled = false;
      } else if (sequence > next && emptied(slot) > 0) {
        lost += emptied(slot);
        settled = false;
      }
    }
    if (settled) {
      stepsSettled = steps;
    }
    return lost;
  }
}
