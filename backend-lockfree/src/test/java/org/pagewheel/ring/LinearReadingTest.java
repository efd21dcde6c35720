package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;

/** What a read costs grows with what is new, not with the size of the ring. */
class LinearReadingTest {
  private static final int PAGES = 2000;
  private static final int LENGTH = 3000; // one on a page

  private final RingLayout layout = new RingLayout(Mode.OVERWRITE, PAGES, 2, 4096);
  private final RingMemory memory =
      new RingMemory(MemorySegment.ofArray(new long[(int) layout.bytes() / 8]), layout);
  private final List<String> faults = new ArrayList<>();
  private final CpuRing ring = ring();

  private CpuRing ring() {
    memory.format();
    return new CpuRing(0, memory, Clock.MONO, () -> {}, () -> {}, faults::add);
  }

  private void write() {
    ring.writer.commit(ring.writer.reserve(LENGTH));
  }

  @Test
  void withPagesSteppedOverATakeLooksAtTheSlotsThatAreNew() {
    for (int i = 0; i < 5; i++) {
      ring.writer.reserve(LENGTH); // by threads that never go on
    }
    long written = 0;
    for (int i = 0; i < PAGES * 3 / 2; i++) {
      write();
      written++;
    }
    ring.reader.take(false).release();
    long before = ring.losses.looks();
    for (int i = 0; i < 100; i++) {
      write();
      write();
      written += 2;
      Page page = ring.reader.take(false);
      assertNotNull(page);
      page.release();
    }
    long looks = ring.losses.looks() - before;
    assertTrue(looks < 100 * 20, looks + " looks at slots for 100 pages");
    assertEquals(written, ring.account().counters().written(), "events that were committed");
    assertEquals(List.of(), faults);
  }

  @Test
  void aCopyDoesNotLookAgainAtThePagesBeforeIt() {
    assertLooksOnlyAtWhatIsNew(
        from -> ring.copy(from, MemorySegment.ofArray(new long[4096 / Long.BYTES])));
  }

  @Test
  void aCopyByAnotherProcessDoesNotLookAgainAtThePagesBeforeIt() {
    ForeignRing foreign = new ForeignRing(0, memory.segment, layout, id -> true);
    assertLooksOnlyAtWhatIsNew(
        from -> foreign.copy(from, MemorySegment.ofArray(new long[4096 / Long.BYTES])));
  }

  /**
   * A page that was passed is made to look as if an event were still being written on it, which it
   * cannot: who looks at it again finds that those behind it have to wait.
   */
  private void assertLooksOnlyAtWhatIsNew(LongFunction<Page> reader) {
    long first = ring.writer.reserve(LENGTH);
    long second = ring.writer.reserve(LENGTH);
    ring.writer.commit(second);
    write();
    assertEquals(0, copied(reader, 0), "the events of a page that is being written");
    assertNull(reader.apply(1), "a page behind one on which an event is being written");
    ring.writer.commit(first);
    for (int i = 0; i < 100; i++) {
      write();
    }
    long from = 0;
    for (int i = 0; i < 50; i++) {
      Page page = reader.apply(from);
      assertNotNull(page);
      assertEquals(from, page.sequence());
      from = page.sequence() + 1;
    }
    int passed = (int) ((Reservation.offset(second) - layout.firstPage) >>> layout.pageShift);
    long record = layout.page(passed) + PageLayout.DATA;
    memory.setHeaderRelease(record, memory.getHeaderAcquire(record) | Records.PENDING);
    memory.setMemoRelease(passed, 0);
    Page page = reader.apply(from);
    assertNotNull(page, "page " + from);
    assertEquals(from, page.sequence());
  }

  private static int copied(LongFunction<Page> reader, long from) {
    Page page = reader.apply(from);
    return page == null ? 0 : 1;
  }
}
