package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Counters;
import org.pagewheel.EventReader;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.PageSource;
import org.pagewheel.Readers;
import org.pagewheel.Reservation;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.Ring;

/** The readers made from a ring: by event, by page, live, snapshot. */
abstract class ReaderPromises extends Promises {
  private static final int LARGE_PAGE = 1 << 20;

  ReaderPromises(RingConformance kit) {
    super(kit);
  }

  private static ReadEvent event(EventReader reader) {
    long id = EventBytes.check(reader.payload(), 0, (int) reader.payload().byteSize());
    return new ReadEvent(id, reader.time(), reader.cpu(), reader.missed());
  }

  /** At most so many events of a reader. */
  private static List<ReadEvent> read(EventReader reader, int most) throws DamagedPageException {
    List<ReadEvent> events = new ArrayList<>();
    while (events.size() < most && reader.next()) {
      events.add(event(reader));
    }
    return events;
  }

  private static List<ReadEvent> read(EventReader reader) throws DamagedPageException {
    return read(reader, Integer.MAX_VALUE);
  }

  private static List<ReadEvent> events(List<Page> pages, int cpu) {
    List<ReadEvent> events = new ArrayList<>();
    for (Page page : pages) {
      new PageCheck(cpu, SMALL_PAGE).acceptCopy(page, events::add);
      page.release();
    }
    return events;
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
        assertEquals(ids.get(i), event(reader).id());
        assertEquals(i + 1, readers.counters(0).read(), "read, as the reader has returned");
        assertEquals(9 - i, readers.counters(0).unread(), "unread");
      }
      assertFalse(reader.next(), "nothing more now");
      ids = ring.write(USUAL, 2);
      assertEquals(ids, BookedRing.ids(read(reader)), "the same reader goes on with what comes");
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
            new Written(reader.time(), reader.cpu(), event(reader).id()),
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
      assertEquals(4, read(reader).size(), "events of CPUs 0 and 2");
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
      List<ReadEvent> events = read(reader);
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
    assertEquals(ids, BookedRing.ids(events(pages, 0)));
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
        read.addAll(BookedRing.ids(read(reader, 2)));
      }
      assertEquals(ids.subList(0, read.size()), read);
      int seen = read.size();
      List<Long> rest = ids.subList(seen, 9);
      assertEquals(rest, BookedRing.ids(events(readers.snapshot(0), 0)), "a snapshot of the rest");
      try (EventReader live = readers.iterate()) {
        assertEquals(rest, BookedRing.ids(read(live)), "an iteration over the rest");
      }
      assertEquals(9 - seen, readers.counters(0).unread(), "unread");
    }
    List<Page> pages = new ArrayList<>();
    try (PageReader reader = readers.pages()) {
      for (Page page = reader.take(0, true); page != null; page = reader.take(0, true)) {
        pages.add(page);
      }
    }
    read.addAll(BookedRing.ids(events(pages, 0)));
    assertEquals(ids, read);
    assertEquals(0, readers.counters(0).unread(), "unread at the end");
  }

  // ---- live iteration

  @ParameterizedTest
  @EnumSource(Mode.class)
  void iteratingTwiceGivesTheSameAndConsumesNothing(Mode mode) throws Exception {
    BookedRing ring = open(mode);
    Readers readers = ring.readers();
    for (int i = 0; i < 50; i++) {
      ring.write(BIG);
    }
    Counters before = readers.counters(0);
    List<ReadEvent> first;
    List<ReadEvent> second;
    try (EventReader a = readers.iterate();
        EventReader b = readers.iterate(0)) {
      first = read(a);
      second = read(b);
    }
    assertEquals(first, second);
    assertEquals(before.unread(), first.size());
    assertEquals(before, readers.counters(0));
    assertEquals(BookedRing.ids(first), BookedRing.ids(ring.assertAllAccountedFor(0)));
  }

  @Test
  void anIterationGoesOnWithWhatComes() throws Exception {
    Random random = random();
    BookedRing ring = open(Mode.DISCARD, 16, SMALL_PAGE, 1);
    List<Long> ids = new ArrayList<>();
    List<ReadEvent> seen = new ArrayList<>();
    try (EventReader live = ring.readers().iterate()) {
      for (int i = 0; i < 100; i++) {
        ids.addAll(ring.write(EventBytes.MIN + random.nextInt(500), random.nextInt(4)));
        seen.addAll(read(live));
        assertEquals(BookedRing.describe(ids), BookedRing.describe(BookedRing.ids(seen)));
      }
    }
    assertTrue(seen.stream().allMatch(e -> e.missed() == 0), "nothing was missed");
  }

  @Test
  void anIterationThatIsRunOverSaysSo() throws Exception {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 1);
    ring.write(BIG, 6);
    try (EventReader live = ring.readers().iterate()) {
      assertEquals(1, read(live, 1).size());
      ring.write(BIG, 100);
      int last = 0;
      for (ReadEvent event : read(live)) {
        assertTrue(event.serial() > last, "order");
        assertEquals(
            event.serial() > last + 1, event.missed() != 0, "missed before " + event.serial());
        last = event.serial();
      }
      assertEquals(105, last, "the newest event");
    }
    ring.assertAllAccountedFor(0);
  }

  @Test
  void anIterationSaysWhatWasLostBeforeItBegan() throws Exception {
    BookedRing ring = open(Mode.OVERWRITE, 3, SMALL_PAGE, 1);
    ring.write(BIG, 50);
    try (EventReader live = ring.readers().iterate()) {
      assertEquals(ring.counters().overrun(), read(live, 1).getFirst().missed());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void anIterationSaysWhatWasConsumedBetweenItsLooks(int look) throws Exception {
    BookedRing ring = open(Mode.DISCARD);
    ring.write(BIG, ring.perPage(BIG));
    AtomicInteger looks = new AtomicInteger(-100);
    PageSource source =
        behindEachCopy(
            ring,
            () -> {
              if (looks.incrementAndGet() == look) {
                ring.takeAll(0);
                ring.write(BIG);
              }
            });
    try (EventReader live = new OwnedReaders(source, ring.wakeup).view().iterate()) {
      int next = read(live).getLast().serial() + 1;
      ring.write(BIG, 2);
      looks.set(0);
      for (ReadEvent event : read(live)) {
        boolean told = event.missed() != 0;
        assertTrue(told || event.serial() == next, event.serial() + " instead of " + next);
        next = event.serial() + 1;
      }
    }
  }

  /** A ring to which something happens behind each copy. */
  private static PageSource behindEachCopy(BookedRing ring, Runnable happens) {
    return (PageSource)
        Proxy.newProxyInstance(
            PageSource.class.getClassLoader(),
            new Class<?>[] {PageSource.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(ring.ring, arguments);
              if (method.getName().equals("copy")) {
                happens.run();
              }
              return result;
            });
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void iterationsAreInOrderWhileWritersRunOverThem(Mode mode) throws Exception {
    BookedRing ring = open(config(mode, 4, SMALL_PAGE).withClock(1, System::nanoTime, () -> 0));
    Readers readers = ring.readers();
    AtomicLong seen = new AtomicLong();
    Team team = new Team();
    team.start("writer", () -> writeUntilStopped(ring.ring, team));
    for (int i = 0; i < 2; i++) {
      team.start("iteration", () -> iterateUntilStopped(readers, team, seen));
    }
    team.start("consumer", () -> consumeUntilStopped(readers, team));
    team.work(300);
    team.stop();
    team.join();
    assertTrue(seen.get() > 0, "nothing was seen");
  }

  private static void writeUntilStopped(Ring ring, Team team) {
    for (int serial = 0; !team.isStopped(); ) {
      int length = EventBytes.MIN + serial % 300;
      long at = ring.reserve(length);
      if (at >= 0) {
        EventBytes.put(ring.memory(at), Reservation.offset(at), EventBytes.id(0, length, serial));
        ring.commit(at);
        serial++;
      }
    }
  }

  private static void iterateUntilStopped(Readers readers, Team team, AtomicLong seen)
      throws Exception {
    while (!team.isStopped()) {
      try (EventReader live = readers.iterate()) {
        int next = -1;
        long time = Long.MIN_VALUE;
        for (int i = 0; i < 2000 && live.next(); i++) {
          ReadEvent event = event(live);
          if (next >= 0 && event.missed() == 0) {
            assertEquals(next, event.serial(), "nothing is told missed, so the next event");
          }
          assertTrue(event.serial() >= next, "an event comes twice");
          assertTrue(event.time() >= time, "time runs back");
          next = event.serial() + 1;
          time = event.time();
          seen.incrementAndGet();
        }
      }
    }
  }

  private static void consumeUntilStopped(Readers readers, Team team) throws Exception {
    while (!team.isStopped()) {
      try (EventReader reader = readers.events()) {
        int next = -1;
        for (int i = 0; i < 50 && reader.next(); i++) {
          ReadEvent event = event(reader);
          assertTrue(event.serial() >= next, "an event comes twice");
          next = event.serial() + 1;
        }
      }
      Thread.sleep(1);
    }
  }

  /**
   * The consuming reader returns the last event that it has, while an iteration begins with what it
   * has left: it begins with that event or behind it. The page is so large that it takes the
   * iteration longer to copy it than the reader to return an event.
   */
  @Test
  void anIterationThatMeetsTheReadersLastEventSkipsNone() throws Exception {
    Random random = random();
    BookedRing ring = open(Mode.OVERWRITE, 2, LARGE_PAGE, 1);
    Readers readers = ring.readers();
    try (EventReader reader = readers.events()) {
      for (int round = 0; round < 300; round++) {
        List<Long> ids = ring.write(USUAL, 2);
        assertEquals(ids.subList(0, 1), BookedRing.ids(read(reader, 1)));
        AtomicBoolean begun = new AtomicBoolean();
        Team team = new Team();
        long delay = random.nextInt(200_000);
        team.start(
            "reader",
            () -> {
              while (!begun.get()) {
                Thread.onSpinWait();
              }
              for (long begin = System.nanoTime(); System.nanoTime() - begin < delay; ) {
                Thread.onSpinWait();
              }
              assertEquals(ids.subList(1, 2), BookedRing.ids(read(reader, 1)));
            });
        try (EventReader live = readers.iterate()) {
          begun.set(true);
          List<ReadEvent> seen = read(live);
          team.join();
          ids.add(ring.write(USUAL));
          seen.addAll(read(live));
          int first = seen.size() == 1 ? 2 : 1;
          assertEquals(ids.subList(first, 3), BookedRing.ids(seen), "in round " + round);
        }
        assertEquals(ids.subList(2, 3), BookedRing.ids(read(reader)));
      }
    }
  }

  // ---- snapshot

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aSnapshotHoldsAllAndChangesNothing(Mode mode) {
    BookedRing ring = open(mode);
    Readers readers = ring.readers();
    for (int i = 0; i < 50; i++) {
      ring.write(BIG);
    }
    Counters before = readers.counters(0);
    List<Page> snapshot = readers.snapshot(0);
    assertEquals(before, readers.counters(0));
    for (int i = 0; i < 50; i++) {
      ring.write(BIG); // the snapshot is a copy
    }
    List<ReadEvent> events = events(snapshot, 0);
    assertEquals(before.unread(), events.size());
    assertEquals(before.overrun(), events.getFirst().missed(), "lost before the snapshot");
    ring.assertAllAccountedFor(0);
  }

  /** The kernel's snapshot test: recording is on or off after it as it was before. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aSnapshotLeavesOnAndOffAsTheyAre(Mode mode) {
    BookedRing ring = open(mode);
    Readers readers = ring.readers();
    ring.write(USUAL, 3);
    assertEquals(3, events(readers.snapshot(0), 0).size());
    assertTrue(ring.write(USUAL) >= 0, "recording is on");
    ring.ring.enable(false);
    assertEquals(4, events(readers.snapshot(0), 0).size());
    assertTrue(ring.write(USUAL) < 0, "recording is off");
    ring.ring.enable(true);
    assertTrue(ring.write(USUAL) >= 0, "recording is on again");
    assertEquals(5, events(readers.snapshot(0), 0).size());
  }

  /** The writer goes on between any two pages that are copied; what was open is full then. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aSnapshotHasNoGapsThatItDoesNotTell(Mode mode) {
    for (int between = 1; between <= 9; between++) {
      int count = between;
      BookedRing ring = open(mode, 6, SMALL_PAGE, 1);
      ring.write(BIG, 6);
      PageSource growing =
          behindEachCopy(
              ring,
              () -> {
                for (int i = 0; i < count; i++) {
                  ring.write(BIG);
                }
              });
      long next = 0;
      for (ReadEvent event : events(new OwnedReaders(growing, ring.wakeup).view().snapshot(0), 0)) {
        assertEquals(event.serial() - next, event.missed(), "missed before " + event.serial());
        next = event.serial() + 1;
      }
      assertTrue(next >= 6, "the snapshot is not whole");
      ring.ring.close();
    }
  }

  @Test
  void snapshotsWhileAWriterRunsTellWhatTheyMiss() throws Exception {
    BookedRing ring =
        open(config(Mode.OVERWRITE, 4, SMALL_PAGE).withClock(1, System::nanoTime, () -> 0));
    Readers readers = ring.readers();
    Team team = new Team();
    team.start("writer", () -> writeUntilStopped(ring.ring, team));
    team.start(
        "snapshots",
        () -> {
          while (!team.isStopped()) {
            long next = 0;
            for (ReadEvent event : events(readers.snapshot(0), 0)) {
              long gap = event.serial() - next;
              assertTrue(gap >= 0, "an event comes twice");
              if (event.missed() >= 0) {
                assertEquals(gap, event.missed(), "missed before event " + event.serial());
              }
              next = event.serial() + 1;
            }
          }
        });
    team.work(300);
    team.stop();
    team.join();
  }
}
