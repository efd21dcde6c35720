package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** A ring is closed, and its memory freed, while a writer commits and goes on trying. */
class CloseRaceTest {
  private static final RingLayout LAYOUT = new RingLayout(Mode.OVERWRITE, 2, 2, 4096);

  private static Ring open(boolean kept) throws IOException {
    BufferConfig config =
        BufferConfig.of("close", "lockfree").withPages(2, 4096).withClock(1, Clock.MONO, () -> 0);
    return new PageRing(RingConfig.of(config), LAYOUT, new NativeMemories(LAYOUT, 1, kept));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWriterOfAClosingRingIsAnsweredAsSealedAndNeverDisturbed(boolean kept) throws Exception {
    AtomicReference<Throwable> trouble = new AtomicReference<>();
    for (int i = 0; i < 500; i++) {
      Ring ring = open(kept);
      Thread writer =
          Thread.ofPlatform()
              .uncaughtExceptionHandler((thread, e) -> trouble.set(e))
              .start(() -> writeUntilSealed(ring));
      while (ring.counters(0).written() < i % 7) {
        Thread.onSpinWait();
      }
      ring.close();
      writer.join();
      assertEquals(null, trouble.get());
      assertTrue(ring.isQuiet());
      assertEquals(Refusal.SEALED, ring.reserve(8), "after the memory was freed");
      assertTrue(ring.counters(0).written() >= i % 7, "the account outlives the memory");
    }
  }

  private static void writeUntilSealed(Ring ring) {
    for (long at = ring.reserve(1000); at >= 0; at = ring.reserve(1000)) {
      ring.commit(at);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsFinishedTwiceIsToldEvenWhenTheRingIsGone(boolean kept) throws IOException {
    Ring ring = open(kept);
    long at = ring.reserve(100);
    ring.commit(at);
    assertThrows(IllegalStateException.class, () -> ring.commit(at));
    ring.close();
    assertThrows(IllegalStateException.class, () -> ring.commit(at));
    assertThrows(IllegalStateException.class, () -> ring.discard(at));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsNoReservationReachesNoOtherMemory(boolean kept) throws IOException {
    try (Ring ring = open(kept)) {
      ring.commit(ring.reserve(100));
      for (long offset :
          new long[] {
            0,
            8,
            LAYOUT.wordBytes(),
            LAYOUT.bytes(),
            LAYOUT.bytes() + 4,
            LAYOUT.bytes() + 8,
            (1L << Reservation.OFFSET_BITS) - 4
          }) {
        assertThrows(IllegalStateException.class, () -> ring.commit(offset), "offset " + offset);
        assertThrows(IllegalStateException.class, () -> ring.discard(offset), "offset " + offset);
      }
    }
  }

  /** As one that was stopped between finding its CPU's ring and looking at it. */
  @Test
  void aWriterThatComesLateMeetsTheSealAndWritesNothing() throws IOException {
    NativeMemories memories = new NativeMemories(LAYOUT, 1, true);
    MemorySegment segment = memories.get(0, LAYOUT.bytes());
    RingMemory memory = new RingMemory(segment, LAYOUT, true);
    memory.format();
    CpuRing ring =
        new CpuRing(0, memory, Clock.MONO, () -> {}, () -> {}, fault -> assertEquals("", fault));
    long at = ring.writer.reserve(100);
    segment.set(PageLayout.INT, Reservation.offset(at), -1);
    ring.writer.commit(at);
    ring.seal();
    assertTrue(ring.isQuiet());

    memories.free();
    assertEquals(Refusal.SEALED, ring.writer.reserve(100));
    assertThrows(IllegalStateException.class, () -> ring.writer.commit(at));
    MemorySegment pages = segment.asSlice(LAYOUT.wordBytes());
    assertEquals(-1, pages.mismatch(MemorySegment.ofArray(new byte[(int) pages.byteSize()])));
  }

  /** As it could be in a file that somebody else writes to. */
  @Test
  void aCurrentWordThatNamesNoPageReachesNoOtherMemory() throws IOException {
    RingMemory memory =
        new RingMemory(new NativeMemories(LAYOUT, 1, true).get(0, LAYOUT.bytes()), LAYOUT, true);
    memory.format();
    CpuRing ring = new CpuRing(0, memory, Clock.MONO, () -> {}, () -> {}, fault -> {});
    int far = 800; // its page word would lie in the pages, and be zero: open
    long current = memory.getCurrentAcquire();
    memory.casCurrent(current, CurrentWord.of(CurrentWord.sequence(current), far));
    assertThrows(IndexOutOfBoundsException.class, () -> ring.writer.reserve(100));
  }
}
