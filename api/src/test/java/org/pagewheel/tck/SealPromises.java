package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;

/** Flush, on and off, seal. */
abstract class SealPromises extends Promises {
  SealPromises(RingConformance kit) {
    super(kit);
  }

  // ---- flush

  @ParameterizedTest
  @EnumSource(Mode.class)
  void flushEndsThePage(Mode mode) {
    BookedRing ring = open(mode);
    List<Long> first = ring.write(USUAL, 3);
    assertNull(ring.take(0, false), "a page that is not full");
    ring.ring.flush(0);
    assertEquals(1, ring.ring.unreadPages(0), "unread pages after the flush");
    List<Long> second = ring.write(USUAL, 2);
    List<ReadEvent> events = new ArrayList<>();
    assertTrue(ring.take(0, false, events), "the flushed page");
    assertEquals(first, BookedRing.ids(events));
    assertNull(ring.take(0, false), "the new page");
    ring.assertReads(0, second);
    ring.assertAccount();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void flushingAgainAndAgainUsesUpNoPages(Mode mode) {
    BookedRing ring = open(mode);
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.addAll(ring.write(USUAL, 2));
      for (int j = 0; j < 20; j++) {
        ring.ring.flush(0);
      }
    }
    ring.assertReads(0, ids);
    ring.assertAccount();
    assertEquals(3, ring.counters().pagesWritten(), "pages written");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void flushingAFullRingLosesNothing(Mode mode) {
    BookedRing ring = open(mode);
    for (int i = 0; i < 50; i++) {
      ring.write(BIG);
    }
    Counters before = ring.counters();
    ring.ring.flush(0);
    ring.ring.flush(0);
    assertEquals(before.unread(), ring.counters().unread(), "unread events");
    ring.assertAllAccountedFor(0);
  }

  @Test
  void aFlushedPageWaitsForItsOpenEvents() {
    BookedRing ring = open(Mode.OVERWRITE);
    BookedRing.Open open = ring.mustReserve(USUAL);
    ring.ring.flush(0);
    assertNull(ring.take(0, false), "a page with an open event");
    List<Long> ids = new ArrayList<>(List.of(open.id()));
    ids.addAll(ring.write(USUAL, 1));
    ring.commit(open);
    ring.assertReads(0, ids);
    ring.assertAccount();
  }

  // ---- on and off

  /** A backend may refuse to, but then it does so whatever it is asked, and changes nothing. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aCpuIsTurnedOffAloneOrThatIsRefused(Mode mode) {
    BookedRing ring = open(mode, 4, SMALL_PAGE, 2);
    List<Long> ids = new ArrayList<>(ring.write(USUAL, 2));
    try {
      ring.ring.enable(0, false);
    } catch (UnsupportedOperationException e) {
      ids.addAll(ring.write(USUAL, 1));
      assertThrows(UnsupportedOperationException.class, () -> ring.ring.enable(1, true));
      ring.assertReads(0, ids);
      return;
    }
    Answers.assertRefused(Refusal.DISABLED, ring.write(USUAL), "CPU 0 is off");
    cpu.set(1);
    List<Long> others = new ArrayList<>(ring.write(USUAL, 2));
    ring.ring.enable(1, false);
    Answers.assertRefused(Refusal.DISABLED, ring.write(USUAL), "CPU 1 is off");
    ring.ring.enable(1, true);
    others.addAll(ring.write(USUAL, 1));
    cpu.set(0);
    Answers.assertRefused(Refusal.DISABLED, ring.write(USUAL), "CPU 0 is still off");
    ring.ring.enable(true);
    ids.addAll(ring.write(USUAL, 1));
    ring.ring.enable(false);
    ring.ring.enable(0, true);
    ids.addAll(ring.write(USUAL, 1));
    cpu.set(1);
    Answers.assertRefused(Refusal.DISABLED, ring.write(USUAL), "all but CPU 0 are off");
    ring.assertReads(0, ids);
    ring.assertReads(1, others);
    ring.assertAccount();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void whileOffEveryReserveIsRefusedAndOpenEventsCanBeCommitted(Mode mode) {
    BookedRing ring = open(mode);
    BookedRing.Open open = ring.mustReserve(USUAL);
    BookedRing.Open back = ring.mustReserve(USUAL);
    ring.ring.enable(false);
    ring.ring.enable(false);
    Answers.assertRefused(Refusal.DISABLED, ring.write(USUAL), "off");
    ring.commit(open);
    ring.discard(back);
    Answers.assertRefused(Refusal.DISABLED, ring.write(USUAL), "still off");
    ring.ring.enable(true);
    List<Long> ids = new ArrayList<>(List.of(open.id()));
    ids.addAll(ring.write(USUAL, 2));
    ring.assertReads(0, ids);
    ring.assertAccount();
    assertEquals(2, ring.counters().disabled(), "disabled");
  }

  @Test
  void anEventIsWrittenOrRefusedAsDisabledWhileTheSwitchIsTurned() throws InterruptedException {
    BookedRing ring = open(config(Mode.OVERWRITE, 4, SMALL_PAGE));
    AtomicLong turns = new AtomicLong();
    Team team = new Team();
    team.start(
        "writer",
        () -> {
          while (turns.get() < 10_000) {
            long at = ring.ring.reserve(USUAL);
            if (at >= 0) {
              ring.ring.discard(at);
            } else {
              Answers.assertRefused(Refusal.DISABLED, at, "perhaps off");
            }
          }
        });
    while (turns.getAndIncrement() < 10_000 && !team.isStopped()) {
      ring.ring.enable(false);
      ring.ring.enable(true);
    }
    team.join();
  }

  // ---- seal

  @ParameterizedTest
  @EnumSource(Mode.class)
  void afterTheSealEveryReserveIsRefusedWithoutBeingCounted(Mode mode) {
    BookedRing ring = open(mode, 4, SMALL_PAGE, 3);
    ring.write(USUAL, 2);
    cpu.set(1);
    ring.write(BIG, 6);
    ring.ring.seal();
    for (int on = 0; on < 3; on++) {
      cpu.set(on);
      for (int length : new int[] {0, USUAL, BIG, ring.ring.maxEventSize()}) {
        Answers.assertRefused(Refusal.SEALED, ring.ring.reserve(length), "sealed, on CPU " + on);
      }
    }
    ring.ring.seal();
    ring.ring.enable(true);
    Answers.assertRefused(Refusal.SEALED, ring.ring.reserve(USUAL), "after seal, seal, enable");
    assertTrue(ring.ring.isQuiet(), "sealed, and nothing is open");
    ring.assertAccount();
    assertEquals(0, ring.ring.counters(0).refused() + ring.ring.counters(2).refused(), "refused");
    assertEquals(2, ring.takeAll(0, false).size(), "the last page comes without a flush");
    assertEquals(6, ring.takeAll(1, false).size(), "the last pages come without a flush");
    assertEquals(0, ring.takeAll(2, false).size());
    for (int on = 0; on < 3; on++) {
      ring.assertAllAccountedFor(on);
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aSealedRingIsQuietWhenItsLastOpenEventIsDone(Mode mode) {
    BookedRing ring = open(mode, 4, SMALL_PAGE, 2);
    BookedRing.Open first = ring.mustReserve(USUAL);
    cpu.set(1);
    BookedRing.Open second = ring.mustReserve(USUAL);
    assertFalse(ring.ring.isQuiet(), "not sealed");
    ring.ring.seal();
    assertFalse(ring.ring.isQuiet(), "two events are open");
    assertNull(ring.take(0, false), "a page with an open event");
    ring.commit(first);
    assertFalse(ring.ring.isQuiet(), "one event is open");
    ring.discard(second);
    assertTrue(ring.ring.isQuiet(), "no event is open any more");
    assertEquals(List.of(first.id()), BookedRing.ids(ring.takeAll(0, false)));
    assertEquals(0, ring.takeAll(1, false).size());
    ring.assertAccount();
  }

  /** Threads reserve as fast as they can while two others seal. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void noReserveSucceedsOnceSealHasReturned(Mode mode) throws InterruptedException {
    for (int round = 0; round < 15; round++) {
      AtomicLong turn = new AtomicLong();
      BookedRing ring =
          open(
              config(mode, 8, SMALL_PAGE)
                  .withClock(
                      2,
                      Clock.of("mono", System::nanoTime),
                      () -> (int) turn.getAndIncrement() & 1));
      AtomicBoolean sealed = new AtomicBoolean();
      AtomicLong committed = new AtomicLong();
      Team team = new Team();
      for (int i = 0; i < 4; i++) {
        team.start("writer", () -> writeUntilSealed(ring.ring, sealed, committed));
      }
      Thread.sleep(round % 4);
      for (int i = 0; i < 2; i++) {
        team.start(
            "sealer",
            () -> {
              ring.ring.seal();
              sealed.set(true);
            });
      }
      team.join();
      assertTrue(ring.ring.isQuiet(), "sealed, and every writer has ended");
      long read = 0;
      long overrun = 0;
      for (int on = 0; on < 2; on++) {
        Counters before = ring.ring.counters(on);
        List<ReadEvent> events = ring.takeAll(on, false);
        assertEquals(before.unread(), events.size(), () -> "unread events, in " + before);
        read += events.size();
        overrun += before.overrun();
      }
      assertEquals(committed.get(), read + overrun, "events committed = read + overrun");
      ring.ring.close();
    }
  }

  static void writeUntilSealed(Ring ring, AtomicBoolean sealed, AtomicLong committed) {
    while (true) {
      boolean late = sealed.get();
      long at = ring.reserve(USUAL);
      if (at == Refusal.SEALED) {
        return;
      }
      if (at >= 0) {
        assertFalse(late, "a reserve succeeded after seal had returned");
        EventBytes.put(ring.memory(at), Reservation.offset(at), EventBytes.id(1, USUAL, 0));
        ring.commit(at);
        committed.incrementAndGet();
      }
    }
  }

  /** What a thread was refused must be in the account that is taken then: it may be the last. */
  @ParameterizedTest
  @EnumSource(RefusedBy.class)
  void theAccountTakenBehindASealHasEveryRefusal(RefusedBy cause) throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      BookedRing ring =
          open(
              config(Mode.DISCARD, 2, SMALL_PAGE)
                  .withClock(1, Clock.of("mono", System::nanoTime), () -> 0));
      int length = cause == RefusedBy.LENGTH ? ring.ring.maxEventSize() + 1 : BIG;
      ring.ring.enable(cause != RefusedBy.SWITCH);
      if (cause == RefusedBy.NO_ROOM) {
        ring.write(BIG, 8);
      }
      AtomicLong refused = new AtomicLong();
      Team team = new Team();
      for (int i = 0; i < 2; i++) {
        team.start("writer", () -> refused.addAndGet(refusals(ring.ring, length)));
      }
      while (ring.counters().refused() < 10 * round && !team.isStopped()) {
        Thread.yield();
      }
      ring.ring.seal();
      Counters last = ring.counters();
      team.join();
      assertEquals(refused.get(), last.refused(), () -> "refused, " + cause);
      assertEquals(last.refused(), ring.counters().refused(), "refused, when all have ended");
      ring.ring.close();
      assertEquals(last.refused(), ring.counters().refused(), "refused, of a closed ring");
    }
  }

  enum RefusedBy {
    SWITCH,
    LENGTH,
    NO_ROOM
  }

  private static long refusals(Ring ring, int length) {
    long refused = 0;
    for (long at = ring.reserve(length); at != Refusal.SEALED; at = ring.reserve(length)) {
      assertTrue(at < 0, "a reserve that was to be refused succeeded");
      refused++;
    }
    return refused;
  }

  @Test
  void sealDoesNotWaitForAnEventThatIsBeingWritten() throws InterruptedException {
    BookedRing ring = open(Mode.OVERWRITE);
    BookedRing.Open open = ring.mustReserve(USUAL);
    Team team = new Team();
    team.start("sealer", ring.ring::seal);
    team.join();
    ring.commit(open);
    assertTrue(ring.ring.isQuiet());
    assertEquals(1, ring.assertAllAccountedFor(0).size());
  }

  // ---- locks

  /**
   * One writer stands inside reserve, so that whoever takes a lock there waits: a writer, the
   * sealer, a writer. Whether the lock lets in the first or the last of them, a writer comes after
   * the seal; then it must see it, or its event lies on a page that nobody ever takes.
   */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void whoWaitedForTheSealSeesIt(Mode mode) throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    BookedRing ring = open(config(mode, 8, SMALL_PAGE).withClock(1, clock, () -> 0));
    Thread writer = Thread.ofPlatform().daemon().unstarted(() -> writeOne(ring.ring));
    clock.onReading(
        () -> {
          if (Thread.currentThread() == writer) {
            inside.countDown();
            await(goOn);
          }
        });
    writer.start();
    await(inside);
    List<Thread> threads = new ArrayList<>(List.of(writer));
    List<Runnable> waiting =
        List.of(() -> writeOne(ring.ring), ring.ring::seal, () -> writeOne(ring.ring));
    for (Runnable work : waiting) {
      Thread thread = Thread.ofPlatform().daemon().start(work);
      threads.add(thread);
      waitUntilItWaits(thread);
    }
    goOn.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertTrue(ring.ring.isQuiet(), "sealed, and every writer has ended");
    long unread = ring.counters().unread();
    assertEquals(unread, events(ring), "events on pages that come without a flush, and unread");
  }

  /**
   * For a lock, or is done; not for ever, for it may spin. A right ring depends on none of this.
   */
  private static void waitUntilItWaits(Thread thread) {
    long begin = System.nanoTime();
    while ((thread.getState() == Thread.State.NEW || thread.getState() == Thread.State.RUNNABLE)
        && System.nanoTime() - begin < 50_000_000) {
      Thread.onSpinWait();
    }
  }

  private static int events(BookedRing ring) {
    List<ReadEvent> events = new ArrayList<>();
    PageCheck check = new PageCheck(0, SMALL_PAGE);
    for (Page page = ring.take(0, false); page != null; page = ring.take(0, false)) {
      check.accept(page, events::add);
      page.release();
    }
    return events.size();
  }

  private static void writeOne(Ring ring) {
    long at = ring.reserve(USUAL);
    if (at >= 0) {
      EventBytes.put(ring.memory(at), Reservation.offset(at), EventBytes.id(1, USUAL, 0));
      ring.commit(at);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
