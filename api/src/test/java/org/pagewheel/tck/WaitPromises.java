package org.pagewheel.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Mode;
import org.pagewheel.Readers;
import org.pagewheel.spi.OwnedReaders;

/** Waiting for events: watermark, time-out, waking up. */
abstract class WaitPromises extends Promises {
  private static final Duration SHORT = Duration.ofMillis(30);
  private static final Duration LONG = Duration.ofSeconds(20);

  WaitPromises(RingConformance kit) {
    super(kit);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50, 100})
  void anEmptyRingIsWaitedForUntilTheTimeOut(int percent) throws InterruptedException {
    Readers readers = open(Mode.OVERWRITE).readers();
    long begin = System.nanoTime();
    assertFalse(readers.await(percent, SHORT), "an empty ring");
    assertTrue(System.nanoTime() - begin >= SHORT.toNanos(), "the time-out is kept");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void anyEventEndsTheWaitForNoWatermark(Mode mode) throws InterruptedException {
    BookedRing ring = open(mode);
    Readers readers = ring.readers();
    ring.write(USUAL, 1);
    assertTrue(readers.await(0, LONG), "one event is there");
    assertFalse(readers.await(1, SHORT), "no page is full");
    ring.takeAll(0);
    assertFalse(readers.await(0, SHORT), "the event was consumed");
  }

  /** As the kernel counts: full pages and one, of all pages. */
  @Test
  void theWatermarkIsCountedInFullPages() throws InterruptedException {
    BookedRing ring = open(Mode.DISCARD, 8, SMALL_PAGE, 1);
    Readers readers = ring.readers();
    int perPage = ring.perPage(BIG);
    int[] percents = {25, 37, 50, 62, 75};
    ring.write(BIG, 1);
    for (int full = 1; full <= 5; full++) {
      assertFalse(readers.await(percents[full - 1], SHORT), full + " full pages are not there yet");
      ring.write(BIG, perPage);
      assertTrue(readers.await(percents[full - 1], LONG), full + " full pages of 8 are there");
    }
    ring.take(0, false, new ArrayList<>());
    assertFalse(readers.await(75, SHORT), "one of five full pages was taken");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 50})
  void aWaiterIsWokenByAWriter(int percent) throws InterruptedException {
    BookedRing ring = open(Mode.OVERWRITE);
    Readers readers = ring.readers();
    for (int round = 0; round < 5; round++) {
      AtomicBoolean result = new AtomicBoolean();
      CountDownLatch waiting = new CountDownLatch(1);
      Team team = new Team();
      team.start(
          "waiter",
          () -> {
            waiting.countDown();
            result.set(readers.await(percent, LONG));
          });
      waiting.await();
      Thread.sleep(round);
      ring.write(BIG, percent == 0 ? 1 : 2 * ring.perPage(BIG) + 1);
      team.join();
      assertTrue(result.get(), "the waiter was woken");
      ring.takeAll(0);
    }
  }

  @Test
  void aFlushedPageEndsTheWait() throws InterruptedException {
    BookedRing ring = open(Mode.OVERWRITE);
    Readers readers = ring.readers();
    ring.write(USUAL, 1);
    assertFalse(readers.await(1, SHORT));
    ring.ring.flush(0);
    assertTrue(readers.await(1, LONG), "a flushed page is a full one");
  }

  @Test
  void allWaitersWakeOnClose() throws InterruptedException {
    BookedRing ring = open(Mode.OVERWRITE);
    OwnedReaders owned = new OwnedReaders(ring.ring, ring.wakeup);
    Readers readers = owned.view();
    Team team = new Team();
    CountDownLatch woken = new CountDownLatch(4);
    for (int i = 0; i < 4; i++) {
      int percent = 30 * i;
      team.start(
          "waiter",
          () -> {
            assertFalse(readers.await(percent, LONG), "closed, and nothing is there");
            woken.countDown();
          });
    }
    Thread.sleep(10);
    owned.close();
    assertTrue(woken.await(5, TimeUnit.SECONDS), "all waiters wake on close");
    team.join();
    ring.write(USUAL, 1);
    assertFalse(readers.await(0, LONG), "after close nobody waits");
    owned.close();
  }

  @Test
  void aWaiterCanBeInterrupted() throws InterruptedException {
    Readers readers = open(Mode.OVERWRITE).readers();
    AtomicReference<Object> outcome = new AtomicReference<>();
    Thread waiter =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    outcome.set(readers.await(0, LONG));
                  } catch (InterruptedException e) {
                    outcome.set("interrupted");
                  }
                });
    Thread.sleep(5);
    waiter.interrupt();
    waiter.join(5000);
    assertEquals("interrupted", outcome.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 101})
  void aWatermarkThatIsNoPercentageIsAnError(int percent) {
    Readers readers = open(Mode.OVERWRITE).readers();
    assertThrows(IllegalArgumentException.class, () -> readers.await(percent, SHORT));
  }
}
