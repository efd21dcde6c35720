package org.pagewheel.backend.heap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.CpuNumber;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Trouble from outside: a clock that throws or records, a crowd of writers, a late release. */
class HeapRingTest {
  private final BufferConfig config = BufferConfig.of("test", "heap").withPages(4, 4096);
  private final List<String> faults = new ArrayList<>();
  private Ring ring;

  private Ring open(int cpus, LongSupplier reading, CpuNumber cpuNumber) throws IOException {
    Clock clock = Clock.of("mono", reading);
    ring =
        new HeapBackend()
            .open(new RingConfig(config.withClock(cpus, clock, cpuNumber), () -> {}, faults::add));
    return ring;
  }

  @Test
  void aBrokenClockDisablesTheCpuAndIsToldOnce() throws IOException {
    AtomicInteger readings = new AtomicInteger();
    LongSupplier breaking =
        () -> {
          if (readings.incrementAndGet() > 1) {
            throw new UnsupportedOperationException("no more time");
          }
          return 1;
        };
    try (Ring broken = open(2, breaking, () -> 0)) {
      broken.commit(broken.reserve(8));
      assertEquals(Refusal.DISABLED, broken.reserve(8));
      assertEquals(Refusal.DISABLED, broken.reserve(8));
      assertEquals(
          List.of(
              "heap ring of test, CPU 0 is disabled:"
                  + " java.lang.UnsupportedOperationException: no more time"),
          faults);
      assertEquals(2, broken.counters(0).disabled());
      Page page = broken.take(0, true);
      assertNotNull(page, "what was recorded before can be read");
      page.release();
    }
  }

  @Test
  void aClockThatWritesToItsOwnRingIsRefusedWhateverCpuItComesFrom() throws IOException {
    List<Long> nested = new ArrayList<>();
    AtomicInteger cpu = new AtomicInteger();
    LongSupplier writing =
        () -> {
          nested.add(ring.reserve(8));
          assertNull(ring.take(0, true));
          ring.flush(0);
          return nested.size();
        };
    try (Ring mine = open(3, writing, cpu::getAndIncrement)) {
      for (int i = 0; i < 6; i++) {
        mine.commit(mine.reserve(8));
      }
      assertEquals(List.of(-5L, -5L, -5L, -5L, -5L, -5L), nested);
      for (int i = 0; i < 3; i++) {
        assertEquals(2, mine.counters(i).recursion());
        assertEquals(2, mine.counters(i).written());
      }
    }
  }

  @Test
  void aCpuNumberThatWritesToItsOwnRingIsRefused() throws IOException {
    CpuNumber writing = () -> (int) -ring.reserve(8);
    try (Ring mine = open(3, () -> 1, writing)) {
      mine.commit(mine.reserve(8));
      assertEquals(1, mine.counters(0).recursion());
      assertEquals(1, mine.counters(5 % 3).written());
    }
  }

  @Test
  void manyMoreThreadsThanCpusDoNotCollapse() throws Exception {
    int threads = 16;
    int events = 20_000;
    long begin = System.nanoTime();
    try (Ring crowded = open(1, System::nanoTime, () -> 0)) {
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        writers.add(Thread.ofPlatform().start(() -> write(crowded, events)));
      }
      for (Thread writer : writers) {
        writer.join();
      }
      Counters c = crowded.counters(0);
      assertEquals((long) threads * events, c.written() + c.refused());
      long millis = (System.nanoTime() - begin) / 1_000_000;
      assertTrue(millis < 60_000, threads * events + " events took " + millis + " ms");
    }
  }

  private static void write(Ring ring, int events) {
    for (int i = 0; i < events; i++) {
      long at = ring.reserve(24);
      if (at >= 0) {
        ring.commit(at);
      }
    }
  }

  @Test
  void pagesAndReservationsOutliveTheRing() throws IOException {
    Ring closed = open(1, () -> 1, () -> 0);
    closed.commit(closed.reserve(8));
    long late = closed.reserve(8);
    Page page = closed.take(0, true);
    closed.close();
    assertEquals(Refusal.SEALED, closed.reserve(8));
    assertNull(closed.take(0, true));
    assertEquals(16 + 8, page.memory().get(org.pagewheel.format.PageLayout.INT, 8) + 8);
    page.release();
    assertNotNull(closed.memory(late));
    closed.commit(late);
    assertNull(closed.memory(late), "the memory is given back");
    assertThrows(IllegalStateException.class, () -> closed.commit(late));
    assertEquals(2, closed.counters(0).written());
  }

  @Test
  void aRefusalCannotBeCommitted() throws IOException {
    try (Ring full = open(1, () -> 1, () -> 0)) {
      long refused = full.reserve(full.maxEventSize() + 1);
      assertEquals(
          "nothing was reserved: the event is too long for a page",
          assertThrows(IllegalStateException.class, () -> full.commit(refused)).getMessage());
    }
  }

  @Test
  void discardingTheLastEventFreesItsRoom() throws IOException {
    BufferConfig small =
        config.withMode(Mode.DISCARD).withClock(1, Clock.of("mono", () -> 1), () -> 0);
    try (Ring free = new HeapBackend().open(RingConfig.of(small))) {
      for (int i = 0; i < 10_000; i++) {
        free.discard(free.reserve(1000));
      }
      free.commit(free.reserve(8));
      assertEquals(16, free.counters(0).bytes());
      assertEquals(10_000, free.counters(0).discarded());
      assertEquals(0, free.counters(0).pagesWritten());
    }
  }
}
