package org.pagewheel.runtime.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.tck.reference.SimpleBackend;

/** What is kept of a ring is all that was unread, whether its pages are taken or copied. */
class KeptRingTest {
  private static final BufferConfig CONFIG =
      BufferConfig.of("kept", "simple")
          .withPages(16, 4096)
          .withClock(1, Clock.of("mono", () -> 0), () -> 0);

  private final Ring ring;

  KeptRingTest() throws IOException {
    ring = new SimpleBackend().open(RingConfig.of(CONFIG));
  }

  private long reserve(long number) {
    long at = ring.reserve(16);
    ring.memory(at).set(PageLayout.LONG, Reservation.offset(at), number);
    return at;
  }

  private void write(long from, long to) {
    for (long i = from; i < to; i++) {
      ring.commit(reserve(i));
    }
  }

  private static List<Long> readAll(Ring kept) throws Exception {
    List<Long> read = new ArrayList<>();
    for (Page page = kept.take(0, true); page != null; page = kept.take(0, true)) {
      PageCursor cursor = new PageCursor(PageFormat.of(4096));
      cursor.reset(page.memory());
      assertEquals(0, cursor.missed());
      while (cursor.next()) {
        read.add(page.memory().get(PageLayout.LONG, cursor.payloadOffset()));
      }
      page.release();
    }
    return read;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofAPageThatIsHalfReadTheRestIsKept(boolean copies) throws Exception {
    write(0, 10);
    ring.take(0, true).release();
    write(10, 30);
    ring.seal();
    KeptRing kept = new KeptRing(ring, CONFIG, copies);
    assertTrue(kept.absorb());
    assertEquals(20, kept.counters(0).unread());
    kept.cut();
    assertEquals(0, kept.lost(0), "given up");
    assertEquals(LongStream.range(10, 30).boxed().toList(), readAll(kept));
    Counters after = kept.counters(0);
    assertEquals(30, after.read());
    assertEquals(0, after.unread());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPageIsWaitedForWhileAnEventInItIsWritten(boolean copies) throws Exception {
    write(0, 3);
    long late = reserve(3);
    write(4, 6);
    ring.seal();
    KeptRing kept = new KeptRing(ring, CONFIG, copies);
    assertFalse(kept.absorb());
    ring.commit(late);
    assertTrue(kept.absorb());
    kept.cut();
    assertEquals(0, kept.lost(0), "given up");
    assertEquals(LongStream.range(0, 6).boxed().toList(), readAll(kept));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsBeforeAnEventThatIsNeverFinishedIsKept(boolean copies) throws Exception {
    write(0, 3);
    reserve(3);
    ring.seal();
    KeptRing kept = new KeptRing(ring, CONFIG, copies);
    assertFalse(kept.absorb());
    kept.cut();
    assertEquals(0, kept.lost(0), "given up: what was committed");
    assertEquals(List.of(0L, 1L, 2L), readAll(kept));
  }
}
