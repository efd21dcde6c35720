package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.EventReader;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.Readers;

/** Readers that consume: by event, by page. */
abstract class ReaderPromises extends Promises {
  ReaderPromises(RingConformance kit) {
    super(kit);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void eventByEventEachComesOnceAndIsConsumed(Mode mode) throws Exception {
    BookedRing ring = open(mode);
    Readers readers = ring.readers();
    List<Long> ids = ring.write(BIG, 10);
    try (EventReader reader = readers.events(0)) {
      for (int i = 0; i < 10; i++) {
        assertTrue(reader.next(), "event " + i);
        assertEquals(ids.get(i), ReadEvent.of(reader).id());
        assertEquals(i + 1, readers.counters(0).read(), "read, as the reader has returned");
        assertEquals(9 - i, readers.counters(0).unread(), "unread");
      }
      assertFalse(reader.next(), "nothing more now");
      ids = ring.write(USUAL, 2);
      assertEquals(
          ids, BookedRing.ids(ReadEvent.read(reader)), "the same reader goes on with what comes");
    }
    assertEquals(0, ring.counters().unread());
  }

  @Test
  void allCpusAreMergedByTime() throws Exception {
    Random random = random();
    BookedRing ring = open(Mode.OVERWRITE, 8, SMALL_PAGE, 3);
    clock.step(0);
    record Written(long time, int cpu, long id) {}
    List<Written> written = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      clock.advance(random.nextInt(3)); // some are equal
      int on = random.nextInt(3);
      cpu.set(on);
      written.add(new Written(clock.next(), on, ring.write(USUAL)));
    }
    written.sort(Comparator.comparingLong(Written::time).thenComparingInt(Written::cpu));
    try (EventReader reader = ring.readers().events()) {
      for (Written expected : written) {
        assertTrue(reader.next());
        assertEquals(
            expected,
            new Written(reader.time(), reader.cpu(), ReadEvent.of(reader).id()),
            "in time order");
      }
      assertFalse(reader.next());
    }
  }

  @Test
  void someCpusAreReadAndTheOthersLeft() throws Exception {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 3);
    Readers readers = ring.readers();
    for (int on = 0; on < 3; on++) {
      cpu.set(on);
      ring.write(USUAL, 1 + on);
    }
    try (EventReader reader = readers.events(2, 0)) {
      assertEquals(4, ReadEvent.read(reader).size(), "events of CPUs 0 and 2");
    }
    assertEquals(2, readers.counters(1).unread(), "events left on CPU 1");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aLossIsToldWithTheNextEvent(Mode mode) throws Exception {
    BookedRing ring = open(mode, 3, SMALL_PAGE, 1);
    for (int i = 0; i < 100; i++) {
      ring.write(BIG);
    }
    try (EventReader reader = ring.readers().events()) {
      List<ReadEvent> events = ReadEvent.read(reader);
      long lost = mode == Mode.OVERWRITE ? events.getFirst().serial() : 0;
      assertEquals(lost, events.getFirst().missed(), "told with the first event");
      assertEquals(lost, ring.counters().overrun(), "overrun");
      events.removeFirst();
      assertTrue(events.stream().allMatch(e -> e.missed() == 0), "told with a later event");
    }
  }

  @Test
  void pageByPageAllIsConsumed() {
    BookedRing ring = open(Mode.OVERWRITE);
    Readers readers = ring.readers();
    List<Long> ids = ring.write(BIG, 10);
    List<Page> pages = new ArrayList<>();
    try (PageReader reader = readers.pages()) {
      for (Page page = reader.take(0, false); page != null; page = reader.take(0, false)) {
        ring.check(page, new ArrayList<>());
        pages.add(page);
      }
      assertEquals(2, pages.size(), "full pages");
      reader.flush(0);
      pages.add(reader.take(0, false));
      assertNull(reader.take(0, true));
    }
    assertEquals(ids, BookedRing.ids(ReadEvent.of(pages, 0)));
    assertEquals(10, readers.counters(0).read());
  }

  // ---- one consuming reader at a time

  @Test
  void theSecondConsumingReaderIsRefused() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 2);
    Readers readers = ring.readers();
    EventReader first = readers.events(0);
    assertThrows(IllegalStateException.class, () -> readers.events(0));
    assertThrows(IllegalStateException.class, readers::events);
    assertThrows(IllegalStateException.class, readers::pages);
    EventReader other = readers.events(1);
    readers.iterate().close();
    readers.iterate(0).close();
    assertEquals(0, readers.snapshot(0).size());
    first.close();
    first.close();
    assertThrows(IllegalStateException.class, readers::pages, "CPU 1 is still being read");
    other.close();
    PageReader pages = readers.pages();
    assertThrows(IllegalStateException.class, () -> readers.events(1));
    pages.close();
    readers.events().close();
    assertThrows(IllegalStateException.class, first::next, "a closed reader");
    assertThrows(IllegalStateException.class, () -> pages.take(0, true), "a closed reader");
  }

  @Test
  void aReaderOfACpuThatDoesNotExistIsAnError() {
    Readers readers = open(Mode.OVERWRITE, 4, SMALL_PAGE, 2).readers();
    for (int wrong : new int[] {-1, 2}) {
      assertThrows(IllegalArgumentException.class, () -> readers.events(0, wrong));
      assertThrows(IllegalArgumentException.class, () -> readers.iterate(wrong));
      assertThrows(IllegalArgumentException.class, () -> readers.snapshot(wrong));
      assertThrows(IllegalArgumentException.class, () -> readers.counters(wrong));
    }
    readers.events().close();
  }

  @Test
  void whatAReaderLeftOfAPageIsForTheNextOne() throws Exception {
    BookedRing ring = open(Mode.OVERWRITE);
    Readers readers = ring.readers();
    List<Long> ids = ring.write(BIG, 9);
    List<Long> read = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (EventReader reader = readers.events()) {
        read.addAll(BookedRing.ids(ReadEvent.read(reader, 2)));
      }
      assertEquals(ids.subList(0, read.size()), read);
      int seen = read.size();
      List<Long> rest = ids.subList(seen, 9);
      assertEquals(
          rest, BookedRing.ids(ReadEvent.of(readers.snapshot(0), 0)), "a snapshot of the rest");
      try (EventReader live = readers.iterate()) {
        assertEquals(rest, BookedRing.ids(ReadEvent.read(live)), "an iteration over the rest");
      }
      assertEquals(9 - seen, readers.counters(0).unread(), "unread");
    }
    List<Page> pages = new ArrayList<>();
    try (PageReader reader = readers.pages()) {
      for (Page page = reader.take(0, true); page != null; page = reader.take(0, true)) {
        pages.add(page);
      }
    }
    read.addAll(BookedRing.ids(ReadEvent.of(pages, 0)));
    assertEquals(ids, read);
    assertEquals(0, readers.counters(0).unread(), "unread at the end");
  }
}
