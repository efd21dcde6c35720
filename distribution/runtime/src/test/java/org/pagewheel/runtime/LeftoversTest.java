package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Leftovers;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** A reservation that was put aside on a full stack holds no reader back, and no new ring. */
@Timeout(120)
class LeftoversTest {
  private static final int EVENTS = 20;

  private Pagewheel pagewheel;

  @BeforeEach
  void start() {
    pagewheel = Pagewheel.start(Map.of());
  }

  @AfterEach
  void stop() {
    pagewheel.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void aReaderTakesThemBack(String backend) throws Exception {
    Buffer buffer = create(backend);
    write(buffer);
    assertEquals(2 * EVENTS, read(buffer));
    assertEquals(0, Leftovers.count);
    assertEquals(1, buffer.counters().discarded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void aReplacementTakesThemBack(String backend) throws Exception {
    Buffer buffer = create(backend);
    write(buffer);
    pagewheel.administration().replace(buffer.config().withPages(8, 4096));
    assertEquals(0, Leftovers.count);
    write(buffer);
    assertEquals(4 * EVENTS, read(buffer));
  }

  private Buffer create(String backend) throws Exception {
    return pagewheel
        .buffers()
        .create(BufferConfig.of("left", backend).withMode(Mode.DISCARD).withPages(4, 4096));
  }

  /** Puts a reservation aside on the way, as a writer on a full stack does. */
  private static void write(Buffer buffer) {
    write(buffer, EVENTS);
    RingWriter ring = ((WritableBuffer) buffer).writer();
    long at = ring.reserve(16);
    assertTrue(at >= 0);
    synchronized (Leftovers.RINGS) {
      Leftovers.RINGS[Leftovers.count] = ring;
      Leftovers.RESERVATIONS[Leftovers.count++] = at;
    }
    write(buffer, EVENTS);
  }

  private static void write(Buffer buffer, int events) {
    for (int i = 0; i < events; i++) {
      assertTrue(buffer.write(new byte[16]));
    }
  }

  private static long read(Buffer buffer) throws Exception {
    long events = 0;
    try (PageReader reader = buffer.readers().pages()) {
      for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
        for (Page page = reader.take(cpu, true); page != null; page = reader.take(cpu, true)) {
          events +=
              new PageCursor(PageFormat.of((int) page.memory().byteSize())).count(page.memory());
          page.release();
        }
      }
    }
    return events;
  }
}
