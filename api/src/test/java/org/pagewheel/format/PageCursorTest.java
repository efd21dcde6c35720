package org.pagewheel.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the cursor makes of foreign, discarded and damaged bytes. */
class PageCursorTest {
  private static final int PAGE_SIZE = 4096;

  @ParameterizedTest
  @CsvSource({"LITTLE,8", "LITTLE,4", "BIG,8", "BIG,4"})
  void readsThePagesOfOtherMachines(String endian, int longSize) throws IOException {
    ByteOrder order = endian.equals("BIG") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    PageFormat format = new PageFormat(order, longSize, PAGE_SIZE);
    MemorySegment page = MemorySegment.ofArray(new byte[PAGE_SIZE]);
    int at = format.data();
    at = foreign(page, format, at, 3, 100);
    at = foreign(page, format, at, 30, 5);
    page.set(format.intLayout(), at - 4, 2);
    at = foreign(page, format, at, 2, 7);
    page.set(format.longLayout(), PageLayout.TIME, 1L << 40);
    int commit = at - format.data() | PageLayout.COMMIT_FLAGS;
    page.set(format.intLayout(), format.commit(), commit);
    if (longSize == 8) {
      page.set(format.longLayout(), at, 77);
    } else {
      page.set(format.intLayout(), at, 77);
    }
    PageCursor cursor = new PageCursor(format).reset(page);
    assertEquals(77, cursor.missed());
    assertTrue(cursor.next());
    assertEquals((1L << 40) + 100, cursor.time());
    assertEquals(12, cursor.payloadLength());
    assertTrue(cursor.next());
    assertEquals((1L << 40) + 100 + 5 + (2L << 27) + 7, cursor.time());
    assertEquals(8, cursor.payloadLength());
    assertEquals(2, cursor.count(page));
  }

  private static int foreign(MemorySegment page, PageFormat format, int at, int type, int delta) {
    int word =
        format.order() == ByteOrder.BIG_ENDIAN
            ? type << RecordLayout.DELTA_BITS | delta
            : RecordLayout.word(type, delta);
    page.set(format.intLayout(), at, word);
    return at + (type == 30 ? 8 : 4 + 4 * type);
  }

  /** Discarded events must not move the time of any other, whatever their size and place. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void discardedEventsLeaveNoTraceButTheirRoom(long seed) throws IOException {
    Random random = new Random(seed);
    MemorySegment page = MemorySegment.ofArray(new byte[PAGE_SIZE]);
    PageEncoder.open(page, 0, 1000);
    List<Integer> records = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    int at = PageLayout.DATA;
    long time = 1000;
    while (true) {
      int length = random.nextInt(4, 200);
      int size = RecordLayout.size(length);
      int delta = records.isEmpty() || random.nextBoolean() ? 0 : random.nextInt(1, 50);
      boolean extend = !records.isEmpty() && random.nextInt(10) == 0;
      if (!PageLayout.fits(PAGE_SIZE, at - PageLayout.DATA, size + (extend ? 8 : 0))) {
        break;
      }
      if (extend) {
        at = PageEncoder.putExtend(page, 0, at, 1L << 30);
        time += 1L << 30;
        delta = 0;
      }
      time += delta;
      page.set(PageLayout.INT, PageEncoder.putData(page, 0, at, delta, length), records.size());
      ids.add(records.size());
      times.add(time);
      records.add(at);
      at += size;
    }
    for (int i = records.size() - 1; i >= 0; i--) {
      if (random.nextInt(3) == 0) {
        PageEncoder.discard(page, 0, records.get(i));
        ids.remove(i);
        times.remove(i);
      }
    }
    PageEncoder.finish(page, 0, PAGE_SIZE, at - PageLayout.DATA, 9, true);
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE)).reset(page);
    assertEquals(9, cursor.missed());
    List<Integer> seen = new ArrayList<>();
    List<Long> seenTimes = new ArrayList<>();
    while (cursor.next()) {
      seen.add(cursor.payload().get(PageLayout.INT, 0));
      seenTimes.add(cursor.time());
      if (seen.size() == 1) {
        assertEquals(PageLayout.DATA, cursor.recordOffset(), "an event must come first");
      }
    }
    assertEquals(ids, seen);
    assertEquals(times, seenTimes);
    long endTime = cursor.time();
    assertEquals(ids.size(), cursor.count(page));
    assertEquals(endTime, cursor.time());
    assertNoPaddingThatEndsThePage(page);
  }

  private static void assertNoPaddingThatEndsThePage(MemorySegment page) {
    int end = PageLayout.DATA + (page.get(PageLayout.INT, 8) & PageLayout.COMMIT_MASK);
    for (int at = PageLayout.DATA; at < end; ) {
      int word = page.get(PageLayout.INT, at);
      int type = RecordLayout.type(word);
      if (type == RecordLayout.PADDING) {
        assertTrue(RecordLayout.delta(word) > 0, "padding with delta 0 at " + at);
      }
      at +=
          type == 0 || type == RecordLayout.PADDING
              ? 4 + page.get(PageLayout.INT, at + 4)
              : type >= RecordLayout.TIME_EXTEND ? 8 : 4 + 4 * type;
    }
  }

  @Test
  void aPageOfDiscardedEventsAloneIsEmpty() throws IOException {
    MemorySegment page = MemorySegment.ofArray(new byte[PAGE_SIZE]);
    PageEncoder.open(page, 0, 1000);
    PageEncoder.putData(page, 0, PageLayout.DATA, 0, 8);
    PageEncoder.discard(page, 0, PageLayout.DATA);
    PageEncoder.finish(page, 0, PAGE_SIZE, 16, 0, true);
    assertEquals(0, new PageCursor(PageFormat.of(PAGE_SIZE)).count(page));
  }

  /** Random and flipped bytes: an error or an end, never a hang and never outside the page. */
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void anyBytesAreSurvived(long seed) throws IOException {
    Random random = new Random(seed);
    byte[] golden = GoldenPageTest.golden();
    PageFormat[] formats = {
      PageFormat.of(PAGE_SIZE),
      new PageFormat(ByteOrder.BIG_ENDIAN, 4, PAGE_SIZE),
      new PageFormat(ByteOrder.BIG_ENDIAN, 8, PAGE_SIZE)
    };
    assertTimeout(
        Duration.ofSeconds(60),
        () -> {
          for (int round = 0; round < 5000; round++) {
            byte[] bytes = golden.clone();
            if (round % 4 == 0) {
              random.nextBytes(bytes);
              bytes[10] = 0;
              bytes[11] = 0;
            } else {
              for (int flips = random.nextInt(1, 8); flips > 0; flips--) {
                bytes[random.nextInt(0x140)] ^= (byte) (1 << random.nextInt(8));
              }
            }
            walk(formats[round % formats.length], bytes);
          }
        });
  }

  private static void walk(PageFormat format, byte[] bytes) {
    MemorySegment page = MemorySegment.ofArray(bytes);
    PageCursor cursor = new PageCursor(format);
    int events = 0;
    try {
      cursor.reset(page);
      while (cursor.next()) {
        events++;
        assertTrue(events <= PAGE_SIZE / 8);
        assertTrue(cursor.payloadOffset() + cursor.payloadLength() <= PAGE_SIZE);
        cursor.payload().toArray(ValueLayout.JAVA_BYTE);
      }
    } catch (DamagedPageException e) {
      assertTrue(e.offset() >= 0 && e.offset() < PAGE_SIZE);
      assertTrue(e.getMessage().startsWith("damaged page at offset " + e.offset()));
      try {
        assertTrue(!cursor.next(), "the cursor must be at the end after damage");
      } catch (DamagedPageException again) {
        throw new AssertionError("damage told twice", again);
      }
    }
  }

  @Test
  void aShortMemoryIsDamage() {
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE));
    MemorySegment half = MemorySegment.ofArray(new byte[PAGE_SIZE / 2]);
    assertThrows(DamagedPageException.class, () -> cursor.reset(half));
  }
}
