package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;

/**
 * Mode discard: an event whose writer is gone withholds nothing, however little is written. A
 * writer that is gone is a reservation that nobody commits; no test waits for it to become old.
 */
class DeadWriterTest {
  private static final int PAGES = 8;
  private static final int SMALL = 24;
  private static final int HALF_PAGE = 2030;

  /** Nothing is that old. */
  private static final long FOR_EVER = Long.MAX_VALUE / 100;

  /** What a clock makes of the age of an event. */
  enum Kind {
    /** Its time tells. */
    MONO,
    /** Nothing does but the order of reserving. */
    STANDING
  }

  private final List<String> faults = new ArrayList<>();
  private final PageCursor cursor = new PageCursor(PageFormat.of(4096));
  private CpuRing ring;
  private long missed;

  private void open(Mode mode, Kind clock, int spares) {
    RingLayout layout = new RingLayout(mode, PAGES, spares, 4096);
    RingMemory memory =
        new RingMemory(MemorySegment.ofArray(new long[(int) layout.bytes() / Long.BYTES]), layout);
    memory.format();
    Clock used = clock == Kind.MONO ? Clock.MONO : Clock.of("still", () -> 1000);
    ring = new CpuRing(0, memory, used, () -> {}, () -> {}, faults::add);
    ring.patience.nanos = FOR_EVER;
  }

  @AfterEach
  void nothingIsBroken() {
    assertEquals(List.of(), faults);
  }

  private void write(int from, int to, int length) {
    for (int number = from; number < to; number++) {
      long at = reserve(number, length);
      ring.writer.commit(at);
    }
  }

  private long reserve(int number, int length) {
    long at = ring.writer.reserve(length);
    ring.writer.segment.set(PageLayout.INT, Reservation.offset(at), number);
    return at;
  }

  /** All that is reserved by now is old from now on. */
  private void grow(Kind clock) {
    if (clock == Kind.STANDING) {
      ring.patience.nanos = 0;
      ring.patience.forCopy(); // notes what is there
      ring.patience.forCopy(); // and finds it old
    }
    ring.patience.nanos = clock == Kind.MONO ? 0 : FOR_EVER;
  }

  private List<Integer> take(boolean open) throws DamagedPageException {
    List<Integer> numbers = new ArrayList<>();
    missed = 0;
    for (Page page = ring.reader.take(open); page != null; page = ring.reader.take(open)) {
      read(page, numbers);
      page.release();
    }
    return numbers;
  }

  private List<Integer> copy() throws DamagedPageException {
    return copy(ring::copy);
  }

  private List<Integer> copy(ForeignRing outside) throws DamagedPageException {
    return copy(outside::copy);
  }

  private List<Integer> copy(BiFunction<Long, MemorySegment, Page> copier)
      throws DamagedPageException {
    List<Integer> numbers = new ArrayList<>();
    MemorySegment into = MemorySegment.ofArray(new long[4096 / Long.BYTES]);
    Page page = copier.apply(0L, into);
    while (page != null) {
      read(page, numbers);
      page = copier.apply(page.sequence() + 1, into);
    }
    return numbers;
  }

  private void read(Page page, List<Integer> numbers) throws DamagedPageException {
    cursor.reset(page.memory());
    missed += cursor.missed();
    while (cursor.next()) {
      numbers.add(page.memory().get(PageLayout.INT, cursor.payloadOffset()));
    }
  }

  private static List<Integer> range(int from, int to) {
    List<Integer> numbers = new ArrayList<>();
    for (int number = from; number < to; number++) {
      numbers.add(number);
    }
    return numbers;
  }

  private static List<Integer> with(List<Integer> first, List<Integer> second) {
    List<Integer> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  private void assertAccount(long written, long read, long overrun) {
    assertEquals(written, ring.counters().written(), "written");
    assertEquals(read, ring.counters().read(), "read");
    assertEquals(overrun, ring.counters().overrun(), "overrun");
    assertEquals(0, ring.counters().refused(), "refused");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void allButItsEventAreTakenFromTheOpenPage(Kind clock) throws Exception {
    open(Mode.DISCARD, clock, 3);
    write(0, 3, SMALL);
    final long dead = reserve(-1, SMALL);
    write(3, 6, SMALL);
    assertEquals(range(0, 3), take(true), "while it is young");
    grow(clock);
    assertEquals(range(3, 6), take(true));
    assertAccount(6, 6, 0);
    write(6, 9, SMALL);
    assertEquals(range(6, 9), take(true), "the ring goes on");
    ring.writer.commit(dead);
    assertAccount(10, 9, 1);
    write(9, 10, SMALL);
    assertEquals(range(9, 10), take(true));
    assertEquals(1, missed, "reported lost");
    assertAccount(11, 10, 1);
    assertEquals(0, ring.counters().unread(), "unread");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void allButItsEventAreTakenFromFullPages(Kind clock) throws Exception {
    open(Mode.DISCARD, clock, 3);
    write(0, 1, HALF_PAGE);
    final long dead = reserve(-1, SMALL);
    write(1, 7, HALF_PAGE);
    grow(clock);
    assertEquals(range(0, 7), with(take(false), take(true)));
    ring.writer.discard(dead);
    assertAccount(7, 7, 0);
    write(7, 100, SMALL);
    assertEquals(range(7, 100), take(true));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aFlushedPageIsTakenWithoutIt(boolean later) throws Exception {
    open(Mode.DISCARD, Kind.MONO, 3);
    write(0, 3, SMALL);
    reserve(-1, SMALL);
    ring.flush();
    assertEquals(List.of(), take(false), "while it is young");
    if (later) {
      write(3, 4, SMALL);
      ring.flush();
    }
    grow(Kind.MONO);
    assertEquals(range(0, later ? 4 : 3), take(false));
    write(4, 5, SMALL);
    assertEquals(range(4, 5), take(true));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void allButItsEventAreCopied(Kind clock) throws Exception {
    open(Mode.DISCARD, clock, 3);
    write(0, 1, HALF_PAGE);
    final long dead = reserve(-1, SMALL);
    write(1, 6, HALF_PAGE);
    reserve(-1, SMALL);
    write(6, 7, SMALL);
    assertEquals(range(0, 1), copy(), "while it is young");
    grow(clock);
    assertEquals(range(0, 7), copy());
    assertEquals(range(0, 7), copy(), "again");
    assertAccount(7, 0, 0);
    ring.writer.commit(dead);
    assertEquals(with(List.of(0, -1), range(1, 7)), copy(), "committed after all");
    assertAccount(8, 0, 0);
    assertEquals(with(List.of(0, -1), range(1, 7)), take(true));
    assertAccount(8, 8, 0);
  }

  /** Who follows the ring of another process has no clock to go by. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void whoFollowsFromOutsideGoesOnWithoutIt(Mode mode) throws Exception {
    open(mode, Kind.MONO, 3);
    ForeignRing outside = new ForeignRing(0, ring.memory.segment, ring.memory.layout, id -> true);
    write(0, 1, HALF_PAGE);
    final long dead = reserve(-1, SMALL);
    write(1, 6, HALF_PAGE);
    reserve(-1, SMALL);
    write(6, 7, SMALL);
    outside.patience.nanos = FOR_EVER;
    assertEquals(range(0, 1), copy(outside), "while it may be young");
    outside.patience.nanos = 0;
    copy(outside); // notes what is there
    assertEquals(range(0, mode == Mode.DISCARD ? 7 : 1), copy(outside));
    ring.writer.commit(dead);
    assertEquals(with(List.of(0, -1), range(1, 6)), copy(outside).subList(0, 7), "after all");
    assertAccount(8, 0, 0);
  }

  @Test
  void whoFollowsFromOutsideBelievesNoWord() throws Exception {
    open(Mode.DISCARD, Kind.MONO, 3);
    ForeignRing outside = new ForeignRing(0, ring.memory.segment, ring.memory.layout, id -> true);
    outside.patience.nanos = 0;
    write(0, 3, SMALL);
    long word = ring.memory.getCurrentAcquire();
    for (int bit = 0; bit < Long.SIZE; bit++) {
      ring.memory.segment.set(PageLayout.LONG, RingLayout.CURRENT, word ^ 1L << bit);
      copy(outside);
      copy(outside);
    }
  }

  @Test
  void aYoungerEventIsWaitedFor() throws Exception {
    open(Mode.DISCARD, Kind.STANDING, 3);
    write(0, 1, SMALL);
    reserve(-1, SMALL);
    write(1, 2, SMALL);
    grow(Kind.STANDING);
    final long young = reserve(3, SMALL);
    write(4, 5, SMALL);
    write(5, 9, HALF_PAGE);
    assertEquals(List.of(0, 1), copy(), "up to the younger one");
    assertEquals(List.of(0), take(true), "its page stays in the ring");
    assertEquals(List.of(1), copy());
    ring.writer.commit(young);
    assertEquals(List.of(1, 3, 4, 5, 6, 7, 8), copy());
    assertEquals(List.of(1, 3, 4, 5, 6, 7, 8), take(true));
    assertAccount(8, 8, 0);
  }

  /** A debugger or a slow disk may hold a writer up: that alone costs no event. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void anEventThatNothingWaitsForIsLeftAlone(Kind clock) throws Exception {
    open(Mode.DISCARD, clock, 3);
    write(0, 3, SMALL);
    long slow = reserve(3, SMALL);
    grow(clock);
    assertEquals(range(0, 3), take(true));
    assertEquals(range(0, 0), take(true));
    ring.writer.commit(slow);
    assertEquals(range(3, 4), take(true));
    assertAccount(4, 4, 0);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void modeOverwriteWaits(Kind clock) throws Exception {
    open(Mode.OVERWRITE, clock, 3);
    write(0, 3, SMALL);
    long slow = reserve(3, SMALL);
    write(4, 6, SMALL);
    grow(clock);
    assertEquals(range(0, 3), copy());
    assertEquals(range(0, 3), take(true));
    ring.writer.commit(slow);
    assertEquals(range(3, 6), take(true));
  }

  @Test
  void withoutASpareNothingIsGivenUp() throws Exception {
    open(Mode.DISCARD, Kind.MONO, 2);
    write(0, 2, HALF_PAGE);
    write(2, 3, SMALL);
    final long dead = reserve(3, SMALL);
    write(4, 5, SMALL);
    grow(Kind.MONO);
    Page held = ring.reader.take(false);
    assertNotNull(held);
    assertEquals(List.of(1, 2), take(true), "what one spare is enough for");
    assertNull(ring.reader.take(true));
    held.release();
    assertEquals(List.of(4), take(true));
    ring.writer.commit(dead);
    write(5, 6, SMALL);
    assertEquals(List.of(5), take(true));
    assertEquals(1, missed);
  }

  /** More writers die than there are spares: what can be had without more is had. */
  @Test
  void writersMayDieAgainAndAgain() throws Exception {
    open(Mode.DISCARD, Kind.MONO, 3);
    grow(Kind.MONO);
    List<Long> dead = new ArrayList<>();
    List<Integer> read = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      write(2 * i, 2 * i + 1, SMALL);
      dead.add(reserve(-1, SMALL));
      write(2 * i + 1, 2 * i + 2, SMALL);
      read.addAll(take(true));
    }
    assertEquals(range(read.size(), 12), copy(), "a copy needs no spare");
    dead.forEach(ring.writer::discard);
    read.addAll(take(true));
    assertEquals(range(0, 12), read);
    assertAccount(12, 12, 0);
  }
}
