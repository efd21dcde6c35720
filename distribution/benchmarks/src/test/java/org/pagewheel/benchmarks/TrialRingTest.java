package org.pagewheel.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/** That the variants which are measured against each other do the same, and do it right. */
class TrialRingTest {
  private static final int LENGTH = 32;
  private static final int SIZE = 36;
  private static final int EVENTS_PER_PAGE =
      (PageLayout.capacity(BufferUnderTest.PAGE_SIZE) - PageLayout.MISSED_ROOM) / SIZE;
  private static final int THREADS = 4;
  private static final int EVENTS = 50_000;
  private static final int PAGES = 8;

  private static long write(TrialRing ring, long value, long now) {
    long at = ring.reserve(LENGTH, now);
    if (at != TrialRing.REFUSED) {
      TrialBenchmark.write(ring, at, value);
    }
    return at;
  }

  /** The first long of each event, the oldest first; its others are the same. */
  private static List<Long> read(TrialRing ring, int pages) throws DamagedPageException {
    List<Long> values = new ArrayList<>();
    PageCursor cursor = new PageCursor(PageFormat.of(BufferUnderTest.PAGE_SIZE));
    long time = 0;
    for (int nth = 0; nth < pages; nth++) {
      cursor.reset(ring.page(nth));
      while (cursor.next()) {
        assertEquals(LENGTH, cursor.payloadLength());
        assertTrue(cursor.time() >= time, "time runs back");
        time = cursor.time();
        long value = cursor.payload().get(PageLayout.LONG, 0);
        for (int i = Long.BYTES; i < LENGTH; i += Long.BYTES) {
          assertEquals(value, cursor.payload().get(PageLayout.LONG, i), "a torn event");
        }
        values.add(value);
      }
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"header", "word", "unchecked"})
  void everyEventOfManyThreadsIsThereOrOverwrittenInOrder(String commit) throws Exception {
    try (Arena arena = Arena.ofShared()) {
      TrialRing ring = TrialBenchmark.Rings.make(commit, arena, PAGES, System.nanoTime());
      CountDownLatch start = new CountDownLatch(THREADS);
      long written = 0;
      try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
        List<Future<Long>> counts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          int me = thread;
          counts.add(threads.submit(() -> writeAll(ring, me, start)));
        }
        for (Future<Long> count : counts) {
          written += count.get();
        }
      }
      List<Long> values = read(ring, PAGES);
      assertEquals(written, values.size() + ring.lost() / SIZE);
      long[] last = {-1, -1, -1, -1};
      for (long value : values) {
        int thread = (int) (value % THREADS);
        assertTrue(value > last[thread], value + " of thread " + thread + " twice, or too late");
        last[thread] = value;
      }
    }
  }

  private static long writeAll(TrialRing ring, int thread, CountDownLatch start)
      throws InterruptedException {
    start.countDown();
    start.await();
    long written = 0;
    for (long n = 0; n < EVENTS; n++) {
      if (write(ring, n * THREADS + thread, System.nanoTime()) != TrialRing.REFUSED) {
        written++;
      }
    }
    return written;
  }

  @ParameterizedTest
  @ValueSource(strings = {"header", "word", "unchecked"})
  void aPageWithAnEventInFlightIsNotOverwritten(String commit) throws Exception {
    try (Arena arena = Arena.ofShared()) {
      TrialRing ring = TrialBenchmark.Rings.make(commit, arena, 2, 1_000);
      long stalled = ring.reserve(LENGTH, 1_000);
      for (int i = 1; i < 2 * EVENTS_PER_PAGE; i++) {
        assertNotEquals(TrialRing.REFUSED, write(ring, i, 1_000 + i));
      }
      assertEquals(TrialRing.REFUSED, write(ring, -1, 2_000));
      assertEquals(0, ring.lost());
      TrialBenchmark.write(ring, stalled, 0);
      List<Long> before = read(ring, 2);
      assertEquals(2 * EVENTS_PER_PAGE, before.size());
      assertNotEquals(TrialRing.REFUSED, write(ring, 2L * EVENTS_PER_PAGE, 2_000));
      assertEquals((long) EVENTS_PER_PAGE * SIZE, ring.lost());
      List<Long> after = read(ring, 2);
      assertEquals(
          before.subList(EVENTS_PER_PAGE, before.size()), after.subList(0, EVENTS_PER_PAGE));
      assertEquals(2L * EVENTS_PER_PAGE, after.getLast());
    }
  }
}
