package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.Readers;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.spi.Wakeup;

/**
 * A ring under test, its clock and CPU number, and a book kept beside it of everything that the
 * test does, so that {@link #assertAccount} can compare. For one thread.
 */
final class BookedRing {
  /** A reservation and the event that belongs in it. */
  record Open(long at, long id, int cpu) {}

  /** What one CPU's counters must say. */
  private static final class Book {
    long committed;
    long discarded;
    long read;
    final long[] refused = new long[(int) -Refusal.SEALED + 1];
  }

  final Ring ring;
  final BufferConfig config;
  final ManualClock clock;
  final ManualCpu cpu;
  final AtomicInteger wakeups = new AtomicInteger();
  final Wakeup wakeup = new Wakeup();
  final List<String> faults = new CopyOnWriteArrayList<>();
  private final Book[] books;
  private final PageCheck[] checks;
  private int serial;

  BookedRing(Opener opener, BufferConfig config, ManualClock clock, ManualCpu cpu) {
    this.config = config;
    this.clock = clock;
    this.cpu = cpu;
    this.ring = opener.open(new RingConfig(config, this::wake, faults::add));
    this.books = new Book[config.cpus()];
    this.checks = new PageCheck[config.cpus()];
    for (int i = 0; i < books.length; i++) {
      books[i] = new Book();
      checks[i] = new PageCheck(i, config.pageSize());
    }
  }

  /** Makes the ring. */
  interface Opener {
    Ring open(RingConfig config);
  }

  private void wake() {
    wakeups.incrementAndGet();
    wakeup.run();
  }

  /** Readers of this ring; each call makes new ones. */
  Readers readers() {
    return new OwnedReaders(ring, wakeup).view();
  }

  private int cpuNow() {
    return cpu.now() % books.length;
  }

  // ---- writing

  /** Reserves and fills, but does not commit; null if refused, which is booked. */
  Open reserve(int length) {
    Open open = reserveEmpty(length);
    if (open != null) {
      EventBytes.put(ring.memory(open.at()), Reservation.offset(open.at()), open.id());
    }
    return open;
  }

  /** Reserves and fills nothing. */
  Open reserveEmpty(int length) {
    int on = cpuNow();
    long at = ring.reserve(length);
    if (at < 0) {
      books[on].refused[(int) -at]++;
      return null;
    }
    return new Open(at, EventBytes.id(0, length, serial++), on);
  }

  /** Reserves where a refusal is an error. */
  Open mustReserve(int length) {
    Open open = reserve(length);
    assertTrue(open != null, () -> "an event of " + length + " bytes was refused; " + counters());
    return open;
  }

  void commit(Open open) {
    ring.commit(open.at());
    books[open.cpu()].committed++;
  }

  void discard(Open open) {
    ring.discard(open.at());
    books[open.cpu()].discarded++;
  }

  /** Writes one event; returns its id, or a refusal, which is booked. */
  long write(int length) {
    int on = cpuNow();
    long at = ring.reserve(length);
    if (at < 0) {
      books[on].refused[(int) -at]++;
      return at;
    }
    long id = EventBytes.id(0, length, serial++);
    EventBytes.put(ring.memory(at), Reservation.offset(at), id);
    ring.commit(at);
    books[on].committed++;
    return id;
  }

  /** Writes events of one length; every one must succeed. */
  List<Long> write(int length, int count) {
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long id = write(length);
      Answers.assertReserved(id, "an event of " + length + " bytes");
      ids.add(id);
    }
    return ids;
  }

  /** The serial of the next event. */
  int nextSerial() {
    return serial;
  }

  /** How many events of a length go on one page. */
  int perPage(int length) {
    return perPage(config.pageSize(), length);
  }

  static int perPage(int pageSize, int length) {
    int size = RecordLayout.size(length);
    int room = PageLayout.capacity(pageSize) - PageLayout.MISSED_ROOM;
    return Math.max(1, room / size);
  }

  // ---- reading

  /** Takes one page, checks it, adds its events, and releases it. */
  boolean take(int onCpu, boolean open, List<ReadEvent> into) {
    Page page = take(onCpu, open);
    if (page == null) {
      return false;
    }
    check(page, into);
    page.release();
    return true;
  }

  Page take(int onCpu, boolean open) {
    return ring.take(onCpu, open);
  }

  /** Checks a page that was taken, and books its events as read. */
  void check(Page page, List<ReadEvent> into) {
    int before = into.size();
    checks[page.cpu()].accept(page, into::add);
    books[page.cpu()].read += into.size() - before;
  }

  /** Takes all there is. */
  List<ReadEvent> takeAll(int onCpu) {
    return takeAll(onCpu, true);
  }

  List<ReadEvent> takeAll(int onCpu, boolean open) {
    List<ReadEvent> events = new ArrayList<>();
    while (take(onCpu, open, events)) {
      assertTrue(events.size() <= ring.counters(onCpu).written(), "events come out without end");
    }
    return events;
  }

  /** Takes all there is and compares it. */
  void assertReads(int onCpu, List<Long> ids) {
    assertEquals(describe(ids), describe(ids(takeAll(onCpu))), "the events read from CPU " + onCpu);
  }

  static List<Long> ids(List<ReadEvent> events) {
    return events.stream().map(ReadEvent::id).toList();
  }

  static List<Integer> describe(List<Long> ids) {
    return ids.stream().map(EventBytes::serial).toList();
  }

  /** Copies all there is, page by page. */
  List<ReadEvent> copyAll(int onCpu) {
    List<ReadEvent> events = new ArrayList<>();
    PageCheck check = new PageCheck(onCpu, config.pageSize());
    long from = 0;
    while (true) {
      MemorySegment memory = MemorySegment.ofArray(new long[config.pageSize() / 8]);
      Page page = ring.copy(onCpu, from, memory);
      if (page == null) {
        return events;
      }
      long wanted = from;
      assertTrue(page.sequence() >= wanted, () -> page + " copied, wanted from " + wanted);
      check.acceptCopy(page, events::add);
      from = page.sequence() + 1;
      page.release();
    }
  }

  /** Lost events that the pages of a CPU have told. */
  long told(int onCpu) {
    return checks[onCpu].told();
  }

  boolean toldUnknown(int onCpu) {
    return checks[onCpu].toldUnknown();
  }

  // ---- the account

  Counters counters() {
    return ring.counters(0);
  }

  /** The ring's counters say what the test has done; for moments when nothing is being written. */
  void assertAccount() {
    for (int i = 0; i < books.length; i++) {
      assertAccount(i);
    }
  }

  void assertAccount(int onCpu) {
    Book book = books[onCpu];
    Counters c = ring.counters(onCpu);
    String where = " on CPU " + onCpu + " in " + c;
    assertEquals(book.committed, c.written(), "written" + where);
    assertEquals(book.read, c.read(), "read" + where);
    assertEquals(refused(book, Refusal.DROPPED), c.dropped(), "dropped" + where);
    assertEquals(
        refused(book, Refusal.COMMIT_OVERRUN), c.commitOverrun(), "commit overrun" + where);
    assertEquals(refused(book, Refusal.DISABLED), c.disabled(), "disabled" + where);
    assertEquals(refused(book, Refusal.TOO_LONG), c.tooLong(), "too long" + where);
    assertEquals(book.discarded, c.discarded(), "discarded" + where);
    assertTrue(c.overrun() >= 0 && c.unread() >= 0, () -> "a negative count" + where);
  }

  private static long refused(Book book, long cause) {
    return book.refused[(int) -cause];
  }

  long committed(int onCpu) {
    return books[onCpu].committed;
  }

  long read(int onCpu) {
    return books[onCpu].read;
  }

  /** Takes what is left; then every event is accounted for, and every loss was told in a page. */
  List<ReadEvent> assertAllAccountedFor(int onCpu) {
    long unread = ring.counters(onCpu).unread();
    List<ReadEvent> events = takeAll(onCpu);
    assertEquals(
        unread, events.size(), "the events that were left, and the counter of unread ones");
    assertAccount(onCpu);
    Counters c = ring.counters(onCpu);
    assertEquals(0, c.unread(), () -> "unread after all was read, in " + c);
    assertEquals(0, c.bytes(), () -> "unread bytes after all was read, in " + c);
    assertEquals(Counters.NONE, c.oldest(), () -> "time of the oldest page, none is left, in " + c);
    if (!toldUnknown(onCpu) && events.size() > 0) {
      assertEquals(c.overrun(), told(onCpu), () -> "lost events told in the pages, in " + c);
    }
    return events;
  }
}
