package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/** The parts of backends one by one; the kit runs on all of them together in the example. */
class BackendPartsTest {
  private static final int SIZE = 4096;

  private long now = 100;
  private final ArrayDeque<RecordedPage> released = new ArrayDeque<>();

  private static MemorySegment memory() {
    return MemorySegment.ofArray(new long[SIZE / Long.BYTES]);
  }

  private static void write(RecordedPage page, long reservation, long value) {
    page.memory().set(PageLayout.LONG, Reservation.offset(reservation), value);
  }

  private static List<Long> values(Page page) throws DamagedPageException {
    List<Long> values = new ArrayList<>();
    PageCursor cursor = new PageCursor(PageFormat.of(SIZE)).reset(page.memory());
    while (cursor.next()) {
      values.add(page.memory().get(PageLayout.LONG, cursor.payloadOffset()));
    }
    return values;
  }

  private static long missed(Page page) throws DamagedPageException {
    return new PageCursor(PageFormat.of(SIZE)).reset(page.memory()).missed();
  }

  @Test
  void aPageIsReadInPartsUpToTheFirstOpenEvent() throws DamagedPageException {
    RecordedPage page = new RecordedPage(7, 0, memory());
    page.begin(3, now);
    long[] events = new long[5];
    for (int i = 0; i < events.length; i++) {
      assertTrue(page.fits(now + i, 8));
      events[i] = page.reserve(now + i, 8);
      write(page, events[i], i);
      assertEquals(7, RecordedPage.number(events[i]));
    }
    page.commit(events[0]);
    page.commit(events[1]);
    page.commit(events[3]);
    MemorySegment into = memory();
    Page first = page.part(into, 9, gone -> {});
    assertEquals(List.of(0L, 1L), values(first));
    assertEquals(9, missed(first));
    assertEquals(2, page.taken());
    assertNull(page.part(into, 0, gone -> {}), "the third event is open");
    page.discard(events[2]);
    assertThrows(IllegalStateException.class, () -> page.commit(events[2]));
    page.commit(events[4]);
    page.close();
    assertFalse(page.fits(now, 0));
    Page rest = page.part(page.memory(), 0, gone -> {});
    assertEquals(List.of(3L, 4L), values(rest));
    assertEquals(2, rest.firstEntry());
    assertEquals(3, rest.sequence());
  }

  @Test
  void aWriterThatWroteOverAHeaderIsFound() {
    RecordedPage page = new RecordedPage(0, 0, memory());
    page.begin(0, now);
    long first = page.reserve(now, 8);
    long second = page.reserve(now, 8);
    page.memory().asSlice(Reservation.offset(first), 16).fill((byte) 0xff);
    page.commit(first);
    page.commit(second);
    page.close();
    assertThrows(DamagedPageException.class, () -> page.part(memory(), 0, gone -> {}));
  }

  private CpuPages pages(int pages, String mode) {
    BufferConfig config =
        BufferConfig.builder("parts", "parts")
            .pages(pages)
            .pageSize(SIZE)
            .mode(org.pagewheel.Mode.valueOf(mode))
            .clock(Clock.of("mono", () -> now))
            .build();
    return new CpuPages(RingConfig.of(config), 0, 1, BackendPartsTest::memory, released::add);
  }

  private static void fill(CpuPages pages, int events) {
    for (int i = 0; i < events; i++) {
      long reservation = pages.reserve(SIZE - 1000);
      if (reservation >= 0) {
        pages.commit(reservation);
      }
    }
  }

  @Test
  void whatIsOverwrittenIsCountedAndSaidOnce() throws DamagedPageException {
    CpuPages pages = pages(2, "OVERWRITE");
    fill(pages, 5);
    Page page = pages.take(false);
    assertEquals(3, missed(page));
    assertNull(pages.take(true), "the only spare page is held");
    page.release();
    pages.release(released.remove());
    Page last = pages.take(true);
    assertEquals(0, missed(last));
    Counters account = pages.counters();
    assertEquals(5, account.written());
    assertEquals(2, account.read());
    assertEquals(3, account.overrun());
    assertEquals(0, account.unread());
  }

  @Test
  void whatIsRefusedIsCountedByCause() {
    CpuPages pages = pages(2, "DISCARD");
    fill(pages, 5);
    assertEquals(Refusal.TOO_LONG, pages.refuse(Refusal.TOO_LONG));
    pages.seal();
    assertEquals(Refusal.SEALED, pages.reserve(8));
    Counters account = pages.counters();
    assertEquals(2, account.written());
    assertEquals(3, account.dropped());
    assertEquals(1, account.tooLong());
    assertEquals(4, account.refused(), "a seal is no refusal");
  }

  @Test
  void aPageGivenUpWithAnOpenEventComesBackWithItsEnd() {
    CpuPages pages = pages(2, "OVERWRITE");
    long stalled = pages.reserve(SIZE - 1000);
    fill(pages, 3);
    assertNotNull(pages.take(true), "the first page is parked");
    pages.commit(stalled);
    Counters account = pages.counters();
    assertEquals(account.written(), account.read() + account.overrun() + account.unread());
    assertEquals(4, account.written());
    pages.close();
  }

  @Test
  void eachRefusalRaisesItsCounter() {
    for (Counter counter : Counter.values()) {
      if (counter.isRefusal()) {
        CpuAccount account = new CpuAccount();
        assertEquals(counter.refusal(), account.refuse(counter.refusal()));
        assertEquals(1, account.snapshot(Counters.NONE).get(counter), counter::toString);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> new CpuAccount().refuse(-99));
  }
}
