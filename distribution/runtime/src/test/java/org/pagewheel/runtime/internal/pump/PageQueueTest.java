package org.pagewheel.runtime.internal.pump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.Page;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.runtime.internal.config.ConsumerPlan.Policy;
import org.pagewheel.spi.CountedPage;

/** However a queue ends, each page is released, and each loss is counted once. */
@Timeout(120)
class PageQueueTest {
  private static final int SIZE = 4096;
  private static final long LONG_NANOS = Duration.ofMinutes(1).toNanos();

  private final AtomicInteger released = new AtomicInteger();

  private Page page(int sequence) {
    MemorySegment memory = MemorySegment.ofArray(new long[SIZE / Long.BYTES]);
    PageEncoder.open(memory, 0, 1);
    PageEncoder.finish(memory, 0, SIZE, 0, 0, false);
    return new CountedPage(0, sequence, 0, memory, page -> released.incrementAndGet());
  }

  /** As the pump does: whoever puts lets go of its own reference. */
  private void put(PageQueue queue, int sequence) {
    Page page = page(sequence);
    queue.put(page);
    page.release();
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aPageThatWaitsForRoomIsReleasedThoughTheQueueEndsMeanwhile() throws Exception {
    PageQueue queue = new PageQueue(new LentPages(1), 1, Policy.BLOCK, LONG_NANOS);
    put(queue, 0);
    Thread pump = Thread.ofPlatform().start(() -> put(queue, 1));
    awaitWaiting(pump);
    queue.lock.lock(); // it is not its turn before all this is done
    try {
      queue.close();
      queue.get(false, 0).release(1);
      queue.abandon();
    } finally {
      queue.lock.unlock();
    }
    pump.join();
    assertEquals(2, released.get());
    assertEquals(0, queue.size());
    assertEquals(0, queue.missed());
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void nothingIsPutIntoAQueueThatIsClosed(Policy policy) {
    PageQueue queue = new PageQueue(new LentPages(1), 1, policy, LONG_NANOS);
    put(queue, 0);
    queue.close();
    put(queue, 1);
    assertEquals(1, released.get());
    queue.get(false, 0).release(1);
    assertNull(queue.get(false, LONG_NANOS));
    assertEquals(2, released.get());
    assertEquals(0, queue.missed());
  }

  @Test
  void anInterruptEndsNoWait() throws Exception {
    PageQueue queue = new PageQueue(new LentPages(1), 1, Policy.BLOCK, LONG_NANOS);
    AtomicInteger got = new AtomicInteger();
    Thread consumer =
        Thread.ofPlatform()
            .start(
                () -> {
                  queue.get(false, LONG_NANOS).release(1);
                  got.incrementAndGet();
                });
    awaitWaiting(consumer);
    consumer.interrupt();
    put(queue, 0);
    consumer.join();
    assertEquals(1, got.get());

    put(queue, 1);
    Thread pump = Thread.ofPlatform().start(() -> put(queue, 2));
    awaitWaiting(pump);
    pump.interrupt();
    awaitWaiting(pump);
    queue.get(false, 0).release(1);
    pump.join();
    assertEquals(1, queue.size());
    assertEquals(0, queue.missed());
  }

  @Test
  void aDamagedPageIsDroppedLikeAnyOther() {
    PageQueue queue = new PageQueue(new LentPages(1), 1, Policy.DROP_OLDEST, LONG_NANOS);
    Page damaged =
        new CountedPage(
            0, 0, 0, MemorySegment.ofArray(new long[1]), p -> released.incrementAndGet());
    queue.put(damaged);
    damaged.release();
    put(queue, 1);
    assertEquals(1, released.get());
    assertEquals(1, queue.missed(), "at least one");
    assertEquals(-1, queue.get(false, 0).missed, "an unknown number");
  }
}
