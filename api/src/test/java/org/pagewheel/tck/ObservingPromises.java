package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.EventReader;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.Readers;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.PageSource;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;

/** Readers that consume nothing: live iterations and snapshots. */
abstract class ObservingPromises extends Promises {
  private static final int LARGE_PAGE = 1 << 20;

  ObservingPromises(RingConformance kit) {
    super(kit);
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
      first = ReadEvent.read(a);
      second = ReadEvent.read(b);
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
        seen.addAll(ReadEvent.read(live));
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
      assertEquals(1, ReadEvent.read(live, 1).size());
      ring.write(BIG, 100);
      int last = 0;
      for (ReadEvent event : ReadEvent.read(live)) {
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
      assertEquals(ring.counters().overrun(), ReadEvent.read(live, 1).getFirst().missed());
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
      int next = ReadEvent.read(live).getLast().serial() + 1;
      ring.write(BIG, 2);
      looks.set(0);
      for (ReadEvent event : ReadEvent.read(live)) {
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
    BookedRing ring =
        open(config(mode, 4, SMALL_PAGE).withClock(1, Clock.of("mono", System::nanoTime), () -> 0));
    Readers readers = ring.readers();
    AtomicLong seen = new AtomicLong();
    Team team = new Team();
    team.start("writer", () -> writeUntilStopped(ring.ring, team));
    for (int i = 0; i < 2; i++) {
      team.start("iteration", () -> iterateUntilStopped(readers, team, seen));
    }
    team.start("consumer", () -> consumeUntilStopped(readers, team));
    team.work(300, () -> seen.get() > 0);
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
          ReadEvent event = ReadEvent.of(live);
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
          ReadEvent event = ReadEvent.of(reader);
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
        assertEquals(ids.subList(0, 1), BookedRing.ids(ReadEvent.read(reader, 1)));
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
              assertEquals(ids.subList(1, 2), BookedRing.ids(ReadEvent.read(reader, 1)));
            });
        try (EventReader live = readers.iterate()) {
          begun.set(true);
          List<ReadEvent> seen = ReadEvent.read(live);
          team.join();
          ids.add(ring.write(USUAL));
          seen.addAll(ReadEvent.read(live));
          int first = seen.size() == 1 ? 2 : 1;
          assertEquals(ids.subList(first, 3), BookedRing.ids(seen), "in round " + round);
        }
        assertEquals(ids.subList(2, 3), BookedRing.ids(ReadEvent.read(reader)));
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
    List<ReadEvent> events = ReadEvent.of(snapshot, 0);
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
    assertEquals(3, ReadEvent.of(readers.snapshot(0), 0).size());
    assertTrue(ring.write(USUAL) >= 0, "recording is on");
    ring.ring.enable(false);
    assertEquals(4, ReadEvent.of(readers.snapshot(0), 0).size());
    assertTrue(ring.write(USUAL) < 0, "recording is off");
    ring.ring.enable(true);
    assertTrue(ring.write(USUAL) >= 0, "recording is on again");
    assertEquals(5, ReadEvent.of(readers.snapshot(0), 0).size());
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
      for (ReadEvent event :
          ReadEvent.of(new OwnedReaders(growing, ring.wakeup).view().snapshot(0), 0)) {
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
        open(
            config(Mode.OVERWRITE, 4, SMALL_PAGE)
                .withClock(1, Clock.of("mono", System::nanoTime), () -> 0));
    Readers readers = ring.readers();
    Team team = new Team();
    team.start("writer", () -> writeUntilStopped(ring.ring, team));
    team.start(
        "snapshots",
        () -> {
          while (!team.isStopped()) {
            long next = 0;
            for (ReadEvent event : ReadEvent.of(readers.snapshot(0), 0)) {
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
