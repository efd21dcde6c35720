package org.pagewheel.runtime.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.tck.reference.SimpleBackend;

/** A buffer that nobody reads or writes after its ring was replaced. */
class IdleRingTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final BufferConfig CONFIG =
      BufferConfig.of("idle", "simple")
          .withPages(16, 4096)
          .withClock(1, Clock.of("mono", () -> 0), () -> 0);

  private final SwappableBuffer buffer =
      new SwappableBuffer(CONFIG, new RingOpener(() -> LONG, line -> {}), line -> {});

  /** How many rings there were, by their number, and which of them were closed. */
  private final List<Ring> opened = new ArrayList<>();

  private final List<Ring> closed = new ArrayList<>();

  @AfterEach
  void close() {
    buffer.close();
  }

  private final Backend backend =
      new Backend() {
        @Override
        public String name() {
          return "simple";
        }

        @Override
        public Ring open(RingConfig config) throws IOException {
          Ring real = new SimpleBackend().open(config);
          opened.add(real);
          return (Ring)
              Proxy.newProxyInstance(
                  Ring.class.getClassLoader(),
                  new Class<?>[] {Ring.class},
                  (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                      closed.add(real);
                    }
                    return method.invoke(real, arguments);
                  });
        }
      };

  private void replaced(Mode mode) throws IOException {
    buffer.replacing().replace(CONFIG.withMode(mode), backend, LONG);
    for (int i = 0; i < 100; i++) {
      assertTrue(buffer.write(new byte[200]));
    }
    buffer.replacing().replace(CONFIG.withMode(mode), backend, LONG);
    assertTrue(buffer.write(new byte[200]));
  }

  private int readAll() {
    int bytes = 0;
    try (PageReader reader = buffer.readers().pages()) {
      for (Page page = reader.take(0, true); page != null; page = reader.take(0, true)) {
        bytes++;
        page.release();
      }
    }
    return bytes;
  }

  @Test
  void theOldRingGoesAndWhatIsUnreadStays() throws Exception {
    replaced(Mode.OVERWRITE);
    buffer.replacing().letGoOfIdle(LONG);
    assertEquals(List.of(), closed, "it is not idle yet");
    buffer.replacing().letGoOfIdle(Duration.ZERO);
    assertEquals(List.of(opened.getFirst()), closed);
    assertEquals(101, buffer.counters().unread());
    assertTrue(readAll() > 5);
    Counters account = buffer.counters();
    assertEquals(101, account.written());
    assertEquals(101, account.read());
    assertEquals(0, account.overrun());
    assertEquals(0, account.unread());
  }

  /** Readers hold all pages that the ring has to spare: what is left can only be copied. */
  @Test
  void whatIsUnreadStaysWhileReadersHoldPages() throws Exception {
    replaced(Mode.OVERWRITE);
    List<Page> held = new ArrayList<>();
    int read = 0;
    try (PageReader reader = buffer.readers().pages()) {
      for (Page page = reader.take(0, true); page != null; page = reader.take(0, true)) {
        held.add(page);
      }
      assertEquals(1, buffer.rings() - 1, "the old ring is not read to its end");
      buffer.replacing().letGoOfIdle(Duration.ZERO);
      held.forEach(Page::release);
      for (Page page = reader.take(0, true); page != null; page = reader.take(0, true)) {
        read++;
        page.release();
      }
    }
    assertTrue(read > 0, "all had been read before");
    Counters account = buffer.counters();
    assertEquals(101, account.read());
    assertEquals(0, account.overrun());
  }

  @Test
  void anEventThatIsStillBeingWrittenKeepsItsRing() throws Exception {
    buffer.replacing().replace(CONFIG, backend, LONG);
    var ring = buffer.writer();
    long at = ring.reserve(8);
    buffer.replacing().replace(CONFIG, backend, LONG);
    buffer.replacing().letGoOfIdle(Duration.ZERO);
    assertEquals(List.of(), closed);
    ring.commit(at);
    buffer.replacing().letGoOfIdle(Duration.ZERO);
    assertEquals(List.of(opened.getFirst()), closed);
    assertEquals(1, buffer.counters().unread());
  }

  @Test
  void inModeDiscardItStays() throws Exception {
    replaced(Mode.DISCARD);
    buffer.replacing().letGoOfIdle(Duration.ZERO);
    assertEquals(List.of(), closed);
    assertEquals(101, buffer.counters().unread());
  }
}
