package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.backend.lockfree.internal.LockFreeBackend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** A reader that comes by while a writer opens the next page leaves that page to the writers. */
class TakeWhileOpenedTest {
  private static final int ROUNDS = 2000;
  private static final int EVENTS = 20;

  /**
   * A writer has stopped after it turned to the next page and before it opened that. The page is
   * empty when the reader looks at it, and open with events when he looks for what is pending on
   * it. Large pages, since he spends his time between the two.
   */
  @Test
  void aPageThatIsOpenedUnderTheReadersHandIsNotPassed() throws Exception {
    BufferConfig config =
        BufferConfig.of("opened", "lockfree")
            .withMode(Mode.DISCARD)
            .withPages(4, 65536)
            .withClock(1, Clock.MONO, () -> 0);
    try (Ring ring = new LockFreeBackend().open(RingConfig.of(config))) {
      write(ring, 1);
      CyclicBarrier together = new CyclicBarrier(2);
      Thread writer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; round < ROUNDS; round++) {
                      await(together);
                      write(ring, EVENTS);
                      await(together);
                    }
                  });
      for (int round = 0; round < ROUNDS; round++) {
        ring.flush(0);
        takeAll(ring);
        turnWithoutOpening(ring);
        await(together);
        for (int i = 0; i < 10; i++) {
          release(ring.take(0, false));
        }
        await(together);
      }
      writer.join();
      ring.flush(0);
      takeAll(ring);
      Counters counters = ring.counters(0);
      int written = 1 + ROUNDS * EVENTS;
      assertEquals(written, counters.written(), () -> "written, in " + counters);
      assertEquals(written, counters.read(), () -> "read, in " + counters);
    }
  }

  private static void turnWithoutOpening(Ring ring) {
    CpuRing cpu = ((PageRing) ring).writer(0).ring;
    long before = cpu.memory.getCurrentAcquire();
    while (cpu.memory.getCurrentAcquire() == before) {
      assertEquals(Mover.AGAIN, cpu.mover.turn(before, 0));
    }
    int page = CurrentWord.page(cpu.memory.getCurrentAcquire());
    assertEquals(PageWord.EMPTIED, PageWord.state(cpu.memory.getPageWordAcquire(page)));
  }

  private static void write(Ring ring, int events) {
    for (int i = 0; i < events; i++) {
      long at = ring.reserve(8);
      assertTrue(at >= 0, "refused");
      ring.commit(at);
    }
  }

  private static void takeAll(Ring ring) {
    for (Page page = ring.take(0, false); page != null; page = ring.take(0, false)) {
      page.release();
    }
  }

  private static void release(Page page) {
    if (page != null) {
      page.release();
    }
  }

  private static void await(CyclicBarrier together) {
    try {
      together.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
