package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.pagewheel.spi.CountedPage;

/** The references of a page. */
class PageTest {
  private final AtomicInteger released = new AtomicInteger();
  private final Page page =
      new CountedPage(
          3, 17, 2, MemorySegment.ofArray(new long[512]), done -> released.incrementAndGet());

  @Test
  void theLastReleaseGivesThePageBackOnce() {
    assertSame(page, page.retain());
    page.retain();
    page.release();
    page.release();
    assertEquals(0, released.get());
    page.release();
    assertEquals(1, released.get());
    String message = assertThrows(IllegalStateException.class, page::release).getMessage();
    assertEquals("page 17 of CPU 3 is released", message);
    assertThrows(IllegalStateException.class, page::retain);
    assertThrows(IllegalStateException.class, page::release);
    assertEquals(1, released.get());
  }

  @Test
  void manyThreadsMayHoldAPage() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      page.retain();
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int j = 0; j < 10_000; j++) {
                      page.retain().release();
                    }
                    page.release();
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(0, released.get());
    page.release();
    assertEquals(1, released.get());
  }
}
