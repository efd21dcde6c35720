package org.pagewheel.backend.heap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpinLockTest {
  private static final int THREADS = 16;

  private final SpinLock lock = new SpinLock();
  private long guarded;

  @Test
  void isHeldByOneThreadAtATime() throws InterruptedException {
    int turns = 20_000;
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int turn = 0; turn < turns; turn++) {
                      assertTrue(lock.enter());
                      guarded++;
                      lock.leave();
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals((long) THREADS * turns, guarded);
  }

  @Test
  void isEnteredAgainByItsHolder() {
    assertTrue(lock.enter());
    assertFalse(lock.enter());
    lock.leave();
    assertTrue(lock.enter());
    lock.leave();
  }

  @Test
  void waitersLeaveTheCpuToAStoppedHolder() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(THREADS);
    AtomicLong cpuNanos = new AtomicLong();
    assertTrue(lock.enter());
    for (int i = 0; i < THREADS; i++) {
      Thread.ofPlatform()
          .start(
              () -> {
                long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                boolean entered = lock.enter();
                long after = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                if (entered) {
                  lock.leave();
                  cpuNanos.addAndGet(after - before);
                  done.countDown();
                }
              });
    }
    Thread.sleep(1_000);
    lock.leave();
    assertTrue(done.await(120, TimeUnit.SECONDS), "a waiter did not get the lock");
    long millis = TimeUnit.NANOSECONDS.toMillis(cpuNanos.get());
    int all = 1_000 * Runtime.getRuntime().availableProcessors(); // what spinning takes
    assertTrue(millis < 3 * all / 4, THREADS + " waiters burnt " + millis + " of " + all + " ms");
  }

  @Test
  void aWaiterWhoseThreadIsInterruptedStillGetsItAndStaysInterrupted() throws InterruptedException {
    assertTrue(lock.enter());
    AtomicLong got = new AtomicLong();
    Thread waiter =
        Thread.ofPlatform()
            .start(
                () -> {
                  Thread.currentThread().interrupt();
                  if (lock.enter() && Thread.interrupted()) {
                    got.incrementAndGet();
                  }
                });
    Thread.sleep(20);
    lock.leave();
    waiter.join();
    assertEquals(1, got.get());
  }
}
