package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.ring.RingLayout.Widths;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;

/** The numbers of a ring that come round, or must not, at their edges: they are made short. */
@Timeout(120)
class WidthsTest {
  private static final int PAGES = 3;
  private static final int QUARTER = 1000; // four of them fill a page

  private final List<String> faults = new ArrayList<>();
  private RingLayout layout;
  private RingMemory memory;
  private CpuRing ring;

  private void open(Widths widths) {
    open(new RingLayout(Mode.OVERWRITE, PAGES, 2, 4096, widths));
  }

  private void open(RingLayout planned) {
    layout = planned;
    memory = new RingMemory(MemorySegment.ofArray(new long[(int) layout.bytes() / 8]), layout);
    memory.format();
    ring = new CpuRing(0, memory, Clock.MONO, () -> {}, () -> {}, faults::add);
  }

  /** As if so many pages had been written, and none read. */
  private void openAt(long sequence) {
    open(Widths.USUAL);
    long base = sequence / layout.slots * layout.slots;
    for (int i = 0; i < layout.slots; i++) {
      long slot = layout.slotWord.of(base + i, i, SlotWord.FREE, 0);
      assertTrue(memory.casSlot(i, memory.getSlotAcquire(i), slot));
      memory.emptied(i, base + i + layout.slots);
    }
    long last = base + layout.slots - 1;
    assertTrue(memory.casLoss(memory.getLossAcquire(), LossWord.of(last, 0)));
    long current = CurrentWord.of(last, layout.frames);
    assertTrue(memory.casCurrent(memory.getCurrentAcquire(), current));
  }

  private boolean write() {
    long at = ring.writer.reserve(QUARTER);
    if (at >= 0) {
      ring.writer.commit(at);
    }
    return at >= 0;
  }

  private Counters assertAccount(long written) {
    Counters counters = ring.account().counters();
    assertEquals(written, counters.written(), () -> "written, in " + counters);
    assertEquals(List.of(), faults);
    return counters;
  }

  // ---- the offset in a reservation

  @Test
  void aRingThatReservationsCannotReachIsRefusedWithPagesAndPageSize() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> new RingLayout(Mode.OVERWRITE, 65_532, 2, 1 << 20));
    assertEquals(
        "pages = 65532 of page-size = 1048576 and spares = 2: a CPU's ring has at most 65,536 MiB:"
            + " take fewer or smaller pages",
        refused.getMessage());
    long least = new RingLayout(Mode.OVERWRITE, 65_500, 1, 1 << 20).bytes();
    assertTrue(least <= 1L << Reservation.OFFSET_BITS, "the largest that is not refused");
  }

  @Test
  void theLargestRingIsReachedToItsLastPages() {
    Widths widths = new Widths(17, Long.SIZE, LossWord.COUNT_BITS);
    int refused = 2;
    while (new RingLayout(Mode.OVERWRITE, refused, 2, 4096).bytes() <= 1L << 17) {
      refused++;
    }
    int pages = refused;
    assertThrows(
        IllegalArgumentException.class,
        () -> new RingLayout(Mode.OVERWRITE, pages, 2, 4096, widths));
    open(new RingLayout(Mode.OVERWRITE, pages - 1, 2, 4096, widths));
    long highest = 0;
    for (int i = 0; i < 10 * layout.frames; i++) {
      int most = PageLayout.maxEventSize(layout.pageSize);
      long at = ring.writer.reserve(most);
      long end = Reservation.offset(at) + most;
      memory.segment.asSlice(Reservation.offset(at), most).fill((byte) -1);
      ring.writer.commit(at);
      highest = Math.max(highest, end);
      if (i == 10) { // both spares, which are the last frames, come into the ring
        Page one = ring.reader.take(false);
        ring.reader.take(false).release();
        one.release();
      }
    }
    assertTrue(
        highest > layout.bytes() - layout.pageSize - 16, "end of the highest event: " + highest);
    assertAccount(10L * layout.frames);
  }

  // ---- the sequence in a slot

  @ParameterizedTest
  @ValueSource(ints = {1, 63, 64, 65, 1000})
  void theSequenceInASlotMayComeRoundBetweenTwoReads(int pages) {
    open(new Widths(Reservation.OFFSET_BITS, 6, LossWord.COUNT_BITS));
    long written = 0;
    long next = -1;
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 4 * pages; i++) {
        assertTrue(write());
        written++;
      }
      Page page = ring.reader.take(false);
      assertTrue(page == null || page.sequence() > next, "pages come in order");
      next = page == null ? next : page.sequence();
      long tail = CurrentWord.sequence(memory.getCurrentAcquire()) - layout.slots;
      assertTrue(page == null || page.sequence() > tail - layout.slots, "one that is there");
      assertTrue(page != null || pages < PAGES, "nothing to read");
      if (page != null) {
        page.release();
      }
      assertAccount(written);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 12_345})
  void aReaderThatComesAfterMorePagesThanASlotCanCountGetsTheOldest(long beyond) {
    openAt((1L << 36) + beyond);
    for (int i = 0; i < 20 * 4; i++) {
      assertTrue(write());
    }
    assertAccount(80);
    int events = 0;
    for (Page page = ring.reader.take(false); page != null; page = ring.reader.take(false)) {
      events += (int) (ring.account().counters().read() - events);
      page.release();
    }
    assertTrue(events >= 4 * (PAGES - 1), events + " events read");
    for (int i = 0; i < 20 * 4; i++) {
      assertTrue(write());
    }
    assertAccount(160);
  }

  @Test
  void writersAndAReaderGoOnWhenTheSequenceComesRound() throws InterruptedException {
    open(new Widths(Reservation.OFFSET_BITS, 12, 11));
    AtomicLong written = new AtomicLong();
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      writers.add(Thread.ofPlatform().start(() -> written.addAndGet(writeMany(20_000))));
    }
    long read = 0;
    while (writers.stream().anyMatch(Thread::isAlive)) {
      Page page = ring.reader.take(false);
      if (page != null) {
        read++;
        page.release();
      }
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertTrue(CurrentWord.sequence(memory.getCurrentAcquire()) > 3 << 12, "it came round");
    Counters counters = assertAccount(written.get());
    assertEquals(read, counters.pagesRead());
  }

  private long writeMany(int events) {
    long written = 0;
    for (int i = 0; i < events; i++) {
      written += write() ? 1 : 0;
    }
    return written;
  }

  // ---- the word of losses

  @Test
  void theCountOfLossesComesRoundAndTheTotalDoesNot() {
    open(new Widths(Reservation.OFFSET_BITS, Long.SIZE, 11));
    long written = 0;
    for (int i = 0; i < 100_000; i++) {
      long at = ring.writer.reserve(i % 7 == 0 ? 500 : 4);
      ring.writer.commit(at);
      written++;
      if (i % 97 == 0) {
        assertAccount(written);
      }
    }
    Counters counters = assertAccount(written);
    assertTrue(counters.overrun() > 40L << 11, "it came round often");
    assertEquals(0, counters.read());
  }

  @Test
  void theSecondWordOfLossesMayBeOneBehind() {
    LossWord word = new LossWord(11);
    for (long lost = 0; lost < 10_000; lost++) {
      long halves = lost >>> 10;
      long low = word.word(7, lost);
      assertEquals(lost, word.total(halves, low));
      if (halves > 0) {
        assertTrue(word.isBehind(halves - 1, low));
        assertEquals(lost, word.total(halves - 1, low), "its writer has died before");
      }
    }
  }

  /** A thread that stands still while the tag comes round would count what was counted. */
  @Test
  void theTagOfLossesDoesNotComeRoundWhileAThreadStandsStill() {
    LossWord word = new LossWord(LossWord.COUNT_BITS);
    for (int bits = 0; bits < 44; bits++) {
      assertNotEquals(
          word.word(5, 9), word.word(5 + (1L << bits), 9), "after 2^" + bits + " pages");
    }
    assertEquals(word.word(5, 9), word.word(5 + (1L << 44), 9));
    RingLayout largest = new RingLayout(Mode.OVERWRITE, 2, 1, PageLayout.MAX_PAGE_SIZE);
    assertTrue(
        largest.pageSize / 8 < 1 << LossWord.COUNT_BITS - 1, "a page is less than a half of it");
  }

  // ---- the sequence in the current word

  @Test
  void theLastPageThatCanBeCountedEndsTheCpusRingAndNothingElse() {
    openAt(CurrentWord.LAST_SEQUENCE - 10L * PAGES);
    long written = 0;
    while (write()) {
      written++;
    }
    assertEquals(Refusal.DISABLED, ring.writer.reserve(1));
    assertEquals(1, faults.size(), faults::toString);
    assertEquals(written, ring.account().counters().written());
    Page page = ring.reader.take(false);
    assertNotNull(page);
    page.release();
    while (page != null) {
      page = ring.reader.take(true);
    }
    assertNull(ring.reader.take(true));
    assertEquals(0, ring.account().counters().unread());
  }
}
