package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.spi.Refusal;

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

  /** A writer that has found the ring full, or off, and counts it when the account was taken. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        Refusal.DROPPED,
        Refusal.COMMIT_OVERRUN,
        Refusal.DISABLED,
        Refusal.TOO_LONG,
        Refusal.RECURSION
      })
  void whatIsRefusedBeforeTheSealIsCountedAndWhatComesAfterGoesToTheNextRing(long refusal) {
    memory.format();
    CpuRing ring = new CpuRing(0, memory, Clock.MONO, () -> {}, () -> {}, fault -> {});
    assertEquals(refusal, memory.refuse(refusal));
    ring.seal();
    assertEquals(1, ring.account().counters().refused());
    assertEquals(Refusal.SEALED, memory.refuse(refusal));
    ring.seal();
    assertEquals(1, ring.account().counters().refused());
  }

  private long next() {
    return CurrentWord.sequence(memory.getCurrentAcquire()) + 1;
  }
}
