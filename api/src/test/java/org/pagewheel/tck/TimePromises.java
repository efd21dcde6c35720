package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;

/** Times: the clock's, never running back, extended where a delta is too large; and recursion. */
abstract class TimePromises extends Promises {
  TimePromises(RingConformance kit) {
    super(kit);
  }

  /** Writes events at given times; returns the times that come out. */
  private List<Long> timesOf(BookedRing ring, long... clockTimes) {
    clock.step(0);
    for (long time : clockTimes) {
      clock.set(time);
      ring.write(USUAL, 1);
    }
    return ring.takeAll(0).stream().map(ReadEvent::time).toList();
  }

  @Test
  void anEventHasTheTimeOfItsReserve() {
    BookedRing ring = open(Mode.OVERWRITE);
    long first = clock.next();
    BookedRing.Open open = ring.mustReserve(USUAL);
    long second = clock.next();
    BookedRing.Open nested = ring.mustReserve(USUAL);
    clock.advance(50_000);
    ring.commit(nested);
    clock.advance(50_000);
    ring.commit(open);
    List<ReadEvent> events = ring.takeAll(0);
    assertEquals(List.of(first, second), events.stream().map(ReadEvent::time).toList());
  }

  @Test
  void theClockIsReadOnceForEachEvent() {
    BookedRing ring = open(Mode.OVERWRITE);
    ring.write(USUAL, 1);
    long before = clock.readings();
    ring.write(USUAL, 100);
    assertEquals(100, clock.readings() - before, "readings of the clock for 100 events of a page");
  }

  @Test
  void aClockThatStandsStillGivesEqualTimes() {
    BookedRing ring = open(Mode.OVERWRITE);
    assertEquals(List.of(5_000L, 5_000L, 5_000L, 5_001L), timesOf(ring, 5000, 5000, 5000, 5001));
  }

  @Test
  void aClockThatRunsBackGivesTheTimeOfTheEventBefore() {
    BookedRing ring = open(Mode.OVERWRITE);
    assertEquals(
        List.of(5_000L, 6_000L, 6_000L, 6_000L, 6_500L, 6_500L),
        timesOf(ring, 5000, 6000, 100, 5999, 6500, -7));
  }

  @ParameterizedTest
  @ValueSource(strings = {"full", "flush", "taken", "discarded"})
  void aClockThatRunsBackIsCaughtOverAPageEndToo(String how) {
    BookedRing ring = open(Mode.OVERWRITE);
    List<ReadEvent> events = new ArrayList<>();
    clock.step(0);
    clock.set(70_000);
    ring.write(BIG, how.equals("full") ? 4 : 3);
    switch (how) {
      case "flush" -> ring.ring.flush(0);
      case "taken" -> events.addAll(ring.takeAll(0));
      case "discarded" -> ring.discard(ring.mustReserve(USUAL));
      default -> {}
    }
    clock.set(60_000);
    ring.write(BIG, 2);
    clock.set(70_001);
    ring.write(BIG, 1);
    events.addAll(ring.takeAll(0));
    long last = how.equals("discarded") ? events.getLast().time() : 70_001;
    assertEquals(last, events.getLast().time());
    for (ReadEvent event : events.subList(0, events.size() - 1)) {
      assertTrue(event.time() >= 70_000 && event.time() <= 70_001, () -> "time " + event.time());
    }
  }

  @Test
  void eachCpuHasTimesOfItsOwn() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 2);
    clock.step(0);
    clock.set(9000);
    ring.write(USUAL, 1);
    cpu.set(1);
    clock.set(100);
    ring.write(USUAL, 1);
    assertEquals(9000, ring.takeAll(0).getFirst().time(), "time on CPU 0");
    assertEquals(100, ring.takeAll(1).getFirst().time(), "time on CPU 1, which has none before it");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, (1 << 27) - 1, 1 << 27, (1 << 27) + 1, 1L << 40, (1L << 58) + 12345})
  void anyPauseKeepsTheTimeExact(long pause) {
    BookedRing ring = open(Mode.OVERWRITE);
    clock.step(0);
    clock.set(1_000);
    ring.write(USUAL, 1);
    clock.advance(pause);
    ring.write(USUAL, 1);
    clock.advance(7);
    ring.write(USUAL, 1);
    ring.ring.flush(0);
    Page page = ring.take(0, false);
    RawPage raw = new RawPage(page.memory());
    long extends_ = raw.entries.stream().filter(e -> e.type() == RecordLayout.TIME_EXTEND).count();
    boolean stamped = raw.entries.stream().anyMatch(e -> e.type() == RecordLayout.TIME_STAMP);
    if (!stamped && raw.events() == 3) {
      assertEquals(pause > RecordLayout.MAX_DELTA ? 1 : 0, extends_, "time extends");
    }
    List<ReadEvent> events = new ArrayList<>();
    ring.check(page, events);
    page.release();
    events.addAll(ring.takeAll(0));
    assertEquals(
        List.of(1_000L, 1_000 + pause, 1_007 + pause),
        events.stream().map(ReadEvent::time).toList());
  }

  @Test
  void randomPausesKeepEveryTimeExact() {
    Random random = random();
    BookedRing ring = open(Mode.OVERWRITE);
    clock.step(0);
    List<Long> expected = new ArrayList<>();
    List<Long> read = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      clock.advance(1 + (random.nextLong() >>> 1 + random.nextInt(62)) % (1L << 45));
      expected.add(clock.next());
      BookedRing.Open open = ring.mustReserve(EventBytes.MIN + random.nextInt(300));
      if (random.nextInt(5) == 0) {
        ring.discard(open);
        expected.removeLast();
      } else {
        ring.commit(open);
      }
      if (i % 7 == 0) {
        ring.takeAll(0).forEach(event -> read.add(event.time()));
      }
    }
    ring.takeAll(0).forEach(event -> read.add(event.time()));
    assertEquals(expected, read, "times, with events taken back in between");
  }

  @Test
  void takingBackMovesNoTime() {
    for (int which = 0; which < 5; which++) {
      BookedRing ring = open(Mode.OVERWRITE);
      List<Long> expected = new ArrayList<>();
      List<BookedRing.Open> open = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        expected.add(clock.next());
        open.add(ring.mustReserve(8 + 40 * i));
      }
      for (int i = 4; i >= 0; i--) {
        if (i == which) {
          ring.discard(open.get(i));
          expected.remove(i);
        } else {
          ring.commit(open.get(i));
        }
      }
      List<Long> times = ring.takeAll(0).stream().map(ReadEvent::time).toList();
      assertEquals(expected, times, "times when event " + which + " of 5 was taken back");
      ring.ring.close();
    }
  }

  /** Each of them comes so late that it needs a time extend, which no page begins with. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void eventsTakenBackNowAndThenUseUpNoPages(Mode mode) {
    BookedRing ring = open(mode);
    List<Long> ids = ring.write(BIG, 4);
    for (int i = 0; i < 100; i++) {
      clock.advance(1_000_000_000);
      ring.discard(ring.mustReserve(USUAL));
    }
    assertEquals(0, ring.counters().overrun(), () -> "overrun, in " + ring.counters());
    ids.addAll(ring.write(USUAL, 1));
    ring.assertReads(0, ids);
    ring.assertAccount();
  }

  /** A time extend is never split from its event, and the first event of a page has none. */
  @Test
  void aTimeExtendStaysWithItsEventAtThePageEnd() {
    int room = PageLayout.capacity(SMALL_PAGE) - PageLayout.MISSED_ROOM;
    for (int rest = 20; rest <= 60; rest += 4) {
      BookedRing ring = open(Mode.OVERWRITE);
      clock.step(10);
      ring.write(room - rest - 8, 1);
      clock.advance(1L << 30);
      long expected = clock.next();
      ring.write(USUAL, 1);
      List<ReadEvent> events = ring.takeAll(0);
      assertEquals(2, events.size());
      assertEquals(expected, events.get(1).time(), "with " + rest + " bytes left");
      ring.ring.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        -100_000,
        0,
        1L << 32,
        (1L << 59) - 50_000,
        (1L << 60) + 3,
        Long.MAX_VALUE - 10_000_000
      })
  void theFullTimeComesOut(long start) {
    BookedRing ring = open(Mode.OVERWRITE);
    clock.set(start);
    List<Long> expected = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      expected.add(clock.next());
      ring.write(USUAL, 1);
    }
    assertEquals(expected, ring.takeAll(0).stream().map(ReadEvent::time).toList());
  }

  // ---- a clock or CPU number that writes events itself

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aClockThatWritesToItsOwnRingIsRefusedAndCounted(Mode mode) {
    BookedRing ring = open(mode);
    List<Long> answers = new ArrayList<>();
    clock.onReading(() -> tryToWrite(ring, answers));
    List<Long> ids = ring.write(USUAL, 20);
    clock.onReading(() -> {});
    Answers.assertAllRefused(Refusal.RECURSION, answers, "within it");
    assertEquals(answers.size(), ring.counters().recursion(), "recursion, counted");
    ids.addAll(ring.write(USUAL, 1));
    ring.assertReads(0, ids);
    ring.assertAccount();
  }

  @Test
  void aCpuNumberThatWritesToItsOwnRingIsRefusedAndCounted() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 2);
    List<Long> answers = new ArrayList<>();
    cpu.onAsking(() -> tryToWrite(ring, answers));
    List<Long> ids = ring.write(USUAL, 20);
    cpu.onAsking(() -> {});
    Answers.assertAllRefused(Refusal.RECURSION, answers, "within it");
    long counted = ring.ring.counters(0).recursion() + ring.ring.counters(1).recursion();
    assertEquals(answers.size(), counted, "recursion, counted on some CPU");
    ring.assertReads(0, ids);
    ring.assertAccount();
  }

  private final AtomicInteger depth = new AtomicInteger();

  /** Gives up at some depth, so that a ring without a guard fails by its answer. */
  private void tryToWrite(BookedRing ring, List<Long> answers) {
    if (depth.incrementAndGet() <= 3) {
      long at = ring.ring.reserve(USUAL);
      answers.add(Math.min(at, 0));
      if (at >= 0) {
        EventBytes.put(ring.ring.memory(at), Reservation.offset(at), EventBytes.id(1, USUAL, 0));
        ring.ring.commit(at);
      }
    }
    depth.decrementAndGet();
  }

  @Test
  void aClockMayWriteToAnotherRing() {
    BookedRing other = open(Mode.OVERWRITE);
    ManualClock writing = new ManualClock();
    BufferConfig config = config(Mode.OVERWRITE, 4, SMALL_PAGE).withClock(1, writing, cpu);
    BookedRing ring = open(config);
    writing.onReading(() -> other.write(USUAL, 1));
    List<Long> ids = ring.write(USUAL, 10);
    ring.assertReads(0, ids);
    assertTrue(other.takeAll(0).size() >= 10, "events that the clock wrote to the other ring");
    other.assertAccount();
    assertEquals(0, ring.counters().recursion() + other.counters().recursion(), "recursion");
  }

  @Test
  void theClockMonoIsTakenAsItIs() {
    BufferConfig config = config(Mode.OVERWRITE, 4, SMALL_PAGE).withClock(1, Clock.MONO, cpu);
    BookedRing ring = open(config);
    long before = System.nanoTime();
    ring.write(USUAL, 1);
    long after = System.nanoTime();
    long time = ring.takeAll(0).getFirst().time();
    assertTrue(before <= time && time <= after, () -> before + " <= " + time + " <= " + after);
  }

  /**
   * Of the ring's own clock it may be taken; of any other it is not, and never does time run back.
   */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aTimeThatTheCallerHasReadIsTheEventsOrIsReadAgain(Mode mode) {
    BufferConfig config = config(mode, 4, SMALL_PAGE).withClock(1, Clock.MONO, cpu);
    BookedRing ring = open(config);
    List<long[]> bounds = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long before = System.nanoTime();
      if (i % 3 == 0) {
        writeAt(ring, Clock.MONO, before);
      } else if (i % 3 == 1) {
        writeAt(ring, Clock.MONO, before - 1_000_000_000); // before that of the event before
      } else {
        writeAt(ring, i % 2 == 0 ? clock : null, before + 1_000_000_000_000L);
      }
      long latest = bounds.isEmpty() ? before : bounds.getLast()[0];
      bounds.add(new long[] {i % 3 == 1 ? latest : before, System.nanoTime()});
      if (i % 10 == 9) {
        List<ReadEvent> events = ring.takeAll(0);
        assertEquals(bounds.size(), events.size());
        for (int j = 0; j < bounds.size(); j++) {
          long time = events.get(j).time();
          long[] bound = bounds.get(j);
          assertTrue(
              bound[0] <= time && time <= bound[1],
              () -> "%d <= %d <= %d".formatted(bound[0], time, bound[1]));
        }
        bounds.clear();
      }
    }
    assertEquals(300, ring.counters().written());
  }

  @Test
  void aTimeOfAnotherClockIsNotTaken() {
    BookedRing ring = open(Mode.OVERWRITE);
    long expected = clock.next();
    writeAt(ring, Clock.MONO, System.nanoTime());
    assertEquals(expected, ring.takeAll(0).getFirst().time());
  }

  private static void writeAt(BookedRing ring, Clock read, long time) {
    long at = ring.ring.reserve(USUAL, read, time);
    Answers.assertReserved(at, "an event with a time");
    long id = EventBytes.id(0, USUAL, ring.nextSerial());
    EventBytes.put(ring.ring.memory(at), Reservation.offset(at), id);
    ring.ring.commit(at);
  }

  /** Rare mistakes need many events: each time is the clock's, or the last one if that is later. */
  @Test
  void timesAreExactInAQuarterOfAMillionEvents() {
    Random random = random();
    BookedRing ring = open(Mode.OVERWRITE, 8, SMALL_PAGE, 1);
    clock.step(0);
    long now = ManualClock.START;
    long latest = now;
    long[] expected = new long[1000];
    for (int i = 0; i < 250; i++) {
      for (int j = 0; j < expected.length; j++) {
        clock.set(now);
        Answers.assertReserved(ring.write(EventBytes.MIN), "an event");
        latest = Math.max(latest, now);
        expected[j] = latest;
        now += random.nextInt(4) - 1;
      }
      long[] times = ring.takeAll(0).stream().mapToLong(ReadEvent::time).toArray();
      int different = Arrays.mismatch(expected, times);
      if (different >= 0) {
        int number = i * expected.length + different;
        assertArrayEquals(expected, times, () -> "times, the first wrong one of event " + number);
      }
    }
  }
}
