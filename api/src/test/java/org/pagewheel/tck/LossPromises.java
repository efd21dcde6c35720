package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.spi.Refusal;

/** A full ring in both modes; what is lost is counted, and told in the pages. */
abstract class LossPromises extends Promises {
  LossPromises(RingConformance kit) {
    super(kit);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }

  /** The kernel's loss test: the first line reads LOST n, and the next event's number is n (+1). */
  @ParameterizedTest
  @ValueSource(ints = {4096, 65536, 1 << 20})
  void overwriteKeepsTheNewestAndTellsHowManyWereLost(int pageSize) {
    BookedRing ring = open(Mode.OVERWRITE, 4, pageSize, 1);
    int length = pageSize / 4 - 24;
    int perPage = ring.perPage(length);
    int count = 10 * perPage + 2;
    ring.write(length, count);
    Counters full = ring.counters();
    List<ReadEvent> events = ring.assertAllAccountedFor(0);
    int first = events.getFirst().serial();
    assertEquals(range(first, count), BookedRing.describe(BookedRing.ids(events)), "the newest");
    assertTrue(events.size() >= 3 * perPage, () -> events.size() + " events were kept");
    assertEquals(first, events.getFirst().missed(), "LOST n EVENTS, and the next number is n");
    assertEquals(first, full.overrun(), "overrun");
    assertEquals(first, ring.told(0), "all pages together told");
    assertTrue(full.pagesLost() > 0, "pages lost");
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536, 1 << 20})
  void discardKeepsTheOldestAndCountsTheRest(int pageSize) {
    BookedRing ring = open(Mode.DISCARD, 4, pageSize, 1);
    int length = pageSize / 4 - 24;
    int perPage = ring.perPage(length);
    int attempts = 10 * perPage;
    int kept = 0;
    for (int i = 0; i < attempts; i++) {
      long id = ring.write(length);
      assertTrue(id >= 0 || id == Refusal.DROPPED, () -> Refusal.text(id));
      kept += id >= 0 ? 1 : 0;
    }
    int pages = (kept + perPage - 1) / perPage;
    assertTrue(pages >= 3 && pages <= 5, () -> pages + " pages were filled of 4");
    ring.assertAccount();
    assertEquals(attempts - kept, ring.counters().dropped(), "dropped");
    List<ReadEvent> events = ring.assertAllAccountedFor(0);
    assertEquals(range(0, kept), BookedRing.describe(BookedRing.ids(events)), "the oldest");
    assertEquals(0, ring.counters().overrun(), "overrun in mode discard");
    assertEquals(0, ring.told(0), "told lost in mode discard");
  }

  @Test
  void discardGoesOnOnceThereIsRoomAgain() {
    BookedRing ring = open(Mode.DISCARD);
    List<Integer> written = new ArrayList<>();
    List<Integer> read = new ArrayList<>();
    for (int round = 0; round < 20; round++) {
      long id = 0;
      while (id >= 0) {
        id = ring.write(BIG);
        if (id >= 0) {
          written.add(EventBytes.serial(id));
        }
      }
      List<ReadEvent> events = new ArrayList<>();
      assertTrue(ring.take(0, false, events), "a page of a full ring");
      read.addAll(BookedRing.describe(BookedRing.ids(events)));
    }
    assertTrue(written.size() >= 4 * 20, () -> "only " + written.size() + " events were recorded");
    read.addAll(BookedRing.describe(BookedRing.ids(ring.assertAllAccountedFor(0))));
    assertEquals(written, read);
  }

  @Test
  void eachLossIsToldOnceAndAllTogetherAreTheOverrun() {
    Random random = random();
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 2);
    List<ReadEvent> events = new ArrayList<>();
    for (int round = 0; round < 400; round++) {
      cpu.set(random.nextInt(2));
      ring.write(EventBytes.MIN + random.nextInt(BIG), random.nextInt(12));
      if (random.nextInt(3) == 0) {
        ring.take(random.nextInt(2), random.nextBoolean(), events);
      }
      if (random.nextInt(20) == 0) {
        ring.ring.flush(random.nextInt(2));
      }
      ring.assertAccount();
    }
    for (int on = 0; on < 2; on++) {
      cpu.set(on);
      ring.write(USUAL, 1);
      events.addAll(ring.assertAllAccountedFor(on));
      assertEquals(ring.ring.counters(on).overrun(), ring.told(on), "told lost on CPU " + on);
      assertTrue(ring.told(on) > 0, "the run lost nothing, so it has shown nothing");
    }
  }

  /** Numbers missing between two events are those told at the second. */
  @Test
  void aLossIsToldExactlyWhereItHappened() {
    Random random = random();
    BookedRing ring = open(Mode.OVERWRITE, 3, SMALL_PAGE, 1);
    List<ReadEvent> events = new ArrayList<>();
    for (int round = 0; round < 300; round++) {
      ring.write(200 + random.nextInt(BIG), random.nextInt(25));
      ring.take(0, random.nextBoolean(), events);
    }
    events.addAll(ring.assertAllAccountedFor(0));
    long next = 0;
    for (ReadEvent event : events) {
      assertEquals(event.serial() - next, event.missed(), "lost before event " + event.serial());
      next = event.serial() + 1;
    }
  }

  @Test
  void whatWasReadOfAnOpenPageIsNoOverrunLater() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 1);
    ring.write(BIG, 2);
    assertEquals(2, ring.takeAll(0).size());
    ring.write(BIG, 20 * 4);
    assertEquals(2, ring.read(0));
    List<ReadEvent> rest = ring.assertAllAccountedFor(0);
    assertEquals(82 - 2 - rest.size(), ring.counters().overrun(), "overrun");
    assertEquals(82 - 2 - rest.size(), rest.getFirst().missed(), "told lost");
  }

  /** A page filled by one event alone may have no room for the number; the flag must be there. */
  @Test
  void aLossBeforeAPageWithoutRoomIsFlagged() {
    BookedRing ring = open(Mode.OVERWRITE, 2, SMALL_PAGE, 1);
    int max = ring.ring.maxEventSize();
    int count = ring.write(max, 9).size();
    List<ReadEvent> events = ring.takeAll(0);
    assertFalse(events.isEmpty());
    assertTrue(events.getFirst().missed() != 0, "the loss before the first page is not told");
    long overrun = ring.counters().overrun();
    assertEquals(count - events.size(), overrun, "overrun");
    assertTrue(
        events.getFirst().missed() == -1 || events.getFirst().missed() == overrun,
        () -> "told " + events.getFirst().missed() + " of " + overrun);
    ring.assertAccount();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void everyRefusalIsCountedByItsCause(Mode mode) {
    BookedRing ring = open(mode, 4, SMALL_PAGE, 2);
    for (int i = 0; i < 5; i++) {
      Answers.assertRefused(Refusal.TOO_LONG, ring.write(SMALL_PAGE), "longer than a page");
    }
    cpu.set(1);
    ring.ring.enable(false);
    for (int i = 0; i < 3; i++) {
      Answers.assertRefused(Refusal.DISABLED, ring.write(USUAL), "off");
    }
    ring.ring.enable(true);
    for (int i = 0; i < 100; i++) {
      ring.write(BIG);
    }
    ring.discard(ring.reserve(8) instanceof BookedRing.Open open ? open : someOpen(ring));
    ring.assertAccount();
    assertEquals(5, ring.ring.counters(0).refused(), "refused on CPU 0");
    long dropped = ring.ring.counters(1).dropped();
    assertEquals(3 + dropped, ring.ring.counters(1).refused(), "refused on CPU 1");
    assertEquals(mode == Mode.DISCARD, dropped > 0, "dropped");
    ring.assertAllAccountedFor(0);
    ring.assertAllAccountedFor(1);
  }

  private static BookedRing.Open someOpen(BookedRing ring) {
    ring.takeAll(1);
    return ring.mustReserve(8);
  }

  @Test
  void bytesAndOldestAreThoseOfTheUnread() {
    BookedRing ring = open(Mode.DISCARD, 4, SMALL_PAGE, 1);
    long first = clock.next();
    ring.write(USUAL, 1);
    assertEquals(28, ring.counters().bytes(), "bytes of an event of 24");
    ring.write(200, 2);
    assertEquals(28 + 2 * 208, ring.counters().bytes(), "bytes of events of 24 and twice 200");
    assertEquals(first, ring.counters().oldest(), "time of the oldest page");
    ring.ring.flush(0);
    long second = clock.next();
    ring.write(USUAL, 1);
    assertEquals(28 + 2 * 208 + 28, ring.counters().bytes(), "bytes on two pages");
    ring.take(0, false, new ArrayList<>());
    assertEquals(28, ring.counters().bytes(), "bytes after the first page was taken");
    assertEquals(second, ring.counters().oldest(), "time of the oldest page then");
    ring.assertAllAccountedFor(0);
  }

  @Test
  void bytesAreThoseLeftOfAPageOfWhichAPartWasRead() {
    BookedRing ring = open(Mode.DISCARD, 4, SMALL_PAGE, 1);
    ring.write(USUAL, 3);
    assertTrue(ring.take(0, true, new ArrayList<>()));
    assertEquals(0, ring.counters().bytes(), "bytes when all was read");
    ring.write(USUAL, 2);
    assertEquals(2 * 28, ring.counters().bytes(), "bytes of two events of 24 after those read");
    ring.assertAllAccountedFor(0);
  }

  @Test
  void aPageGivenUpWithAnOpenEventIsAPageLost() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 1);
    BookedRing.Open stalled = ring.mustReserve(BIG);
    ring.write(BIG, 10 * ring.perPage(BIG));
    ring.commit(stalled);
    ring.ring.flush(0);
    Counters c = ring.counters();
    assertEquals(
        c.pagesWritten(),
        c.pagesRead() + c.pagesLost() + ring.ring.unreadPages(0),
        () -> "pages written = read + lost + unread, in " + c);
    ring.assertAllAccountedFor(0);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void pagesAreCounted(Mode mode) {
    BookedRing ring = open(mode, 4, SMALL_PAGE, 1);
    int perPage = ring.perPage(BIG);
    ring.write(BIG, 3 * perPage + 1);
    assertEquals(3, ring.ring.unreadPages(0), "unread pages, three full and one begun");
    assertEquals(3, ring.counters().pagesWritten(), "pages written");
    List<ReadEvent> events = new ArrayList<>();
    assertTrue(ring.take(0, false, events));
    assertEquals(2, ring.ring.unreadPages(0), "unread pages after one was taken");
    assertEquals(1, ring.counters().pagesRead(), "pages read");
    for (int i = 0; i < 9 * perPage; i++) {
      ring.write(BIG);
    }
    ring.ring.flush(0);
    Counters c = ring.counters();
    assertEquals(
        c.pagesWritten(),
        c.pagesRead() + c.pagesLost() + ring.ring.unreadPages(0),
        () -> "pages written = read + lost + unread, in " + c);
    assertEquals(mode == Mode.OVERWRITE, c.pagesLost() > 0, "pages lost");
    while (ring.take(0, false, events)) {
      // until none is left
    }
    assertEquals(0, ring.ring.unreadPages(0), "unread pages at the end");
    assertEquals(0, ring.counters().unread(), "unread events at the end");
  }
}
