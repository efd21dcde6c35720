package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.spi.Reservation;

/** Reserve, commit, discard: order, nesting, moving between CPUs. */
abstract class WritingPromises extends Promises {
  WritingPromises(RingConformance kit) {
    super(kit);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewRingIsEmpty(boolean prepared) throws IOException {
    BookedRing ring = open(Mode.OVERWRITE, 5, SMALL_PAGE, 3);
    for (int i = 0; prepared && i < 6; i++) {
      ring.ring.prepare(i % 3);
    }
    assertEquals(3, ring.ring.cpus(), "cpus");
    assertEquals(5, ring.ring.pages(), "pages");
    assertEquals(SMALL_PAGE, ring.ring.pageSize(), "page size");
    assertEquals(SMALL_PAGE - 24, ring.ring.maxEventSize(), "max event size");
    for (int i = 0; i < 3; i++) {
      assertNull(ring.take(i, true), "a page of a CPU that never wrote");
      assertNull(ring.take(i, false), "a page of a CPU that never wrote");
      assertNull(ring.ring.copy(i, 0, MemorySegment.ofArray(new long[SMALL_PAGE / 8])), "copy");
      assertEquals(0, ring.ring.unreadPages(i), "unread pages");
      assertEquals(Counters.ZERO, ring.ring.counters(i));
      ring.ring.flush(i);
      assertEquals(i, ring.ring.view(i).cpu(), "the CPU of the view");
      assertEquals(5, ring.ring.view(i).pages().size(), "pages in the view");
      assertNull(ring.take(i, true), "a page of a CPU that was flushed but never wrote");
    }
    assertFalse(ring.ring.isQuiet(), "a ring that is not sealed is not quiet");
    assertEquals(0, ring.wakeups.get(), "wake-ups of an empty ring");
    ring.assertReads(0, ring.write(USUAL, 3));
    ring.ring.prepare(0);
    ring.ring.close();
    for (int i = 0; i < 3; i++) {
      ring.ring.prepare(i); // does nothing, and throws nothing
    }
    assertTrue(ring.ring.isQuiet(), "a closed ring without reservations is quiet");
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536, 1 << 20})
  void whatIsCommittedComesOutWholeAndInOrder(int pageSize) {
    Random random = random();
    BookedRing ring = open(Mode.DISCARD, 4, pageSize, 1);
    List<Long> ids = new ArrayList<>();
    long id = 0;
    while (id >= 0) {
      id = ring.write(EventBytes.MIN + random.nextInt(ring.ring.maxEventSize() / 3));
      if (id >= 0) {
        ids.add(id);
      }
    }
    assertTrue(ids.size() >= 6, () -> "only " + ids.size() + " events fit on four pages");
    ring.assertReads(0, ids);
    ring.assertAccount();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void nothingIsSeenBeforeItsCommit(Mode mode) {
    BookedRing ring = open(mode);
    BookedRing.Open open = ring.mustReserve(USUAL);
    assertNull(ring.take(0, true), "a page with an event that is not committed");
    assertEquals(List.of(), ring.copyAll(0));
    assertEquals(0, ring.counters().written(), "written before the commit");
    ring.commit(open);
    assertEquals(List.of(open.id()), BookedRing.ids(ring.copyAll(0)));
    ring.assertReads(0, List.of(open.id()));
    ring.assertAccount();
  }

  /** All 24 orders of committing four events that are open at once. */
  @Test
  void nestedEventsComeOutInReserveOrderWhateverTheOrderOfCommits() {
    for (int code = 0; code < 24; code++) {
      BookedRing ring = open(Mode.OVERWRITE);
      List<BookedRing.Open> open = new ArrayList<>();
      List<Long> ids = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        open.add(ring.mustReserve(USUAL + 8 * i));
        ids.add(open.getLast().id());
      }
      List<BookedRing.Open> left = new ArrayList<>(open);
      Set<BookedRing.Open> done = Collections.newSetFromMap(new IdentityHashMap<>());
      List<Long> read = new ArrayList<>();
      for (int i = 4, rest = code; i > 0; i--) {
        BookedRing.Open next = left.remove(rest % i);
        rest /= i;
        ring.commit(next);
        done.add(next);
        read.addAll(BookedRing.ids(ring.takeAll(0)));
        int prefix = 0;
        while (prefix < 4 && done.contains(open.get(prefix))) {
          prefix++;
        }
        assertEquals(
            BookedRing.describe(ids.subList(0, prefix)),
            BookedRing.describe(read),
            "an event is seen once those reserved before it are committed, and not earlier");
      }
      ring.assertAccount();
      ring.ring.close();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void eventsBehindAnOpenOneWaitForItEvenOnLaterPages(Mode mode) {
    BookedRing ring = open(mode, 6, SMALL_PAGE, 1);
    List<Long> ids = new ArrayList<>(ring.write(BIG, 2));
    BookedRing.Open open = ring.mustReserve(BIG);
    int before = ids.size();
    ids.add(open.id());
    ids.addAll(ring.write(BIG, 9)); // three pages are full now, a fourth is open
    List<Long> early = BookedRing.ids(ring.copyAll(0));
    assertEquals(ids.subList(0, Math.min(before, early.size())), early, "seen by copying");
    early = BookedRing.ids(ring.takeAll(0));
    assertEquals(ids.subList(0, Math.min(before, early.size())), early, "seen by taking");
    ring.commit(open);
    List<Long> late = ids.subList(early.size(), ids.size());
    assertEquals(late, BookedRing.ids(ring.copyAll(0)), "copied when all is committed");
    ring.assertReads(0, late);
    ring.assertAccount();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void anEventTakenBackIsNeverSeen(int which) {
    BookedRing ring = open(Mode.OVERWRITE);
    List<Long> kept = new ArrayList<>();
    List<BookedRing.Open> open = new ArrayList<>();
    int[] lengths = {8, USUAL, 112, 113, 16, 200, 9, BIG};
    for (int length : lengths) {
      open.add(ring.mustReserve(length));
    }
    for (int i = open.size() - 1; i >= 0; i--) {
      if (i == which) {
        ring.discard(open.get(i));
      } else {
        ring.commit(open.get(i));
        kept.addFirst(open.get(i).id());
      }
    }
    kept.addAll(ring.write(USUAL, 2));
    assertEquals(kept, BookedRing.ids(ring.copyAll(0)), "copied");
    ring.assertReads(0, kept);
    ring.assertAccount();
    assertEquals(1, ring.counters().discarded(), "discarded");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aRingOfEventsTakenBackIsEmpty(Mode mode) {
    BookedRing ring = open(mode);
    int serial = ring.nextSerial();
    for (int i = 0; i < 100; i++) {
      BookedRing.Open open = ring.reserve(BIG);
      if (open != null) {
        ring.discard(open);
      }
    }
    assertEquals(
        serial, serial + ring.takeAll(0).size(), "events read of which none was committed");
    for (int i = 0; i < 8; i++) {
      Object page = ring.take(0, true);
      if (page == null) {
        i = 8;
      }
      assertTrue(i != 7, "a ring without events gives pages without end");
    }
    ring.assertAccount();
    assertEquals(0, ring.counters().written() + ring.counters().overrun(), "written, overrun");
    ring.write(USUAL, 1);
    assertEquals(1, ring.assertAllAccountedFor(0).size());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void manyEventsTakenBackAmongOthers(Mode mode) {
    Random random = random();
    BookedRing ring = open(mode, 4, SMALL_PAGE, 1);
    List<Long> kept = new ArrayList<>();
    List<Long> read = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      BookedRing.Open open = ring.mustReserve(EventBytes.MIN + random.nextInt(300));
      if (random.nextInt(3) == 0) {
        ring.discard(open);
      } else {
        ring.commit(open);
        kept.add(open.id());
      }
      if (random.nextInt(10) == 0 || i % 25 == 0) { // so often that the ring is never full
        read.addAll(BookedRing.ids(ring.takeAll(0, i % 25 == 0 || random.nextBoolean())));
      }
    }
    read.addAll(BookedRing.ids(ring.assertAllAccountedFor(0)));
    assertEquals(BookedRing.describe(kept), BookedRing.describe(read));
  }

  @Test
  void anEventStaysOnItsCpuWhereverItIsCommitted() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 3);
    BookedRing.Open first = ring.mustReserve(USUAL);
    cpu.set(1);
    BookedRing.Open second = ring.mustReserve(USUAL);
    cpu.set(2);
    ring.commit(first);
    ring.commit(second);
    ring.assertReads(0, List.of(first.id()));
    ring.assertReads(1, List.of(second.id()));
    ring.assertReads(2, List.of());
    ring.assertAccount();
  }

  @Test
  void aThreadMayCommitWhatAnotherReserved() throws InterruptedException {
    BookedRing ring = open(Mode.OVERWRITE);
    BookedRing.Open open = ring.mustReserve(USUAL);
    BookedRing.Open back = ring.mustReserve(USUAL);
    Thread other = new Thread(() -> ring.commit(open));
    other.start();
    other.join();
    Thread third = new Thread(() -> ring.discard(back));
    third.start();
    third.join();
    ring.assertReads(0, List.of(open.id()));
    ring.assertAccount();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 7, 1_000_003, Integer.MAX_VALUE})
  void aCpuNumberIsTakenModulo(int number) {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 3);
    cpu.set(number);
    List<Long> ids = ring.write(USUAL, 2);
    ring.assertReads(number % 3, ids);
    ring.assertAccount();
  }

  @Test
  void reservedRoomIsNobodyElses() {
    BookedRing ring = open(Mode.OVERWRITE, 8, SMALL_PAGE, 1);
    List<BookedRing.Open> open = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      BookedRing.Open next = ring.reserveEmpty(EventBytes.MIN + 5 * i);
      assertTrue(next != null && Reservation.offset(next.at()) % 4 == 0, "a multiple of 4");
      open.add(next);
    }
    for (BookedRing.Open next : open) {
      EventBytes.put(ring.ring.memory(next.at()), Reservation.offset(next.at()), next.id());
    }
    for (BookedRing.Open next : open.reversed()) {
      ring.commit(next);
    }
    ring.assertReads(0, open.stream().map(BookedRing.Open::id).toList());
  }

  @Test
  void memoryIsAlwaysOneOfTheSameFewSegments() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 1);
    Set<MemorySegment> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < 2000; i++) {
      BookedRing.Open open = ring.mustReserve(BIG);
      seen.add(ring.ring.memory(open.at()));
      ring.commit(open);
      ring.takeAll(0, false);
    }
    assertTrue(seen.size() <= 64, () -> seen.size() + " segments for a ring of 4 pages");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void nothingIsAllocatedForAnEvent(Mode mode) {
    BookedRing ring = open(config(mode, 64, SMALL_PAGE));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    int events = 100_000;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 20 && least >= 4L * events; i++) { // the first ones are not yet compiled
      long before = threads.getThreadAllocatedBytes(self);
      writePlain(ring, events);
      least = Math.min(least, threads.getThreadAllocatedBytes(self) - before);
    }
    // An object takes 16 bytes or more; what comes with a new page is no part of the promise.
    long bytes = least;
    assertTrue(
        bytes < 4L * events, () -> bytes + " bytes were allocated for " + events + " events");
  }

  private static void writePlain(BookedRing ring, int events) {
    for (int i = 0; i < events; i++) {
      long at = ring.ring.reserve(USUAL);
      if (at >= 0) {
        ring.ring.memory(at).set(ValueLayout.JAVA_LONG_UNALIGNED, Reservation.offset(at), i);
        if (i % 16 == 0) {
          ring.ring.discard(at);
        } else {
          ring.ring.commit(at);
        }
      }
    }
  }

  @Test
  void aCpuThatNeverWritesCostsNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    long before = threads.getThreadAllocatedBytes(self);
    BookedRing ring = open(Mode.OVERWRITE, 8, 1 << 20, 64);
    if (kit.spec().allocatesCpusLate()) {
      long allocated = threads.getThreadAllocatedBytes(self) - before;
      assertTrue(
          allocated < 64L << 20,
          () -> allocated + " bytes were allocated for 64 CPUs that never wrote");
    }
    cpu.set(63);
    List<Long> ids = ring.write(USUAL, 3);
    ring.assertReads(63, ids);
  }
}
