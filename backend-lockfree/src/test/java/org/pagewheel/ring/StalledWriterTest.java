package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.backend.lockfree.internal.LockFreeBackend;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * What one stalled writer costs, to the event. To the ring, a thread that is never scheduled again
 * is a reservation that nobody commits.
 */
class StalledWriterTest {
  private static final int PAGES = 4;
  private static final int QUARTER = 1000; // four of them fill a page
  private static final int PER_PAGE = 4;

  private static Ring open(Mode mode) throws IOException {
    return new LockFreeBackend()
        .open(
            RingConfig.of(
                BufferConfig.of("stalled", "lockfree")
                    .withMode(mode)
                    .withPages(PAGES, 4096)
                    .withClock(1, Clock.MONO, () -> 0)));
  }

  private static long write(Ring ring) {
    long at = ring.reserve(QUARTER);
    if (at >= 0) {
      ring.commit(at);
    }
    return at;
  }

  /** Of a ring that has had an event: whether what is reserved by now is old, or nothing is. */
  private static void setOld(Ring ring, boolean old) {
    Patience patience = ((PageRing) ring).writer(0).ring.patience;
    if (old) {
      patience.nanos = 0;
      patience.forTake();
      patience.forTake();
    }
    patience.nanos = Long.MAX_VALUE / 100;
  }

  private static int write(Ring ring, int events) {
    int refused = 0;
    for (int i = 0; i < events; i++) {
      refused += write(ring) < 0 ? 1 : 0;
    }
    return refused;
  }

  private static int pagesThatCanBeTaken(Ring ring, boolean open) {
    int pages = 0;
    for (Page page = ring.take(0, open); page != null; page = ring.take(0, open)) {
      page.release();
      pages++;
    }
    return pages;
  }

  @Test
  void inModeOverwriteItCostsOnePageOfTheRingAndWhatWasUnreadOnIt() throws IOException {
    try (Ring ring = open(Mode.OVERWRITE)) {
      write(ring, 1);
      long stalled = ring.reserve(QUARTER);
      int rounds = 10;
      assertEquals(0, write(ring, rounds * PAGES * PER_PAGE), "refused");
      Counters counters = ring.counters(0);
      assertTrue(
          counters.unread() > (PAGES - 2) * PER_PAGE,
          () -> "at most one page less than the ring usually has: " + counters);
      assertEquals(1 + rounds * PAGES * PER_PAGE, counters.written(), "written");
      pagesThatCanBeTaken(ring, true);
      ring.commit(stalled);
      write(ring, 2 * PAGES * PER_PAGE);
      Counters after = ring.counters(0);
      assertTrue(after.unread() > (PAGES - 1) * PER_PAGE, () -> "the page has come back: " + after);
    }
  }

  @Test
  void inModeOverwriteOnlyARingFullOfStalledWritersRefuses() throws IOException {
    try (Ring ring = open(Mode.OVERWRITE)) {
      int stalled = 0;
      while (true) {
        long at = ring.reserve(QUARTER);
        if (at == Refusal.COMMIT_OVERRUN) {
          break;
        }
        stalled++;
        assertEquals(0, stalled > PER_PAGE ? 0 : write(ring, PER_PAGE - 1), "refused");
      }
      assertTrue(stalled >= PAGES, "stalled writers on less than each page");
      assertEquals(1, ring.counters(0).commitOverrun(), "commit overrun");
      assertEquals(Refusal.COMMIT_OVERRUN, write(ring));
    }
  }

  @Test
  void inModeDiscardTheReaderGoesOnWithoutAnEventThatHoldsUpTheRing() throws Exception {
    try (Ring ring = open(Mode.DISCARD)) {
      write(ring, 1);
      setOld(ring, false);
      long stalled = ring.reserve(QUARTER);
      assertEquals(3, write(ring, PAGES * PER_PAGE + 1), "refused");
      assertEquals(1, pagesThatCanBeTaken(ring, true), "what was before the stalled event");
      assertEquals(1, write(ring, 1), "refused");
      setOld(ring, true);
      assertEquals(PAGES, pagesThatCanBeTaken(ring, false), "pages, the one with the event too");
      assertEquals(0, write(ring, PER_PAGE), "refused");
      for (int lap = 0; lap < 10; lap++) {
        assertEquals(0, write(ring, 2 * PER_PAGE), "refused in a later lap");
        assertTrue(pagesThatCanBeTaken(ring, false) > 0, "nothing to read in a later lap");
      }
      pagesThatCanBeTaken(ring, true);
      Counters before = ring.counters(0);
      assertEquals(0, before.overrun(), "nothing that was committed is lost");
      assertEquals(before.written(), before.read());
      ring.commit(stalled);
      assertEquals(before.written() + 1, ring.counters(0).written(), "committed after all");
      assertEquals(1, ring.counters(0).overrun(), "and lost");
      write(ring, 1);
      Page page = ring.take(0, true);
      assertEquals(1, new PageCursor(PageFormat.of(4096)).reset(page.memory()).missed(), "told");
      page.release();
      assertEquals(1, ring.counters(0).overrun(), "lost once");
      ring.seal();
      assertTrue(ring.isQuiet());
    }
  }

  @Test
  void aRingIsNotQuietBeforeAnEventThatWasPassedIsFinished() throws Exception {
    try (Ring ring = open(Mode.DISCARD)) {
      long stalled = ring.reserve(QUARTER);
      setOld(ring, false);
      write(ring, PAGES * PER_PAGE);
      pagesThatCanBeTaken(ring, true);
      write(ring, 1);
      setOld(ring, true);
      assertEquals(PAGES, pagesThatCanBeTaken(ring, false));
      ring.seal();
      assertFalse(ring.isQuiet(), "an event is still being written");
      ring.discard(stalled);
      assertTrue(ring.isQuiet());
      assertEquals(0, ring.counters(0).overrun(), "it was taken back");
    }
  }

  @Test
  void inModeDiscardNothingRecordedIsLostAndTheRestIsRefused() throws IOException {
    try (Ring ring = open(Mode.DISCARD)) {
      write(ring, 1);
      setOld(ring, false);
      long stalled = ring.reserve(QUARTER);
      assertEquals(0, write(ring, PAGES * PER_PAGE - 2), "refused while there is room");
      assertEquals(Refusal.COMMIT_OVERRUN, write(ring));
      assertEquals(1, pagesThatCanBeTaken(ring, true), "what was before the stalled event");
      assertNull(ring.take(0, false), "a page behind it");
      assertEquals(Refusal.COMMIT_OVERRUN, write(ring));
      ring.commit(stalled);
      assertEquals(PAGES, pagesThatCanBeTaken(ring, false), "pages when it has gone on");
      Counters counters = ring.counters(0);
      assertEquals(PAGES * PER_PAGE, counters.written());
      assertEquals(PAGES * PER_PAGE, counters.read());
      assertEquals(0, counters.overrun());
      assertEquals(2, counters.commitOverrun());
      assertEquals(0, write(ring, 1), "refused afterwards");
    }
  }

  /** Whoever steps over many pages does not look at all of the rest for each. */
  @Test
  void manyStalledWritersInARowCostALapALookEach() throws IOException {
    int pages = 1024;
    BufferConfig config =
        BufferConfig.of("stalled", "lockfree")
            .withMode(Mode.OVERWRITE)
            .withPages(pages, 4096)
            .withClock(1, Clock.MONO, () -> 0);
    try (Ring ring = new LockFreeBackend().open(RingConfig.of(config))) {
      for (int i = 0; i < pages / 2; i++) {
        ring.reserve(QUARTER); // never committed
        write(ring, PER_PAGE - 1);
      }
      write(ring, pages / 2 * PER_PAGE);
      long before = ((PageRing) ring).writer(0).ring.mover.looks;
      int laps = 3;
      assertEquals(0, write(ring, laps * pages / 2 * PER_PAGE), "refused");
      long looks = ((PageRing) ring).writer(0).ring.mover.looks - before;
      assertTrue(looks >= pages, looks + " looks: are pages stepped over?");
      assertTrue(looks < 2 * (laps + 1) * pages, looks + " looks at slots in " + laps + " laps");
    }
  }
}
