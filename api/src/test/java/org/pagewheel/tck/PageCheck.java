package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;

/** Checks the pages of one CPU as they come: each by itself, and its place among the others. */
final class PageCheck {
  private final int cpu;
  private final int pageSize;
  private final PageCursor cursor;
  private long lastTime = Long.MIN_VALUE;
  private long lastSequence = -1;
  private int nextEntry;
  private long told;
  private boolean toldUnknown;
  private long events;

  PageCheck(int cpu, int pageSize) {
    this.cpu = cpu;
    this.pageSize = pageSize;
    this.cursor = new PageCursor(PageFormat.of(pageSize));
  }

  /** A page that was taken: it goes on exactly behind the one before. */
  void accept(Page page, Consumer<ReadEvent> sink) {
    if (page.sequence() == lastSequence) {
      assertEquals(nextEntry, page.firstEntry(), () -> "first entry of another copy of " + page);
    } else {
      assertTrue(page.sequence() > lastSequence, () -> page + " after number " + lastSequence);
      assertEquals(0, page.firstEntry(), () -> "first entry of a new page, " + page);
      nextEntry = 0;
    }
    lastSequence = page.sequence();
    nextEntry += walk(page, sink);
    lastTime = Math.max(lastTime, cursor.time());
  }

  /** A page that was copied or comes from a snapshot: checked by itself alone. */
  void acceptCopy(Page page, Consumer<ReadEvent> sink) {
    lastTime = Long.MIN_VALUE;
    walk(page, sink);
  }

  private int walk(Page page, Consumer<ReadEvent> sink) {
    assertEquals(cpu, page.cpu(), "the page's CPU");
    MemorySegment memory = page.memory();
    assertEquals(pageSize, memory.byteSize(), "bytes of the page's memory");
    RawPage raw = new RawPage(memory);
    int count = 0;
    try {
      cursor.reset(memory);
      assertEquals(raw.missed, cursor.missed() != 0, "the flag of lost events");
      long missed = cursor.missed();
      tell(missed);
      long time = lastTime;
      while (cursor.next()) {
        if (cursor.time() < time) {
          fail("time runs back from " + time + " to " + cursor.time() + " on " + page);
        }
        time = cursor.time();
        long id = EventBytes.check(memory, cursor.payloadOffset(), cursor.payloadLength());
        sink.accept(new ReadEvent(id, time, page.sequence(), missed));
        missed = 0;
        count++;
      }
    } catch (DamagedPageException e) {
      fail(page + " on CPU " + cpu + ": " + e.getMessage(), e);
    }
    assertEquals(raw.events(), count, () -> "events by the cursor and by hand on " + page);
    events += count;
    return count;
  }

  private void tell(long missed) {
    if (missed < 0) {
      toldUnknown = true;
    } else {
      told += missed;
    }
  }

  /** Lost events that the pages told. */
  long told() {
    return told;
  }

  /** Whether a page told a loss whose number it had no room for. */
  boolean toldUnknown() {
    return toldUnknown;
  }

  long events() {
    return events;
  }
}
