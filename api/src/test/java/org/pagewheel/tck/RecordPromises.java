package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;

/** How events of each size lie on a page. */
abstract class RecordPromises extends Promises {
  private static final MemorySegment NUMBERS =
      MemorySegment.ofArray(new byte[PageLayout.MAX_PAGE_SIZE]);

  static {
    for (int i = 0; i < NUMBERS.byteSize(); i++) {
      NUMBERS.set(ValueLayout.JAVA_BYTE, i, (byte) (i + 1));
    }
  }

  RecordPromises(RingConformance kit) {
    super(kit);
  }

  /** Writes one event of any length, of bytes 1, 2, 3, …, and gives the page with it alone. */
  private RawPage pageWith(BookedRing ring, int length) {
    long at = ring.ring.reserve(length);
    Answers.assertReserved(at, "an event of " + length + " bytes");
    MemorySegment bytes = NUMBERS.asSlice(0, length);
    ring.ring.memory(at).asSlice(Reservation.offset(at), length).copyFrom(bytes);
    ring.ring.commit(at);
    ring.ring.flush(0);
    Page page = ring.take(0, false);
    assertNotNull(page, "a flushed page");
    RawPage raw = new RawPage(page.memory());
    assertEquals(1, raw.entries.size(), "records");
    RawPage.Entry entry = raw.entries.getFirst();
    int payload = entry.at() + entry.size() - entry.payload();
    long different = bytes.mismatch(page.memory().asSlice(payload, length));
    assertEquals(-1, different, "the first byte that differs, of " + length);
    page.release();
    return raw;
  }

  private static void assertRecord(int length, RawPage page) {
    RawPage.Entry entry = page.entries.getFirst();
    int counted = Math.max(length, 1);
    int rounded = (counted + 3) / 4 * 4;
    int stored = rounded == 8 ? 12 : rounded;
    boolean small = counted <= RecordLayout.MAX_SMALL;
    assertEquals(small ? stored / 4 : 0, entry.type(), "type of an event of " + length + " bytes");
    assertEquals(stored, entry.payload(), "stored bytes of an event of " + length);
    assertEquals(stored + (small ? 4 : 8), page.used, "record bytes of an event of " + length);
  }

  @Test
  void everyShortLengthIsStoredAsTheKernelDoes() {
    BookedRing ring = open(Mode.OVERWRITE);
    for (int length = 0; length <= 260; length++) {
      assertRecord(length, pageWith(ring, length));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536, 1 << 20})
  void lengthsAroundTheLargestAreStored(int pageSize) {
    BookedRing ring = open(Mode.OVERWRITE, 2, pageSize, 1);
    int max = ring.ring.maxEventSize();
    assertEquals(pageSize - 24, max, "max event size");
    for (int length = max - 17; length <= max; length++) {
      assertRecord(length, pageWith(ring, length));
    }
    long attempts = ring.counters().tooLong();
    Answers.assertRefused(Refusal.TOO_LONG, ring.ring.reserve(max + 1), "one too long");
    Answers.assertRefused(Refusal.TOO_LONG, ring.ring.reserve(Integer.MAX_VALUE), "2 GiB");
    assertEquals(attempts + 2, ring.counters().tooLong(), "too long, counted");
    assertRecord(max, pageWith(ring, max));
  }

  /** The kernel's trace_marker_raw test: sizes 1-10, 101-110, 1001-1010 come back rounded to 4. */
  @ParameterizedTest
  @ValueSource(ints = {1, 101, 1001})
  void markerSizesComeBackRounded(int from) {
    BookedRing ring = open(Mode.OVERWRITE);
    for (int length = from; length < from + 10; length++) {
      assertRecord(length, pageWith(ring, length));
    }
  }

  @Test
  void theLargestEventFillsItsPageAndNothingIsLostAroundIt() {
    BookedRing ring = open(Mode.DISCARD, 8, SMALL_PAGE, 1);
    int max = ring.ring.maxEventSize();
    List<Long> ids = new ArrayList<>(ring.write(USUAL, 1));
    ids.addAll(ring.write(max, 2));
    ids.addAll(ring.write(USUAL, 1));
    ids.addAll(ring.write(max, 1));
    ids.addAll(ring.write(USUAL, 1));
    ring.assertReads(0, ids);
    ring.assertAccount();
  }

  /** On a page of its own an event has delta 0, so the largest needs no time extend. */
  @Test
  void theLargestEventFitsAfterALongPause() {
    BookedRing ring = open(Mode.OVERWRITE, 8, SMALL_PAGE, 1);
    int max = ring.ring.maxEventSize();
    List<Long> ids = new ArrayList<>(ring.write(USUAL, 1));
    for (int i = 0; i < 3; i++) {
      clock.advance(1L << 40);
      ids.addAll(ring.write(max, 1));
    }
    ring.assertReads(0, ids);
  }

  /** Fills pages exactly, to each of the last possible offsets, and one byte more. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void recordsMeetThePageEndAtEveryOffset(Mode mode) {
    int room = PageLayout.capacity(SMALL_PAGE) - PageLayout.MISSED_ROOM;
    for (int rest = -8; rest <= 40; rest += 4) {
      BookedRing ring = open(mode, 4, SMALL_PAGE, 1);
      int first = room / 2 / 4 * 4;
      List<Long> ids = new ArrayList<>(ring.write(first - 8, 1));
      int second = room - first - rest - 8;
      ids.addAll(ring.write(second, 1));
      ids.addAll(ring.write(USUAL, 3));
      List<ReadEvent> read = ring.takeAll(0);
      assertEquals(ids, BookedRing.ids(read));
      boolean samePage = read.get(0).sequence() == read.get(1).sequence();
      if (rest >= 0) {
        assertTrue(samePage, "two events that fit, with " + rest + " bytes left, share a page");
      }
      ring.ring.close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 24, 112, 113, 1000, 2028, 2029, 4071, 4072})
  void aPageHoldsAsManyEventsAsFit(int length) {
    BookedRing ring = open(Mode.DISCARD, 4, SMALL_PAGE, 1);
    int perPage = ring.perPage(length);
    List<Long> ids = ring.write(length, 2 * perPage + 1);
    List<ReadEvent> events = new ArrayList<>();
    assertTrue(ring.take(0, false, events), "the first page is full");
    assertEquals(perPage, events.size(), "events of " + length + " bytes on a page");
    events.addAll(ring.takeAll(0));
    assertEquals(ids, BookedRing.ids(events));
  }
}
