package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.pagewheel.Clock;
import org.pagewheel.Mode;

/** A seal that comes between the two exchanges by which a writer steps over a page. */
class SealedStepTest {
  private final RingLayout layout = new RingLayout(Mode.OVERWRITE, 2, 1, 4096);
  private final SlotWord slots = layout.slotWord;
  private final RingMemory memory =
      new RingMemory(MemorySegment.ofArray(new long[(int) layout.bytes() / 8]), layout);

  @Test
  void theRingIsNotQuietWhileAnEventIsWrittenOnThePageThatWasToBeSteppedOver() {
    memory.format();
    CpuRing ring = new CpuRing(0, memory, Clock.MONO, () -> {}, () -> {}, fault -> {});
    long stalled = ring.writer.reserve(1000);
    int page = CurrentWord.page(memory.getCurrentAcquire());
    int written = 1;
    long next = next();
    while (slots.page(memory.getSlotAcquire(next)) != page) {
      ring.writer.commit(ring.writer.reserve(1000));
      written++;
      next = next();
    }
    long slot = memory.getSlotAcquire(next);
    assertTrue(memory.casSlot(next, slot, slots.moved(slot, next, SlotWord.PARKED)));

    ring.seal();
    assertFalse(ring.isQuiet());
    ring.writer.commit(stalled);
    assertTrue(ring.isQuiet());
    assertEquals(written, ring.account().counters().written());
  }

  private long next() {
    return CurrentWord.sequence(memory.getCurrentAcquire()) + 1;
  }
}
