package org.pagewheel.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every walk over records ends, whatever word stands anywhere among them. */
@Timeout(300) // guards against a walk that does not
class HostileWordsTest {
  private static final int PAGE_SIZE = 4096;

  /** Lengths and first words: what an overrun, a stray store or an attacker may leave. */
  private static final int[] WORDS = {
    0,
    1,
    2,
    3,
    4,
    5,
    8,
    -1,
    -2,
    -3,
    -4,
    -5,
    -8,
    29,
    30,
    31,
    0xffff_fffc,
    0x7fff_fffc,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0004,
    0x4000_0000,
    1 << 20,
    1 << 27,
    4072,
    4076,
    4080,
    4084,
    4096,
    0x6161_6161
  };

  /** Events short and long, extends, and discarded ones of each size between them. */
  private static int fill(MemorySegment page) {
    PageEncoder.open(page, 0, 1000);
    int at = PageLayout.DATA;
    List<Integer> discarded = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int length = new int[] {4, 16, 112, 113, 300}[i % 5];
      int delta = i % 3;
      if (i % 4 == 1) {
        at = PageEncoder.putExtend(page, 0, at, 1L << 58 | 5);
        delta = 0;
      }
      PageEncoder.putData(page, 0, at, delta, length);
      if (i % 2 == 0) {
        discarded.add(at);
      }
      at += RecordLayout.size(length);
    }
    discarded.forEach(record -> PageEncoder.discard(page, 0, record));
    return at - PageLayout.DATA;
  }

  private static MemorySegment page() {
    return MemorySegment.ofArray(new long[PAGE_SIZE / Long.BYTES]);
  }

  @Test
  void finishEndsAndSaysWhatIsWrongWhateverWordStandsAnywhere() {
    int refused = 0;
    MemorySegment clean = page();
    int used = fill(clean);
    for (int at = PageLayout.DATA; at < PageLayout.DATA + used; at += RecordLayout.WORD) {
      for (int word : WORDS) {
        MemorySegment page = page().copyFrom(clean);
        page.set(PageLayout.INT, at, word);
        try {
          PageEncoder.finish(page, 0, PAGE_SIZE, used, 3, true);
          assertTrue(page.get(PageLayout.INT, PageLayout.COMMIT) << 5 >>> 5 <= used);
        } catch (IllegalStateException e) {
          refused++;
          assertTrue(e.getMessage().startsWith("damaged page at offset "), e.getMessage());
          assertReaderMeetsTheDamage(page, e.getMessage());
        }
      }
    }
    assertTrue(refused > 100, refused + " refused");
  }

  /** The page is finished all the same: its reader gets as far as the damage and is told of it. */
  private static void assertReaderMeetsTheDamage(MemorySegment page, String told) {
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE));
    try {
      cursor.count(page);
      assertTrue(told.contains("a discarded event of 12 bytes"), told); // can be read all the same
    } catch (DamagedPageException e) {
      assertTrue(e.offset() > 0, told);
    }
    assertEquals(3, cursor.missed(), told);
  }

  @Test
  void theDiscardedLengthThatBringsAWalkNowhere() {
    MemorySegment page = page();
    PageEncoder.open(page, 0, 5);
    int long1 = PageLayout.DATA + RecordLayout.size(16);
    PageEncoder.putData(page, 0, PageLayout.DATA, 0, 16);
    PageEncoder.putData(page, 0, long1, 0, 200);
    page.set(PageLayout.INT, long1 + RecordLayout.WORD, -4);
    int used = long1 + RecordLayout.size(200) - PageLayout.DATA;
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> PageEncoder.finish(page, 0, PAGE_SIZE, used, 0, true));
    assertEquals(
        "damaged page at offset 36: a record of type 0 cannot have 4294967292 bytes after its"
            + " first word",
        e.getMessage());
  }

  @Test
  void moreBytesThanAPageHasAreRefused() {
    for (int used : new int[] {-1, -4, Integer.MIN_VALUE, 4081, 4096, Integer.MAX_VALUE}) {
      MemorySegment page = page();
      assertThrows(
          IllegalArgumentException.class,
          () -> PageEncoder.finish(page, 0, PAGE_SIZE, used, 0, true));
      assertThrows(
          IllegalArgumentException.class,
          () -> PageEncoder.finish(page, 0, PAGE_SIZE, used, 0, false));
    }
  }

  @Test
  void theCursorEndsWhateverWordStandsAnywhere() throws DamagedPageException {
    MemorySegment clean = page();
    int used = fill(clean);
    PageEncoder.finish(clean, 0, PAGE_SIZE, used, 3, true);
    int end = PageLayout.DATA + (clean.get(PageLayout.INT, PageLayout.COMMIT) & 0xffff);
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE));
    int damaged = 0;
    for (int at = 0; at < end; at += RecordLayout.WORD) {
      for (int word : WORDS) {
        MemorySegment page = page().copyFrom(clean);
        page.set(PageLayout.INT, at, word);
        int walked = 0;
        try {
          cursor.reset(page);
          while (cursor.next()) {
            assertTrue(++walked <= PAGE_SIZE / 8, "events on a page");
            assertTrue(cursor.payloadOffset() + cursor.payloadLength() <= PAGE_SIZE);
          }
          assertEquals(walked, cursor.count(page), "counted as walked");
        } catch (DamagedPageException e) {
          damaged++;
          assertFalse(cursor.next(), "at the end after damage");
          assertThrows(DamagedPageException.class, () -> cursor.count(page));
        }
      }
    }
    assertTrue(damaged > 100, damaged + " damaged");
  }

  /** A time extend of more than nine years has the highest bit of its second word set. */
  @Test
  void theLongestTimeExtendKeepsItsTime() throws DamagedPageException {
    long extend = (1L << RecordLayout.STAMP_BITS) - 1;
    MemorySegment page = page();
    PageEncoder.open(page, 0, 1000);
    PageEncoder.putData(page, 0, PageLayout.DATA, 0, 4);
    int at = PageEncoder.putExtend(page, 0, PageLayout.DATA + 8, extend);
    PageEncoder.putData(page, 0, at, 0, 4);
    PageEncoder.discard(page, 0, PageLayout.DATA);
    PageEncoder.finish(page, 0, PAGE_SIZE, at + 8 - PageLayout.DATA, 0, true);
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE)).reset(page);
    assertTrue(cursor.next());
    assertEquals(1000 + extend, cursor.time());
  }
}
