package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.backend.lockfree.internal.LockFreeBackend;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** The newest event that is taken back leaves nothing; another one leaves a record to skip. */
class GivingBackTest {
  private static final int LARGE = 1000;

  private final AtomicLong now = new AtomicLong(1000);
  private Ring ring;

  @BeforeEach
  void open() throws IOException {
    ring =
        new LockFreeBackend()
            .open(
                RingConfig.of(
                    BufferConfig.of("back", "lockfree")
                        .withMode(Mode.OVERWRITE)
                        .withPages(2, 4096)
                        .withClock(1, Clock.of("test", now::get), () -> 0)));
  }

  @AfterEach
  void close() {
    ring.close();
  }

  private long reserve(int length) {
    long at = ring.reserve(length);
    assertTrue(at >= 0, "refused");
    ring.memory(at).asSlice(Reservation.offset(at), length).fill((byte) 0x7f);
    return at;
  }

  /** The times of all events. */
  private List<Long> takeAll() throws IOException {
    List<Long> times = new ArrayList<>();
    for (Page page = ring.take(0, true); page != null; page = ring.take(0, true)) {
      PageCursor cursor = new PageCursor(PageFormat.of(4096));
      cursor.reset(page.memory());
      while (cursor.next()) {
        times.add(cursor.time());
      }
      page.release();
    }
    return times;
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 112, 113, LARGE})
  void theRoomIsUsedAgain(int length) throws IOException {
    ring.commit(reserve(4));
    for (int i = 0; i < 10_000; i++) {
      now.addAndGet(10);
      ring.discard(reserve(length));
    }
    now.set(5000);
    ring.commit(reserve(4));
    Counters counters = ring.counters(0);
    assertEquals(2, counters.written(), counters::toString);
    assertEquals(10_000, counters.discarded(), counters::toString);
    assertEquals(16, counters.bytes(), "two events of 8 bytes with their headers");
    assertEquals(List.of(1000L, 5000L), takeAll(), "a time that was taken back is no event's");
  }

  /** The time extends stay, of up to 134 ms, too, which a page needs none for. */
  @ParameterizedTest
  @CsvSource({
    "4, 1000000000, 1000000000",
    "1000, 1000000000, 1000000000",
    "4, 100000000, 5",
    "4, 100000000, 100000000",
    "4, 100000000, 1000000000",
    "4, 1000000000, 100000000",
    "4, 1000000000, 5",
    "4, 5, 100000000"
  })
  void afterAPauseTheTimesAreRight(int length, long first, long second) throws IOException {
    ring.commit(reserve(4));
    now.addAndGet(first);
    ring.discard(reserve(length));
    now.addAndGet(second);
    ring.commit(reserve(4));
    ring.commit(reserve(4));
    long time = 1000 + first + second;
    assertEquals(List.of(1000L, time, time), takeAll());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, LARGE})
  void oneThatIsNotTheNewestIsSkipped(int length) throws IOException {
    long first = reserve(length);
    now.addAndGet(10);
    long second = reserve(length);
    ring.discard(first);
    ring.commit(second);
    assertEquals(List.of(1010L), takeAll());
    assertEquals(1, ring.counters(0).discarded());
  }

  /** Those that are taken back in the order in which a stack of calls unwinds leave nothing. */
  @ParameterizedTest
  @ValueSource(ints = {4, LARGE})
  void oneAfterTheOtherFromTheNewest(int length) throws IOException {
    long first = reserve(length);
    long second = reserve(length);
    ring.discard(second);
    ring.discard(first);
    assertEquals(0, ring.counters(0).bytes());
    ring.commit(reserve(4));
    assertEquals(1, takeAll().size());
  }
}
