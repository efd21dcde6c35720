package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Wrong calls get a clear exception or a refusal, and never break anything. */
abstract class MisusePromises extends Promises {
  MisusePromises(RingConformance kit) {
    super(kit);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, -8, Integer.MIN_VALUE})
  void aNegativeLengthIsAnError(int length) {
    BookedRing ring = open(Mode.OVERWRITE);
    ring.write(USUAL, 1);
    Counters before = ring.counters();
    assertThrows(IllegalArgumentException.class, () -> ring.ring.reserve(length));
    assertEquals(before, ring.counters(), "the counters after the error");
    ring.write(USUAL, 1);
    assertEquals(2, ring.assertAllAccountedFor(0).size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void finishingAnEventTwiceIsTold(boolean commitFirst) {
    if (!kit.spec().tellsDoubleCommit()) {
      return;
    }
    BookedRing ring = open(Mode.OVERWRITE);
    ring.write(USUAL, 1);
    BookedRing.Open open = ring.mustReserve(USUAL);
    BookedRing.Open behind = ring.mustReserve(USUAL);
    if (commitFirst) {
      ring.commit(open);
    } else {
      ring.discard(open);
    }
    Counters before = ring.counters();
    assertThrows(IllegalStateException.class, () -> ring.ring.commit(open.at()), "commit again");
    assertThrows(IllegalStateException.class, () -> ring.ring.discard(open.at()), "discard again");
    assertEquals(before, ring.counters(), "the counters after the errors");
    ring.commit(behind);
    assertEquals(commitFirst ? 3 : 2, ring.assertAllAccountedFor(0).size());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 2, 1000, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void aCpuThatDoesNotExistIsAnError(int wrong) {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 2);
    List<Long> ids = ring.write(USUAL, 3);
    MemorySegment into = MemorySegment.ofArray(new long[SMALL_PAGE / 8]);
    List<Executable> calls =
        List.of(
            () -> ring.ring.take(wrong, true),
            () -> ring.ring.copy(wrong, 0, into),
            () -> ring.ring.flush(wrong),
            () -> ring.ring.unreadPages(wrong),
            () -> ring.ring.counters(wrong),
            () -> ring.ring.view(wrong));
    for (int i = 0; i < calls.size(); i++) {
      RuntimeException error =
          assertThrows(RuntimeException.class, calls.get(i), "call " + i + " with CPU " + wrong);
      assertTrue(
          error instanceof IndexOutOfBoundsException || error instanceof IllegalArgumentException,
          () -> "neither out of bounds nor illegal argument: " + error);
    }
    ring.assertReads(0, ids);
    ring.assertAccount();
  }

  /** Whoever writes over his room may damage his page; nobody else notices, and no writer fails. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aWriterThatWritesOutsideHisRoomHarmsNoOtherCpu(Mode mode) {
    List<String> faults = new CopyOnWriteArrayList<>();
    BufferConfig config = config(mode, 4, SMALL_PAGE).withClock(2, clock, cpu);
    Ring ring = openRing(new RingConfig(config, () -> {}, faults::add));
    writeBeyond(ring);
    for (int i = 0; i < 200; i++) {
      cpu.set(i % 2);
      long at = ring.reserve(BIG);
      if (at >= 0) {
        long id = EventBytes.id(0, BIG, i);
        EventBytes.put(ring.memory(at), Reservation.offset(at), id);
        ring.commit(at);
      }
      if (i % 20 == 19) {
        assertWhole(ring, 1);
      }
    }
    assertTrue(ring.counters(1).written() > 0, "the other CPU records");
    assertEquals(0, ring.counters(1).unread(), "unread on the other CPU");
    assertTrue(faults.size() <= 1, () -> "faults of one CPU, reported once: " + faults);
    ring.close();
  }

  /** The length words of a long event and of one taken back, written over: every walk ends. */
  @ParameterizedTest
  @ValueSource(ints = {-4, -8, -1, 0, 3, 5, 8, 196, 1 << 20, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void aLengthThatIsWrittenOverHangsNobody(int word) {
    for (Mode mode : Mode.values()) {
      List<String> faults = new CopyOnWriteArrayList<>();
      BufferConfig config = config(mode, 4, SMALL_PAGE).withClock(2, clock, cpu);
      Ring ring = openRing(new RingConfig(config, () -> {}, faults::add));
      cpu.set(0);
      long longer = ring.reserve(200);
      long takenBack = ring.reserve(USUAL);
      long last = ring.reserve(USUAL);
      MemorySegment memory = ring.memory(longer);
      ring.discard(takenBack);
      memory.set(PageLayout.INT, Reservation.offset(longer) - Integer.BYTES, word);
      memory.set(PageLayout.INT, Reservation.offset(takenBack), word);
      ring.commit(longer);
      ring.commit(last);
      MemorySegment into = MemorySegment.ofArray(new long[SMALL_PAGE / Long.BYTES]);
      for (int i = 0; i < 60; i++) {
        cpu.set(i % 2);
        long at = ring.reserve(BIG);
        if (at >= 0) {
          EventBytes.put(ring.memory(at), Reservation.offset(at), EventBytes.id(0, BIG, i));
          ring.commit(at);
        }
        if (i % 20 == 9) {
          ring.copy(0, 0, into);
          Page page = ring.take(0, true);
          if (page != null) {
            page.release();
          }
          assertWhole(ring, 1);
        }
      }
      assertWhole(ring, 1);
      assertEquals(30, ring.counters(1).read(), "events of the other CPU");
      assertTrue(faults.size() <= 1, () -> "faults of one CPU, reported once: " + faults);
      ring.close();
    }
  }

  /** The word before an event is its record's header. */
  private static void writeBeyond(Ring ring) {
    long before = ring.reserve(USUAL);
    ring.commit(before);
    long at = ring.reserve(USUAL);
    long from = Reservation.offset(before) - Integer.BYTES;
    ring.memory(at).asSlice(from, Reservation.offset(at) - from).fill((byte) 0xff);
    ring.commit(at);
  }

  private static void assertWhole(Ring ring, int on) {
    for (Page page = ring.take(on, true); page != null; page = ring.take(on, true)) {
      new PageCheck(on, SMALL_PAGE).acceptCopy(page, event -> {});
      page.release();
    }
  }

  @Test
  void releasingAPageTwiceIsToldAndGivesTheRingNothingTwice() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 1);
    List<Long> ids = ring.write(BIG, 9);
    List<ReadEvent> events = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Page page = ring.take(0, false);
      ring.check(page, events);
      page.release();
      assertThrows(IllegalStateException.class, page::release, "released twice");
      assertThrows(IllegalStateException.class, page::retain, "retained after the release");
    }
    events.addAll(ring.takeAll(0));
    assertEquals(ids, BookedRing.ids(events));
    ring.write(BIG, 40);
    ring.assertAllAccountedFor(0);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aSecondCloseWithAPageHeldIsHarmless(Mode mode) {
    BookedRing ring = open(mode);
    ring.write(BIG, 9);
    Page page = ring.take(0, false);
    ring.ring.close();
    ring.ring.close();
    ring.check(page, new ArrayList<>());
    page.release();
    ring.ring.close();
  }

  @Test
  void theBackendHasAPlainName() {
    assertTrue(kit.backend().name().matches("[a-z0-9-]+"), kit.backend().name());
  }
}
