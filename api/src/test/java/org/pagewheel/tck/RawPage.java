package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.pagewheel.format.PageLayout.INT;
import static org.pagewheel.format.PageLayout.LONG;
import static org.pagewheel.format.RecordLayout.WORD;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/**
 * A page taken apart word by word, without the library's own cursor, so that the two check each
 * other; and the rules that every page which leaves a ring must keep.
 */
final class RawPage {
  /** One record as it stands on the page. */
  record Entry(int at, int type, int delta, int second, int size) {
    boolean isEvent() {
      return type <= RecordLayout.MAX_SMALL_TYPE;
    }

    int payload() {
      return type == 0 ? size - 2 * WORD : size - WORD;
    }
  }

  private static final MemorySegment ZEROS =
      MemorySegment.ofArray(new byte[PageLayout.MAX_PAGE_SIZE]);

  final long time;
  final int used;
  final boolean missed;
  final boolean missedStored;
  final List<Entry> entries = new ArrayList<>();

  RawPage(MemorySegment page) {
    int pageSize = (int) page.byteSize();
    time = page.get(LONG, PageLayout.TIME);
    long commit = page.get(LONG, PageLayout.COMMIT);
    assertEquals(0, commit >>> 32, "the high half of the commit word");
    assertEquals(0, commit & 0x38000000L, "bits 27 to 29 of the commit word");
    used = (int) commit & PageLayout.COMMIT_MASK;
    missed = (commit & PageLayout.MISSED_EVENTS & 0xffffffffL) != 0;
    missedStored = (commit & PageLayout.MISSED_STORED) != 0;
    assertTrue(missed || !missedStored, "a lost count is stored but the page's flag is not set");
    assertTrue(used <= PageLayout.capacity(pageSize), () -> used + " bytes on " + pageSize);
    walk(page);
    assertZeroBehind(page, PageLayout.DATA + used + (missedStored ? PageLayout.MISSED_ROOM : 0));
    assertRules(pageSize);
  }

  private void walk(MemorySegment page) {
    int end = PageLayout.DATA + used;
    int at = PageLayout.DATA;
    while (at < end) {
      int word = page.get(INT, at);
      int type = RecordLayout.type(word);
      boolean two = type == 0 || type >= RecordLayout.PADDING;
      int room = end - at;
      if (room < 2 * WORD) {
        fail(room + " bytes of records at " + at + " are no record");
      }
      int second = two ? page.get(INT, at + WORD) : 0;
      long size =
          switch (type) {
            case 0, RecordLayout.PADDING -> WORD + (second & 0xffffffffL);
            case RecordLayout.TIME_EXTEND, RecordLayout.TIME_STAMP -> RecordLayout.EXTEND_SIZE;
            default -> WORD + type * WORD;
          };
      if (size < 2 * WORD || size % WORD != 0 || size > room) {
        fail("a record of type " + type + " and " + size + " bytes at " + at + ", end " + end);
      }
      entries.add(new Entry(at, type, RecordLayout.delta(word), second, (int) size));
      at += (int) size;
    }
  }

  private static void assertZeroBehind(MemorySegment page, int from) {
    long rest = page.byteSize() - from;
    long at = page.asSlice(from).mismatch(ZEROS.asSlice(0, rest));
    assertEquals(-1, at, "the first byte behind the records that is not 0, counted from their end");
  }

  private void assertRules(int pageSize) {
    int capacity = PageLayout.capacity(pageSize);
    if (entries.size() > 1) {
      assertTrue(
          used <= capacity - PageLayout.MISSED_ROOM,
          () -> used + " bytes of records leave no room for the number of lost events");
    }
    if (!entries.isEmpty()) {
      Entry first = entries.getFirst();
      assertTrue(first.isEvent(), "a page begins with an event, else tools do not show its loss");
      assertEquals(0, first.delta(), "the page's time is that of its first event: delta");
    }
    if (missed && !missedStored) {
      assertTrue(
          used > capacity - PageLayout.MISSED_ROOM, "there is room for the number of lost events");
    }
    for (Entry entry : entries) {
      assertTrue(
          entry.type() != RecordLayout.PADDING || entry.delta() > 0,
          "padding with delta 0 ends the page for the kernel's readers");
    }
  }

  int events() {
    return (int) entries.stream().filter(Entry::isEvent).count();
  }
}
