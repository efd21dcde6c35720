package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Mode;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;

/**
 * Writers that stop between reserve and commit, for a while or for ever. To a ring a thread that is
 * never scheduled again looks like an open reservation that nobody commits, so most of this needs
 * one thread only.
 */
abstract class StallPromises extends Promises {
  /** From when on a ring of mode discard may go on without an event. */
  static final long OLD_NANOS = 100_000_000;

  StallPromises(RingConformance kit) {
    super(kit);
  }

  /** In mode overwrite the page with the stalled event is given up, and the others go round. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aStalledWriterCostsOnePageAndNotTheCpu(int before) {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 1);
    ring.write(BIG, before);
    BookedRing.Open stalled = ring.mustReserve(BIG);
    List<Long> ids = ring.write(BIG, 100);
    List<ReadEvent> events = ring.takeAll(0);
    assertTrue(events.size() >= ring.perPage(BIG), () -> "only " + events.size() + " events kept");
    int kept = events.size();
    assertEquals(
        BookedRing.describe(ids.subList(100 - kept, 100)),
        BookedRing.describe(BookedRing.ids(events)),
        "the newest events come out although an older one is still being written");
    ring.assertAccount();
    ring.write(BIG, 100);
    ring.commit(stalled);
    ids = ring.write(BIG, 1);
    List<ReadEvent> rest = ring.assertAllAccountedFor(0);
    assertEquals(ids.getFirst(), rest.getLast().id(), "the newest event");
    assertTrue(
        rest.stream().noneMatch(e -> e.id() == stalled.id()), "the page was given up for good");
    assertEquals(ring.committed(0), ring.read(0) + ring.counters().overrun());
    assertEquals(ring.counters().overrun(), ring.told(0), "told lost");
  }

  /**
   * In mode discard nothing recorded is given up: what comes after the event waits a while. Only
   * the event itself may be lost, if it is old.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void inModeDiscardAStalledWriterLosesNothingThatWasRecorded(int before) {
    BookedRing ring = open(Mode.DISCARD, 4, SMALL_PAGE, 1);
    List<Long> ids = new ArrayList<>(ring.write(BIG, before));
    long begin = System.nanoTime();
    BookedRing.Open stalled = ring.mustReserve(BIG);
    ids.add(stalled.id());
    List<Long> read = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      long id = ring.write(BIG);
      if (id >= 0) {
        ids.add(id);
      } else {
        assertTrue(id == Refusal.DROPPED || id == Refusal.COMMIT_OVERRUN, () -> Refusal.text(id));
      }
      read.addAll(BookedRing.ids(ring.takeAll(0)));
    }
    assertTrue(ids.size() >= 3 * ring.perPage(BIG), () -> "only " + ids.size() + " recorded");
    ring.assertAccount();
    ring.commit(stalled);
    boolean old = System.nanoTime() - begin >= OLD_NANOS;
    read.addAll(BookedRing.ids(ring.takeAll(0)));
    for (int i = 0; i < 10; i++) {
      ids.add(ring.write(BIG));
    }
    read.addAll(BookedRing.ids(ring.assertAllAccountedFor(0)));
    long lost = ring.counters().overrun();
    if (old && lost == 1) {
      ids.remove(stalled.id());
      lost = 0;
    }
    assertEquals(BookedRing.describe(ids), BookedRing.describe(read));
    assertEquals(0, lost, "overrun");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void otherCpusDoNotNotice(Mode mode) {
    BookedRing ring = open(mode, 3, SMALL_PAGE, 2);
    BookedRing.Open stalled = ring.mustReserve(USUAL);
    cpu.set(1);
    for (int i = 0; i < 50; i++) {
      List<Long> ids = ring.write(BIG, 2);
      ring.assertReads(1, ids);
    }
    ring.ring.flush(0);
    ring.ring.flush(1);
    ring.commit(stalled);
    ring.assertAllAccountedFor(0);
    ring.assertAllAccountedFor(1);
  }

  /** Every page of the ring has an event that is being written: only now writers are refused. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aRingFullOfOpenEventsRefusesAndRecovers(Mode mode) {
    BookedRing ring = open(mode, 3, SMALL_PAGE, 1);
    int max = ring.ring.maxEventSize();
    List<BookedRing.Open> open = new ArrayList<>();
    BookedRing.Open next = ring.reserve(max);
    while (next != null) {
      open.add(next);
      assertTrue(open.size() <= 64, "open events without end on a ring of 3 pages");
      next = ring.reserve(max);
    }
    assertTrue(open.size() >= 2, () -> "only " + open.size() + " pages of 3 could be filled");
    for (int i = 0; i < 10; i++) {
      long refusal = ring.write(max);
      assertTrue(
          refusal == Refusal.COMMIT_OVERRUN || mode == Mode.DISCARD && refusal == Refusal.DROPPED,
          () -> "refusal " + refusal);
    }
    ring.assertAccount();
    assertEquals(11, ring.counters().refused(), "refused");
    for (BookedRing.Open done : open.reversed()) {
      ring.commit(done);
    }
    List<Long> ids = new ArrayList<>(open.stream().map(BookedRing.Open::id).toList());
    List<ReadEvent> events = new ArrayList<>(ring.takeAll(0));
    ids.addAll(ring.write(USUAL, 5));
    events.addAll(ring.assertAllAccountedFor(0));
    int lost = ids.size() - events.size(); // in mode overwrite pages may have been given up
    assertEquals(ids.subList(lost, ids.size()), BookedRing.ids(events));
    assertEquals(lost, ring.counters().overrun(), "overrun");
    assertTrue(mode == Mode.OVERWRITE || lost == 0, "mode discard gives nothing up");
  }

  /** Events are left open at random and committed laps later, in any order. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void manyStalledWritersAndTheAccountStillHolds(Mode mode) {
    Random random = random();
    for (int round = 0; round < 20; round++) {
      BookedRing ring = open(mode, 2 + random.nextInt(4), SMALL_PAGE, 1);
      List<BookedRing.Open> open = new ArrayList<>();
      List<ReadEvent> events = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 0; i < 400; i++) {
        BookedRing.Open next = ring.reserve(EventBytes.MIN + random.nextInt(BIG));
        if (next != null) {
          open.add(next);
        }
        while (!open.isEmpty() && (open.size() > 6 || random.nextInt(4) != 0)) {
          BookedRing.Open done = open.remove(random.nextInt(open.size()));
          if (random.nextInt(6) == 0) {
            ring.discard(done);
          } else {
            ring.commit(done);
          }
        }
        if (random.nextInt(8) == 0) {
          ring.take(0, random.nextBoolean(), events);
        }
        if (random.nextInt(30) == 0) {
          ring.ring.flush(0);
        }
      }
      open.forEach(ring::commit);
      events.addAll(ring.takeAll(0));
      ring.write(USUAL, 1);
      events.addAll(ring.assertAllAccountedFor(0));
      for (int i = 1; i < events.size(); i++) {
        int earlier = events.get(i - 1).serial();
        assertTrue(earlier < events.get(i).serial(), "events come out in reserve order, each once");
      }
      if (mode == Mode.DISCARD) {
        boolean old = System.nanoTime() - begin >= OLD_NANOS;
        long lost = old ? ring.counters().overrun() : 0;
        assertEquals(ring.committed(0), events.size() + lost, "in mode discard all but old ones");
      }
      ring.ring.close();
    }
  }

  /** The numbers of a page that was given up come back neither as events nor as its memory. */
  @Test
  void lateBytesHitNobody() {
    BookedRing ring = open(Mode.OVERWRITE, 3, SMALL_PAGE, 1);
    BookedRing.Open stalled = ring.reserveEmpty(BIG);
    ring.write(BIG, 60);
    List<ReadEvent> events = new ArrayList<>();
    ring.take(0, false, events);
    long at = Reservation.offset(stalled.at());
    ring.ring.memory(stalled.at()).asSlice(at, BIG).fill((byte) 0x77);
    events.addAll(ring.takeAll(0));
    EventBytes.put(ring.ring.memory(stalled.at()), at, stalled.id());
    ring.commit(stalled);
    ring.write(BIG, 60);
    events.addAll(ring.assertAllAccountedFor(0));
    assertNotEquals(0, events.size());
  }

  /** A page given up with an open event comes back with the event's end, whichever that is. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLateEndGivesThePageBack(boolean takenBack) {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 1);
    int laps = 10 * ring.perPage(BIG);
    ring.write(BIG, laps);
    int kept = ring.assertAllAccountedFor(0).size();
    for (int round = 0; round < 8; round++) {
      BookedRing.Open stalled = ring.mustReserve(BIG);
      ring.write(BIG, laps);
      if (takenBack) {
        ring.discard(stalled);
      } else {
        ring.commit(stalled);
      }
      ring.write(BIG, laps);
      int now = ring.assertAllAccountedFor(0).size();
      assertTrue(now > kept - ring.perPage(BIG), () -> now + " events kept, at first " + kept);
    }
  }
}
