package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.RingView;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Pages that are taken: which, when, and that they are the taker's alone. */
abstract class PagePromises extends Promises {
  PagePromises(RingConformance kit) {
    super(kit);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void withoutOpenOnlyFullPagesCome(Mode mode) {
    BookedRing ring = open(mode);
    int perPage = ring.perPage(BIG);
    List<Long> ids = ring.write(BIG, perPage);
    ids.addAll(ring.write(BIG, 1));
    List<ReadEvent> events = new ArrayList<>();
    assertTrue(ring.take(0, false, events), "the full page");
    assertEquals(perPage, events.size());
    assertNull(ring.take(0, false), "the page that is being written");
    assertTrue(ring.take(0, true, events), "a copy of the page that is being written");
    assertNull(ring.take(0, true), "nothing new on the page that is being written");
    assertEquals(ids, BookedRing.ids(events));
    ring.assertAccount();
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536, 1 << 20})
  void theOpenPageComesPieceByPiece(int pageSize) {
    Random random = random();
    BookedRing ring = open(Mode.OVERWRITE, 3, pageSize, 1);
    List<Long> ids = new ArrayList<>();
    List<Long> read = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      ids.addAll(ring.write(EventBytes.MIN + random.nextInt(pageSize / 10), random.nextInt(4)));
      List<ReadEvent> events = new ArrayList<>();
      ring.take(0, true, events);
      read.addAll(BookedRing.ids(events));
    }
    read.addAll(BookedRing.ids(ring.assertAllAccountedFor(0)));
    assertEquals(BookedRing.describe(ids), BookedRing.describe(read));
  }

  /** What was read of a page is left out when the rest of it comes, with the right times. */
  @Test
  void theRestOfAPageComesWithoutWhatWasRead() {
    BookedRing ring = open(Mode.OVERWRITE, 3, SMALL_PAGE, 1);
    List<Long> ids = new ArrayList<>(ring.write(USUAL, 5));
    List<ReadEvent> events = new ArrayList<>();
    assertTrue(ring.take(0, true, events));
    assertEquals(5, events.size());
    long time = clock.next();
    ids.addAll(ring.write(USUAL, 2));
    clock.advance(1L << 33);
    ids.addAll(ring.write(USUAL, 2));
    ring.ring.flush(0);
    Page rest = ring.take(0, false);
    assertNotNull(rest, "the rest of the page");
    assertEquals(5, rest.firstEntry(), "events of the page that were read before");
    assertEquals(events.getFirst().sequence(), rest.sequence(), "it is the same page");
    assertEquals(time, rest.memory().get(PageLayout.LONG, PageLayout.TIME), "the page's time");
    ring.check(rest, events);
    rest.release();
    assertEquals(ids, BookedRing.ids(events));
    assertEquals(time + 1000, events.get(6).time());
    assertEquals(time + 2000 + (1L << 33), events.get(7).time());
    assertEquals(0, ring.assertAllAccountedFor(0).size());
  }

  @Test
  void aPageOfWhichAllWasReadDoesNotComeAgain() {
    BookedRing ring = open(Mode.OVERWRITE, 3, SMALL_PAGE, 1);
    List<Long> ids = new ArrayList<>(ring.write(USUAL, 5));
    ring.assertReads(0, ids);
    ring.ring.flush(0);
    List<Long> more = ring.write(USUAL, 2);
    ring.assertReads(0, more);
    ring.assertAllAccountedFor(0);
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aPageThatIsHeldDoesNotChange(Mode mode) {
    BookedRing ring = open(mode, 3, SMALL_PAGE, 1);
    for (boolean open : new boolean[] {false, true}) {
      ring.write(BIG, open ? 1 : 5);
      Page page = ring.take(0, open);
      assertNotNull(page);
      ring.check(page, new ArrayList<>());
      byte[] bytes = bytes(page);
      for (int i = 0; i < 60; i++) {
        ring.write(BIG);
        if (i % 10 == 9) {
          ring.take(0, true, new ArrayList<>());
        }
      }
      assertTrue(Arrays.equals(bytes, bytes(page)), "the page changed while it was held");
      page.release();
      ring.takeAll(0);
    }
  }

  private static byte[] bytes(Page page) {
    return page.memory().toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * A reader that gives nothing back gets no more pages at some point (memory is bounded), and
   * until then and afterwards the writers go on, or are refused by the rules of a full ring.
   */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aReaderThatHoldsPagesStopsNobodyButItself(Mode mode) {
    BookedRing ring = open(mode, 4, SMALL_PAGE, 1);
    List<Page> held = new ArrayList<>();
    List<byte[]> bytes = new ArrayList<>();
    List<ReadEvent> events = new ArrayList<>();
    int most = 64 * ring.ring.pages();
    boolean refused = false;
    for (int i = 0; i < most && !refused; i++) {
      for (int j = 0; j < 5; j++) {
        long id = ring.write(BIG);
        assertTrue(id >= 0 || id == Refusal.DROPPED && mode == Mode.DISCARD, "the writer goes on");
      }
      Page page = ring.take(0, false);
      if (page == null) {
        refused = true;
      } else {
        ring.check(page, events);
        held.add(page);
        bytes.add(bytes(page));
      }
    }
    assertTrue(refused, () -> most + " pages of a ring of 4 were given out: memory has no bound");
    assertFalse(held.isEmpty(), "at least one page can be held");
    for (int i = 0; i < 100; i++) {
      long id = ring.write(BIG);
      assertTrue(id >= 0 || id == Refusal.DROPPED && mode == Mode.DISCARD, "the writer goes on");
    }
    for (int i = 0; i < held.size(); i++) {
      assertTrue(Arrays.equals(bytes.get(i), bytes(held.get(i))), "held page " + i + " changed");
      held.get(i).release();
    }
    assertTrue(ring.take(0, false, events), "after the release pages can be taken again");
    events.addAll(ring.assertAllAccountedFor(0));
    for (int i = 1; i < events.size(); i++) {
      assertTrue(events.get(i).serial() > events.get(i - 1).serial(), "order");
    }
  }

  @Test
  void aPageIsGivenBackOnlyWithItsLastReference() {
    BookedRing ring = open(Mode.OVERWRITE, 2, SMALL_PAGE, 1);
    ring.write(BIG, 5);
    Page page = ring.take(0, false);
    byte[] bytes = bytes(page);
    page.retain();
    page.release();
    ring.write(BIG, 40);
    assertTrue(Arrays.equals(bytes, bytes(page)), "the page changed while a reference was held");
    page.release();
    ring.write(BIG, 40);
  }

  @Test
  void pagesMayBeReleasedInAnyOrderByAnyThread() throws InterruptedException {
    BookedRing ring = open(Mode.OVERWRITE, 8, SMALL_PAGE, 1);
    List<ReadEvent> events = new ArrayList<>();
    for (int round = 0; round < 30; round++) {
      ring.write(BIG, 17);
      List<Page> held = new ArrayList<>();
      for (Page page = ring.take(0, true); page != null; page = ring.take(0, true)) {
        ring.check(page, events);
        held.add(page);
      }
      Team team = new Team();
      team.start("releaser", () -> held.reversed().forEach(Page::release));
      team.join();
    }
    events.addAll(ring.assertAllAccountedFor(0));
  }

  /** A page for each event, taken by one thread and given back by three others. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void pagesAreReleasedByManyThreadsWhileWritersOpenOthers(Mode mode) throws InterruptedException {
    BookedRing ring =
        open(config(mode, 3, SMALL_PAGE).withClock(1, Clock.of("mono", System::nanoTime), () -> 0));
    int holdable = pagesThatCanBeHeld(open(mode, 3, SMALL_PAGE, 1));
    ArrayBlockingQueue<Page> taken = new ArrayBlockingQueue<>(64);
    AtomicLong committed = new AtomicLong();
    PageCheck check = new PageCheck(0, SMALL_PAGE);
    Team team = new Team();
    for (int i = 0; i < 2; i++) {
      int writer = i;
      team.start("writer", () -> writePagesUntilStopped(ring.ring, team, writer, committed));
    }
    for (int i = 0; i < 3; i++) {
      team.start("releaser", () -> releaseUntilStopped(taken, team));
    }
    team.start(
        "taker",
        () -> {
          while (!team.isStopped()) {
            Page page = ring.take(0, false);
            if (page != null) {
              check.accept(page, event -> {});
              taken.put(page);
            }
          }
        });
    team.work(300);
    team.stop();
    team.join();
    taken.forEach(Page::release);
    for (Page page = ring.take(0, true); page != null; page = ring.take(0, true)) {
      check.accept(page, event -> {});
      page.release();
    }
    Counters c = ring.counters();
    assertEquals(committed.get(), c.written(), "written");
    assertEquals(committed.get(), check.events() + c.overrun(), () -> "read + overrun, in " + c);
    assertEquals(holdable, pagesThatCanBeHeld(ring), "pages that can be held, none has got lost");
  }

  private static int pagesThatCanBeHeld(BookedRing ring) {
    List<Page> held = new ArrayList<>();
    Page page;
    do {
      ring.ring.flush(0);
      ring.write(BIG);
      ring.ring.flush(0);
      page = ring.take(0, false);
      if (page != null) {
        held.add(page);
      }
    } while (page != null && held.size() < 1000);
    held.forEach(Page::release);
    return held.size();
  }

  private static void writePagesUntilStopped(
      Ring ring, Team team, int writer, AtomicLong committed) {
    int length = ring.maxEventSize() - 100;
    for (int serial = 0; !team.isStopped(); serial++) {
      long at = ring.reserve(length);
      if (at >= 0) {
        long id = EventBytes.id(writer, length, serial);
        EventBytes.put(ring.memory(at), Reservation.offset(at), id);
        ring.commit(at);
        committed.incrementAndGet();
      }
    }
  }

  private static void releaseUntilStopped(ArrayBlockingQueue<Page> taken, Team team)
      throws InterruptedException {
    while (!team.isStopped()) {
      Page page = taken.poll(1, TimeUnit.MILLISECONDS);
      if (page != null) {
        page.release();
      }
    }
  }

  /** Each page that becomes full wakes, and whoever is woken finds it. */
  @Test
  void theWakeUpComesWhenThePageCanBeTaken() throws InterruptedException {
    Semaphore woken = new Semaphore(0);
    BufferConfig config = config(Mode.DISCARD, 8, SMALL_PAGE).withClock(1, clock, cpu);
    Ring ring = openRing(new RingConfig(config, woken::release, fault -> {}));
    AtomicLong taken = new AtomicLong();
    Team team = new Team();
    int pages = 500;
    Semaphore room = new Semaphore(6);
    team.start(
        "taker",
        () -> {
          PageCheck check = new PageCheck(0, SMALL_PAGE);
          while (taken.get() < pages) {
            assertTrue(woken.tryAcquire(5, TimeUnit.SECONDS), "no wake-up for a full page");
            Page page = ring.take(0, false);
            assertNotNull(page, "a wake-up, but no page can be taken");
            check.accept(page, event -> {});
            page.release();
            taken.incrementAndGet();
            room.release();
          }
        });
    for (int i = 0; i < pages && !team.isStopped(); i++) {
      assertTrue(room.tryAcquire(5, TimeUnit.SECONDS), "the taker is stuck");
      long at = ring.reserve(USUAL);
      Answers.assertReserved(at, "an event");
      long offset = Reservation.offset(at);
      EventBytes.put(ring.memory(at), offset, EventBytes.id(0, USUAL, i));
      ring.commit(at);
      ring.flush(0);
    }
    team.join();
    ring.close();
  }

  @Test
  void everyFullPageWakes() {
    BookedRing ring = open(Mode.OVERWRITE);
    ring.write(BIG, 1);
    assertEquals(0, ring.wakeups.get(), "wake-ups, no page is full");
    ring.write(BIG, 5 * ring.perPage(BIG));
    assertTrue(ring.wakeups.get() >= 5, () -> ring.wakeups + " wake-ups of five full pages");
    int before = ring.wakeups.get();
    ring.ring.flush(0);
    assertTrue(ring.wakeups.get() > before, "a flushed page wakes");
  }

  @Test
  void aPageWakesOnceItsLastEventIsCommitted() {
    BookedRing ring = open(Mode.OVERWRITE);
    BookedRing.Open open = ring.mustReserve(BIG);
    ring.write(BIG, ring.perPage(BIG));
    assertEquals(0, ring.wakeups.get(), "the page cannot be taken yet");
    ring.commit(open);
    assertTrue(ring.wakeups.get() > 0, "now it can");
    assertTrue(ring.take(0, false, new ArrayList<>()));
  }

  @Test
  void theViewShowsTheRing() {
    BookedRing ring = open(Mode.OVERWRITE, 4, SMALL_PAGE, 1);
    ring.write(BIG, 2 * ring.perPage(BIG) + 1);
    RingView view = ring.ring.view(0);
    assertEquals(PageLayout.capacity(SMALL_PAGE), view.capacity(), "capacity");
    assertEquals(4, view.pages().size(), "pages");
    long full = view.pages().stream().filter(p -> p.state() == RingView.State.FULL).count();
    assertEquals(2, full, () -> "full pages in " + view);
    RingView.PageView tail = view.pages().get(view.tail());
    assertEquals(RingView.State.OPEN, tail.state(), () -> "the tail page in " + view);
    assertEquals(1, tail.entries(), () -> "events on the tail page in " + view);
    RingView.PageView head = view.pages().get(view.head());
    assertEquals(ring.perPage(BIG), head.entries(), () -> "events on the head page in " + view);
    assertTrue(head.sequence() < tail.sequence(), () -> "sequences in " + view);
    BookedRing.Open open = ring.mustReserve(BIG);
    ring.ring.flush(0);
    RingView later = ring.ring.view(0);
    RingView.PageView commit = later.pages().get(later.commit());
    assertEquals(RingView.State.PENDING, commit.state(), () -> "the commit page in " + later);
    ring.commit(open);
    ring.assertAllAccountedFor(0);
  }
}
