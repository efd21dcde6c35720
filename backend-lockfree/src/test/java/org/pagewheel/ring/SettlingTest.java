package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * A page that somebody writes over after it was found complete: finished, told, and never a hang.
 */
@Timeout(300) // guards against a walk that does not end
class SettlingTest {
  private static final int PAGE_SIZE = 4096;
  private static final int[] WORDS = {
    0, 1, 2, 3, 4, 8, -1, -4, -5, -8, 29, 30, 31, 0x7fff_fffc, 0x8000_0000, 1 << 20, 4080, 4096
  };

  private static int fill(MemorySegment page) {
    PageEncoder.open(page, 0, 1000);
    int at = PageLayout.DATA;
    for (int i = 0; i < 12; i++) {
      if (i % 4 == 1) {
        at = PageEncoder.putExtend(page, 0, at, i % 8 == 1 ? 5 : 1L << 58);
      }
      int length = i % 3 == 0 ? 200 : 16;
      PageEncoder.putData(page, 0, at, 0, length);
      if (i % 5 == 2) {
        PageEncoder.discard(page, 0, at);
      }
      at += RecordLayout.size(length);
    }
    return at - PageLayout.DATA;
  }

  private static MemorySegment page() {
    return MemorySegment.ofArray(new long[PAGE_SIZE / Long.BYTES]);
  }

  @Test
  void anyWordAnywhereIsSurvivedAndToldOnTheWayOut() {
    MemorySegment clean = page();
    int used = fill(clean);
    int told = 0;
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE));
    for (int read = 0; read < 12; read += 3) {
      for (int at = PageLayout.DATA; at < PageLayout.DATA + used; at += RecordLayout.WORD) {
        for (int word : WORDS) {
          MemorySegment page = page().copyFrom(clean);
          page.set(PageLayout.INT, at, word);
          String damage = Settling.finish(page, used, read, 3);
          if (damage != null) {
            told++;
            assertTrue(damage.startsWith("damaged page at offset "), damage);
            assertThrows(DamagedPageException.class, () -> cursor.count(page), damage);
          }
        }
      }
    }
    assertTrue(told > 100, told + " told");
  }

  /** A time extend of more than nine years has the highest bit of its second word set. */
  @Test
  void longExtendsKeepTheirTime() throws DamagedPageException {
    MemorySegment page = page();
    int used = fill(page);
    assertEquals(null, Settling.finish(page, used, 4, 0));
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE_SIZE)).reset(page);
    assertTrue(cursor.next());
    assertEquals(1000 + 5 + (1L << 58), cursor.time());
  }
}
