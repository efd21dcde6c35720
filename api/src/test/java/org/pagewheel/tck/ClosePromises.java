package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Closing, and what stays usable then. */
abstract class ClosePromises extends Promises {
  ClosePromises(RingConformance kit) {
    super(kit);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void afterCloseNothingIsWrittenOrReadAndNothingBreaks(Mode mode) {
    BookedRing ring = open(mode);
    ring.write(BIG, 9);
    ring.ring.close();
    ring.ring.close();
    Answers.assertRefused(Refusal.SEALED, ring.ring.reserve(USUAL), "closed");
    ring.ring.seal();
    ring.ring.enable(true);
    ring.ring.flush(0);
    Answers.assertRefused(Refusal.SEALED, ring.ring.reserve(USUAL), "after close, seal, enable");
    assertTrue(ring.ring.isQuiet(), "closed, and nothing is open");
    assertNull(ring.take(0, true), "a page of a closed ring");
    assertNull(ring.take(0, false), "a page of a closed ring");
    MemorySegment into = MemorySegment.ofArray(new long[SMALL_PAGE / 8]);
    assertNull(ring.ring.copy(0, 0, into), "a copy from a closed ring");
    assertEquals(9, ring.counters().written(), "the account outlives the ring: written");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void pagesThatAreHeldStayAsTheyAreAfterClose(Mode mode) {
    BookedRing ring = open(mode);
    List<Long> ids = ring.write(BIG, 9);
    Page page = ring.take(0, false);
    assertNotNull(page);
    ring.ring.close();
    List<ReadEvent> events = new ArrayList<>();
    ring.check(page, events);
    assertEquals(ids.subList(0, events.size()), BookedRing.ids(events));
    assertEquals(ring.perPage(BIG), events.size());
    page.release();
    ring.ring.close();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void openEventsCanBeWrittenAndCommittedAfterClose(Mode mode) {
    BookedRing ring = open(mode);
    BookedRing.Open first = ring.reserveEmpty(USUAL);
    BookedRing.Open second = ring.reserveEmpty(BIG);
    ring.ring.close();
    for (BookedRing.Open open : List.of(second, first)) {
      assertFalse(ring.ring.isQuiet(), "an event is open");
      EventBytes.put(ring.ring.memory(open.at()), Reservation.offset(open.at()), open.id());
      ring.commit(open);
    }
    assertTrue(ring.ring.isQuiet(), "nothing is open any more");
  }

  @Test
  void closeInTheMiddleOfEverythingBreaksNothing() throws InterruptedException {
    for (int round = 0; round < 10; round++) {
      BookedRing ring =
          open(
              config(Mode.OVERWRITE, 4, SMALL_PAGE)
                  .withClock(1, Clock.of("mono", System::nanoTime), () -> 0));
      AtomicBoolean closed = new AtomicBoolean();
      AtomicLong committed = new AtomicLong();
      Team team = new Team();
      for (int i = 0; i < 3; i++) {
        team.start("writer", () -> SealPromises.writeUntilSealed(ring.ring, closed, committed));
      }
      team.start("taker", () -> takeUntilStopped(ring, team));
      team.start("copier", () -> copyUntilStopped(ring, team));
      team.work(5);
      ring.ring.close();
      closed.set(true);
      team.work(2);
      team.stop();
      team.join();
      assertTrue(ring.ring.isQuiet(), "closed, and every writer has ended");
    }
  }

  private static void takeUntilStopped(BookedRing ring, Team team) {
    PageCheck check = new PageCheck(0, SMALL_PAGE);
    while (!team.isStopped()) {
      Page page = ring.take(0, true);
      if (page != null) {
        check.accept(page, event -> {});
        page.release();
      }
    }
  }

  private static void copyUntilStopped(BookedRing ring, Team team) {
    while (!team.isStopped()) {
      ring.copyAll(0);
    }
  }

  /** Rings of 90 MiB together are opened and closed; one at a time is all the process may hold. */
  @Test
  void closeGivesTheMemoryBack() throws Exception {
    useAndClose(1);
    long before = ResidentMemory.outsideTheHeap();
    useAndClose(RINGS);
    long grown = ResidentMemory.outsideTheHeap() - before;
    long all = (long) RINGS * BIG_PAGES * BIG_PAGE;
    assertTrue(
        grown < all / 2,
        () -> grown + " bytes more are resident after rings of " + all + " bytes were closed");
  }

  private static final int RINGS = 6;
  private static final int BIG_PAGES = 15;
  private static final int BIG_PAGE = 1 << 20;

  /** Each second ring is closed with a page held and an event open, as an application may do. */
  private void useAndClose(int rings) {
    for (int i = 0; i < rings; i++) {
      BufferConfig config =
          config(Mode.OVERWRITE, BIG_PAGES, BIG_PAGE).withClock(1, clock, () -> 0);
      Ring ring = openRing(RingConfig.of(config));
      for (int page = 0; page < BIG_PAGES; page++) {
        long at = ring.reserve(ring.maxEventSize());
        Answers.assertReserved(at, "an event as large as a page");
        long offset = Reservation.offset(at);
        ring.memory(at).asSlice(offset, ring.maxEventSize()).fill((byte) page);
        ring.commit(at);
      }
      Page page = ring.take(0, true);
      assertNotNull(page, "a full page");
      long open = ring.reserve(USUAL);
      Answers.assertReserved(open, "an event while a page is held");
      if (i % 2 == 0) {
        page.release();
        ring.commit(open);
        ring.close();
      } else {
        ring.close();
        ring.commit(open);
        page.release();
      }
    }
  }
}
