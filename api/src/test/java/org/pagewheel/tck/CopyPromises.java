package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;

/** Copying pages without consuming them. */
abstract class CopyPromises extends Promises {
  CopyPromises(RingConformance kit) {
    super(kit);
  }

  private static MemorySegment memory(int pageSize) {
    return MemorySegment.ofArray(new long[pageSize / Long.BYTES]);
  }

  /** The kernel's trace_pipe test: reading twice gives the same, consuming empties. */
  @ParameterizedTest
  @ValueSource(ints = {4096, 65536, 1 << 20})
  void copyingTwiceGivesTheSameAndConsumesNothing(int pageSize) {
    BookedRing ring = open(Mode.OVERWRITE, 4, pageSize, 1);
    ring.write(pageSize / 10, 25);
    Counters before = ring.counters();
    List<ReadEvent> first = ring.copyAll(0);
    List<ReadEvent> second = ring.copyAll(0);
    assertEquals(first, second);
    assertEquals(before, ring.counters(), "the counters after copying");
    assertEquals(before.unread(), first.size(), "unread events, all copied");
    assertEquals(BookedRing.ids(first), BookedRing.ids(ring.assertAllAccountedFor(0)));
    assertEquals(List.of(), ring.copyAll(0), "copied after all was consumed");
  }

  @Test
  void theCopyLiesInTheGivenMemory() {
    BookedRing ring = open(Mode.OVERWRITE);
    ring.write(USUAL, 3);
    try (Arena arena = Arena.ofConfined()) {
      for (MemorySegment into : List.of(memory(SMALL_PAGE), arena.allocate(SMALL_PAGE, 8))) {
        into.fill((byte) 0x55);
        Page page = ring.ring.copy(0, 0, into);
        assertNotNull(page);
        assertSame(into, page.memory(), "the memory of the copy");
        List<ReadEvent> events = new ArrayList<>();
        new PageCheck(0, SMALL_PAGE).acceptCopy(page, events::add);
        assertEquals(3, events.size());
        page.release();
      }
    }
    assertEquals(3, ring.assertAllAccountedFor(0).size());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void copyGivesTheOldestPageFromASequenceOn(Mode mode) {
    BookedRing ring = open(mode);
    ring.write(BIG, 3 * ring.perPage(BIG) + 2);
    List<Long> sequences = new ArrayList<>();
    MemorySegment into = memory(SMALL_PAGE);
    for (Page page = ring.ring.copy(0, 0, into); page != null; ) {
      sequences.add(page.sequence());
      page = ring.ring.copy(0, page.sequence() + 1, into);
    }
    assertEquals(4, sequences.size(), () -> "sequences " + sequences);
    for (long sequence : sequences) {
      assertEquals(sequence, ring.ring.copy(0, sequence, into).sequence());
    }
    assertNull(ring.ring.copy(0, sequences.getLast() + 1, into), "behind the newest page");
    assertNull(ring.ring.copy(0, Long.MAX_VALUE, into), "far behind the newest page");
    List<ReadEvent> taken = new ArrayList<>();
    ring.take(0, false, taken);
    assertEquals(sequences.get(0), taken.getFirst().sequence(), "the same page when taken");
    assertEquals(sequences.get(1), ring.ring.copy(0, 0, into).sequence(), "the next one then");
  }

  @Test
  void whatWasConsumedOfTheOpenPageIsLeftOut() {
    BookedRing ring = open(Mode.OVERWRITE);
    ring.write(USUAL, 5);
    assertEquals(5, ring.takeAll(0).size());
    assertEquals(List.of(), ring.copyAll(0), "all of the open page is consumed");
    long time = clock.next();
    List<Long> more = ring.write(USUAL, 2);
    Page page = ring.ring.copy(0, 0, memory(SMALL_PAGE));
    assertEquals(5, page.firstEntry(), "events of the page that were consumed before");
    List<ReadEvent> events = new ArrayList<>();
    new PageCheck(0, SMALL_PAGE).acceptCopy(page, events::add);
    assertEquals(more, BookedRing.ids(events));
    assertEquals(time, events.getFirst().time());
    ring.assertReads(0, more);
  }

  @Test
  void theOpenPageIsCopiedAsFarAsItIsCommitted() {
    BookedRing ring = open(Mode.OVERWRITE);
    List<Long> ids = new ArrayList<>(ring.write(USUAL, 3));
    BookedRing.Open open = ring.mustReserve(USUAL);
    ring.write(USUAL, 2);
    assertEquals(
        ids, BookedRing.ids(ring.copyAll(0)), "up to the first event that is not committed");
    ring.commit(open);
    assertEquals(6, ring.copyAll(0).size());
  }

  @Test
  void theOldestCopyTellsTheLossUntilItIsTaken() {
    BookedRing ring = open(Mode.OVERWRITE, 3, SMALL_PAGE, 1);
    ring.write(BIG, 30);
    long lost = ring.counters().overrun();
    assertTrue(lost > 0);
    for (int i = 0; i < 2; i++) {
      List<ReadEvent> events = ring.copyAll(0);
      assertEquals(lost, events.getFirst().missed(), "told by the oldest copy");
      events.removeFirst();
      assertTrue(events.stream().allMatch(e -> e.missed() == 0), "told by a later copy");
    }
    List<ReadEvent> taken = new ArrayList<>();
    ring.take(0, false, taken);
    assertEquals(lost, taken.getFirst().missed(), "told by the page taken");
    assertEquals(0, ring.copyAll(0).getFirst().missed(), "told by the copy after that");
    ring.assertAllAccountedFor(0);
  }

  /** Copies are taken while a writer laps the ring; each must be whole, and in order. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void copiesAreWholeWhileWritersRunOverThem(Mode mode) throws InterruptedException {
    long seed = random().nextLong();
    BookedRing ring =
        open(config(mode, 3, SMALL_PAGE).withClock(1, Clock.of("mono", System::nanoTime), () -> 0));
    Team team = new Team();
    for (int i = 0; i < 2; i++) {
      int writer = i;
      team.start("writer", () -> writeUntilStopped(ring.ring, team, writer, new Random(seed)));
    }
    AtomicInteger copiers = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      team.start("copier", () -> copyUntilStopped(ring, team, copiers));
    }
    team.start("taker", () -> takeNowAndThen(ring, team));
    team.work(300, () -> copiers.get() == 2);
    team.stop();
    team.join();
    long unread = ring.counters().unread();
    List<ReadEvent> rest = new ArrayList<>();
    PageCheck check = new PageCheck(0, SMALL_PAGE);
    for (Page page = ring.take(0, true); page != null; page = ring.take(0, true)) {
      check.acceptCopy(page, rest::add);
      page.release();
    }
    assertEquals(unread, rest.size(), "unread events, and those taken at the end");
  }

  private static void writeUntilStopped(Ring ring, Team team, int writer, Random random) {
    int serial = 0;
    while (!team.isStopped()) {
      int length = EventBytes.MIN + random.nextInt(500);
      long at = ring.reserve(length);
      if (at >= 0) {
        long id = EventBytes.id(writer, length, serial++);
        EventBytes.put(ring.memory(at), Reservation.offset(at), id);
        ring.commit(at);
      }
    }
  }

  private static void copyUntilStopped(BookedRing ring, Team team, AtomicInteger copiers) {
    boolean copied = false;
    while (!team.isStopped()) {
      int[] next = new int[2];
      for (ReadEvent event : ring.copyAll(0)) {
        int writer = EventBytes.writer(event.id());
        assertTrue(event.serial() >= next[writer], "a copied event comes twice, or too late");
        next[writer] = event.serial() + 1;
        copiers.addAndGet(copied ? 0 : 1);
        copied = true;
      }
    }
    assertTrue(copied, "nothing was copied");
  }

  private static void takeNowAndThen(BookedRing ring, Team team) throws InterruptedException {
    PageCheck check = new PageCheck(0, SMALL_PAGE);
    while (!team.isStopped()) {
      Page page = ring.take(0, true);
      if (page != null) {
        check.accept(page, event -> {});
        page.release();
      }
      Thread.sleep(1);
    }
  }
}
