package org.pagewheel.backend.heap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** What a thread costs that is stopped between reserve and commit: the text in {@link CpuRing}. */
class StalledWriterTest {
  private static final int PAGES = 4;

  /** Payload that leaves room for four events on a page. */
  private static final int QUARTER = 1000;

  private static final int PER_PAGE = 4;

  private final PageCursor cursor = new PageCursor(PageFormat.of(4096));
  private long lastMissed;

  private Ring open(Mode mode) throws IOException {
    BufferConfig config = BufferConfig.of("test", "heap").withMode(mode).withPages(PAGES, 4096);
    long[] clock = {0};
    Ring ring =
        new HeapBackend()
            .open(RingConfig.of(config.withClock(1, Clock.of("mono", () -> clock[0]++), () -> 0)));
    ((HeapRing) ring).patience = Long.MAX_VALUE / 100;
    return ring;
  }

  /** What is reserved by now is old from now on. */
  private static void grow(Ring ring) {
    ((HeapRing) ring).patience = 0;
    MemorySegment into = MemorySegment.ofArray(new long[4096 / Long.BYTES]);
    ring.copy(0, 0, into); // notes what is there
    ring.copy(0, 0, into); // and finds it old
    ((HeapRing) ring).patience = Long.MAX_VALUE / 100;
  }

  private List<Integer> copy(Ring ring) throws DamagedPageException {
    List<Integer> ids = new ArrayList<>();
    MemorySegment into = MemorySegment.ofArray(new long[4096 / Long.BYTES]);
    Page page = ring.copy(0, 0, into);
    while (page != null) {
      cursor.reset(page.memory());
      while (cursor.next()) {
        ids.add(page.memory().get(PageLayout.INT, cursor.payloadOffset()));
      }
      page = ring.copy(0, page.sequence() + 1, into);
    }
    return ids;
  }

  private static List<Integer> with(List<Integer> first, List<Integer> second) {
    List<Integer> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private static long write(Ring ring, int id) {
    long at = ring.reserve(QUARTER);
    if (at >= 0) {
      fill(ring, at, id);
      ring.commit(at);
    }
    return at;
  }

  private static void fill(Ring ring, long at, int id) {
    ring.memory(at).set(PageLayout.INT, Reservation.offset(at), id);
  }

  private static void write(Ring ring, int from, int to) {
    for (int id = from; id < to; id++) {
      assertTrue(write(ring, id) >= 0, "event " + id);
    }
  }

  /** The ids on all pages that can be taken. */
  private List<Integer> read(Ring ring, boolean open) throws DamagedPageException {
    List<Integer> ids = new ArrayList<>();
    lastMissed = 0;
    for (Page page = ring.take(0, open); page != null; page = ring.take(0, open)) {
      cursor.reset(page.memory());
      lastMissed += cursor.missed();
      while (cursor.next()) {
        ids.add(page.memory().get(PageLayout.INT, cursor.payloadOffset()));
      }
      page.release();
    }
    return ids;
  }

  private static List<Integer> range(int from, int to) {
    List<Integer> ids = new ArrayList<>();
    for (int id = from; id < to; id++) {
      ids.add(id);
    }
    return ids;
  }

  private static void checkAccount(Ring ring, long attempts) {
    Counters c = ring.counters(0);
    assertEquals(attempts, c.written() + c.refused(), c.toString());
    assertTrue(c.unread() >= 0, c.toString());
  }

  @Test
  void anUncommittedEventHoldsBackThoseBehindIt() throws Exception {
    try (Ring ring = open(Mode.OVERWRITE)) {
      write(ring, 0, 2);
      long stalled = ring.reserve(QUARTER);
      write(ring, 3, 9);
      assertEquals(range(0, 2), read(ring, true));
      assertEquals(List.of(), read(ring, true));
      fill(ring, stalled, 2);
      ring.commit(stalled);
      assertEquals(range(2, 9), read(ring, true));
      assertEquals(0, lastMissed);
      checkAccount(ring, 9);
    }
  }

  @Test
  void inOverwriteModeItCostsItsPage() throws Exception {
    try (Ring ring = open(Mode.OVERWRITE)) {
      write(ring, 0, 1);
      long stalled = ring.reserve(QUARTER);
      write(ring, 2, 100);
      // 25 pages of events: the stalled one and the last three are left
      assertEquals(range(88, 100), read(ring, true));
      assertEquals(87, lastMissed);
      fill(ring, stalled, 1);
      ring.commit(stalled);
      assertEquals(88, ring.counters(0).overrun());
      assertEquals(100, ring.counters(0).written());
      checkAccount(ring, 100);
      write(ring, 100, 120);
      assertEquals(range(104, 120), read(ring, true));
      assertEquals(1 + 4, lastMissed);
    }
  }

  @Test
  void inOverwriteModeTheReaderStaysInTheRoomThatIsLeft() throws Exception {
    try (Ring ring = open(Mode.OVERWRITE)) {
      long stalled = ring.reserve(QUARTER);
      write(ring, 1, 1 + 4 * PER_PAGE);
      assertEquals(range(8, 17), read(ring, true));
      for (int turn = 1; turn < 20; turn++) {
        write(ring, 100 * turn, 100 * turn + 2 * PER_PAGE);
        assertEquals(range(100 * turn, 100 * turn + 2 * PER_PAGE), read(ring, true));
      }
      long overrun = ring.counters(0).overrun();
      assertEquals(3 + PER_PAGE, overrun, "lost: the stalled event's page and the next one");
      ring.discard(stalled);
      assertEquals(overrun, ring.counters(0).overrun());
      checkAccount(ring, 4 * PER_PAGE + 19 * 2 * PER_PAGE);
    }
  }

  @Test
  void whenEveryPageHasAnOpenReservationTheEventIsRefusedAndNothingGivenUp() throws Exception {
    try (Ring ring = open(Mode.OVERWRITE)) {
      List<Long> stalled = new ArrayList<>();
      for (int page = 0; page < PAGES; page++) {
        stalled.add(ring.reserve(QUARTER));
        write(ring, 4 * page + 1, 4 * page + 4);
      }
      assertEquals(Refusal.COMMIT_OVERRUN, write(ring, 16));
      assertEquals(0, ring.counters(0).overrun());
      for (int page = 0; page < PAGES; page++) {
        fill(ring, stalled.get(page), 4 * page);
        ring.commit(stalled.get(page));
      }
      assertEquals(range(0, 16), read(ring, false));
      assertEquals(1, ring.counters(0).commitOverrun());
      checkAccount(ring, 17);
    }
  }

  @Test
  void inDiscardModeNothingRecordedIsGivenUp() throws Exception {
    try (Ring ring = open(Mode.DISCARD)) {
      write(ring, 0, 1);
      long stalled = ring.reserve(QUARTER);
      write(ring, 2, 16);
      assertEquals(Refusal.COMMIT_OVERRUN, write(ring, 99));
      assertEquals(range(0, 1), read(ring, true));
      assertEquals(Refusal.COMMIT_OVERRUN, write(ring, 99));
      fill(ring, stalled, 1);
      ring.commit(stalled);
      assertEquals(Refusal.DROPPED, write(ring, 99));
      assertEquals(range(1, 16), read(ring, false));
      write(ring, 16, 32);
      assertEquals(range(16, 32), read(ring, true));
      assertEquals(0, ring.counters(0).overrun());
      checkAccount(ring, 35);
    }
  }

  @Test
  void inDiscardModeAnOldEventWithholdsNothing() throws Exception {
    try (Ring ring = open(Mode.DISCARD)) {
      write(ring, 0, 2);
      long dead = ring.reserve(40);
      write(ring, 3, 9);
      assertEquals(range(0, 2), copy(ring), "while it is young");
      assertEquals(range(0, 2), read(ring, true), "while it is young");
      grow(ring);
      assertEquals(range(3, 9), copy(ring));
      assertEquals(range(3, 9), read(ring, true));
      assertEquals(8, ring.counters(0).read());
      assertEquals(0, ring.counters(0).unread());
      write(ring, 9, 9 + 2 * PER_PAGE);
      assertEquals(range(9, 9 + 2 * PER_PAGE), read(ring, true), "the ring goes on");
      ring.commit(dead);
      assertEquals(1, ring.counters(0).overrun());
      write(ring, 20, 21);
      assertEquals(range(20, 21), read(ring, true));
      assertEquals(1, lastMissed);
      checkAccount(ring, 8 + 2 * PER_PAGE + 2);
    }
  }

  @Test
  void inDiscardModeAnOldEventOnTheOpenPageWithholdsNothing() throws Exception {
    try (Ring ring = open(Mode.DISCARD)) {
      write(ring, 0, 1);
      long first = ring.reserve(40);
      write(ring, 1, 2);
      long last = ring.reserve(40);
      grow(ring); // the last event is not older than itself: it is young
      assertEquals(range(0, 2), copy(ring));
      assertEquals(range(0, 1), read(ring, true));
      assertEquals(List.of(), read(ring, true), "its page stays in the ring");
      write(ring, 2, 3);
      grow(ring);
      assertEquals(range(1, 3), with(read(ring, false), read(ring, true)));
      ring.discard(first);
      ring.discard(last);
      assertEquals(0, ring.counters(0).overrun(), "both were taken back");
      write(ring, 3, 3 + PAGES * PER_PAGE);
      assertEquals(range(3, 3 + PAGES * PER_PAGE), read(ring, true), "nothing is left of it");
    }
  }

  @Test
  void inDiscardModeAnEventThatNothingWaitsForIsLeftAlone() throws Exception {
    try (Ring ring = open(Mode.DISCARD)) {
      write(ring, 0, 2);
      long slow = ring.reserve(QUARTER);
      grow(ring);
      assertEquals(range(0, 2), read(ring, true));
      ((HeapRing) ring).patience = 0;
      assertEquals(List.of(), read(ring, true));
      assertEquals(List.of(), read(ring, true));
      fill(ring, slow, 2);
      ring.commit(slow);
      assertEquals(range(2, 3), read(ring, true));
      checkAccount(ring, 3);
    }
  }

  @Test
  void inDiscardModeACommitAfterACopyIsInTheNext() throws Exception {
    try (Ring ring = open(Mode.DISCARD)) {
      write(ring, 0, 1);
      long slow = ring.reserve(40);
      write(ring, 2, 9);
      grow(ring);
      assertEquals(with(range(0, 1), range(2, 9)), copy(ring));
      fill(ring, slow, 1);
      ring.commit(slow);
      assertEquals(range(0, 9), copy(ring));
      assertEquals(range(0, 9), read(ring, true));
      checkAccount(ring, 9);
    }
  }

  @Test
  void aReservationThatOutlivesItsPageIsToldApartFromItsSuccessors() throws Exception {
    try (Ring ring = open(Mode.OVERWRITE)) {
      long first = write(ring, 0);
      for (int id = 0; id < 40 * PER_PAGE; id++) {
        long at = ring.reserve(QUARTER);
        assertThrows(IllegalStateException.class, () -> ring.commit(first));
        ring.commit(at);
      }
      checkAccount(ring, 1 + 40 * PER_PAGE);
    }
  }

  @Test
  void readersHoldNoMorePagesThanThereAreSpares() throws Exception {
    try (Ring ring = open(Mode.OVERWRITE)) {
      List<Page> held = new ArrayList<>();
      for (int page = 0; page < 4; page++) {
        write(ring, 4 * page, 4 * page + 4);
        ring.flush(0);
        held.add(ring.take(0, false));
        assertNotNull(held.getLast());
      }
      write(ring, 16, 20);
      ring.flush(0);
      assertNull(ring.take(0, true));
      held.getFirst().release();
      Page next = ring.take(0, false);
      assertEquals(4, next.sequence());
      next.release();
      held.stream().skip(1).forEach(Page::release);
      checkAccount(ring, 20);
    }
  }

  @Test
  void theViewShowsTheStalledPageAmongThoseOfTheRing() throws Exception {
    try (Ring ring = open(Mode.OVERWRITE)) {
      ring.reserve(QUARTER);
      write(ring, 1, 5);
      RingView view = ring.view(0);
      assertEquals(RingView.State.PENDING, view.pages().get(view.commit()).state());
      assertEquals(RingView.State.OPEN, view.pages().get(view.tail()).state());
      assertEquals(view.commit(), view.head());
      write(ring, 5, 50);
      view = ring.view(0);
      assertEquals(PAGES, view.pages().size());
      assertEquals(
          1,
          view.pages().stream().filter(p -> p.state() == RingView.State.PENDING).count(),
          view.toString());
    }
  }
}
