package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.EventReader;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.Readers;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** The ring beneath a buffer is replaced. */
@Timeout(120)
class ReplaceTest {
  private static final int THREADS = 8;

  /** How often a ring is replaced under load. */
  private static final int REPLACEMENTS = Integer.getInteger("replacements", 40);

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private Pagewheel pagewheel;

  @TempDir Path directory;

  @BeforeEach
  void start() {
    pagewheel = Pagewheel.start(Map.of("pagewheel.drain-timeout", "60 s"));
  }

  @AfterEach
  void stop() {
    pagewheel.close();
  }

  private static List<Arguments> backends() {
    return List.of(
        Arguments.of("heap", "heap"),
        Arguments.of("heap", "lockfree"),
        Arguments.of("lockfree", "heap"),
        Arguments.of("lockfree", "lockfree"));
  }

  private Buffer create(Mode mode, int pages, int pageSize) throws IOException {
    BufferConfig config = BufferConfig.of("x", "heap").withMode(mode).withPages(pages, pageSize);
    return pagewheel.buffers().create(config);
  }

  private void replace(BufferConfig config) throws IOException {
    pagewheel.administration().replace(config);
  }

  /** Takes pages until it is told to stop and nothing is left. */
  private static CompletableFuture<Load.Account> drain(Buffer buffer, boolean[] stop) {
    return CompletableFuture.supplyAsync(
        () -> {
          Load.Account account = new Load.Account(buffer.readers().cpus(), THREADS);
          try (PageReader reader = buffer.readers().pages()) {
            boolean last = false;
            while (true) {
              int taken = 0;
              for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
                for (int turn = 0; turn < 32; turn++) {
                  Page page = reader.take(cpu, last);
                  if (page == null) {
                    break;
                  }
                  taken++;
                  account.add(page);
                  page.release();
                }
              }
              synchronized (stop) {
                if (last && taken == 0) {
                  return account;
                }
                last = stop[0];
              }
              if (taken == 0) {
                Thread.sleep(1);
              }
            }
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void underLoadNothingIsLostDoubledOrOutOfOrder() throws Exception {
    Buffer buffer = create(Mode.DISCARD, 64, 4096);
    boolean[] stop = new boolean[1];
    CompletableFuture<Load.Account> draining = drain(buffer, stop);
    Load load = new Load(buffer, THREADS).start();
    int[] pages = {64, 16, 128};
    int[] sizes = {4096, 16384, 8192, 65536};
    for (int replaced = 0; replaced < REPLACEMENTS; replaced++) {
      Thread.sleep(10);
      replace(
          buffer
              .config()
              .withPages(pages[replaced % pages.length], sizes[replaced % sizes.length])
              .withBackend(replaced % 2 == 0 ? "lockfree" : "heap", Map.of()));
    }
    long written = load.stop();
    synchronized (stop) {
      stop[0] = true;
    }
    Load.Account account = draining.get(180, TimeUnit.SECONDS);

    account.assertComplete(written);
    assertEquals(0, account.missed());
    Counters counters = buffer.counters();
    assertEquals(written, counters.written());
    assertEquals(written, counters.read());
    assertEquals(0, counters.overrun());
    assertEquals(load.refused(), counters.refused());
    assertTrue(written > REPLACEMENTS, written + " events");
  }

  @Test
  void inOverwriteModeEveryLossIsTold() throws Exception {
    Buffer buffer = create(Mode.OVERWRITE, 8, 4096);
    boolean[] stop = new boolean[1];
    CompletableFuture<Load.Account> draining = drain(buffer, stop);
    Load load = new Load(buffer, THREADS).start();
    for (int i = 0; i < REPLACEMENTS; i++) {
      Thread.sleep(5);
      replace(
          buffer
              .config()
              .withPages(i % 2 == 0 ? 4 : 12, 4096)
              .withBackend(i % 3 == 0 ? "lockfree" : "heap", Map.of()));
    }
    long written = load.stop();
    synchronized (stop) {
      stop[0] = true;
    }
    Load.Account account = draining.get(180, TimeUnit.SECONDS);

    Counters counters = buffer.counters();
    assertEquals(written, counters.written());
    assertEquals(account.events(), counters.read());
    assertEquals(0, counters.unread());
    assertEquals(written, account.events() + counters.overrun());
    // What was lost at the very end of a stream has no page behind it to tell of it.
    assertTrue(account.missed() <= counters.overrun());
    assertTrue(written > REPLACEMENTS, written + " events");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void inOverwriteModeTheOldRingStaysReadableUntilItHasAged(String before, String after)
      throws Exception {
    Buffer buffer = one(before);
    for (int i = 0; i < 10; i++) {
      assertTrue(Load.write(buffer, 0, i));
    }
    replace(buffer.config().withBackend(after, Map.of()).withPages(8, 16384));
    for (int i = 10; i < 20; i++) {
      assertTrue(Load.write(buffer, 0, i));
    }

    assertEquals(range(0, 20), snapshot(buffer));
    assertEquals(range(0, 20), snapshot(buffer), "a snapshot consumes nothing");
    assertEquals(20, buffer.counters().unread());
    assertEquals(range(0, 20), iterate(buffer));
    assertEquals(20, pagewheel.buffers().save(directory.resolve("x.dat"), "one"));
    TraceCmd.run("dump", "--validate", directory.resolve("x.dat").toString());

    long count = 20;
    while (rings("one") > 1) {
      assertTrue(count < 1_000_000, "the old ring never goes");
      for (int i = 0; i < 1000; i++) {
        Load.write(buffer, 0, count++);
      }
      Thread.sleep(20);
    }
    Counters counters = buffer.counters();
    assertEquals(count, counters.written());
    assertTrue(counters.overrun() >= 10);
    try (EventReader reader = buffer.readers().events()) {
      assertTrue(reader.next());
      assertEquals(counters.overrun(), reader.missed());
    }
  }

  /** A buffer of one CPU, so that all events lie in one stream. */
  private Buffer one(String backend) throws IOException {
    return one(backend, 4);
  }

  private Buffer one(String backend, int pages) throws IOException {
    BufferConfig config = BufferConfig.of("one", backend).withPages(pages, 4096);
    return pagewheel.buffers().create(config.withClock(1, config.clock(), () -> 0));
  }

  private int rings(String name) {
    return pagewheel.administration().buffers().stream()
        .filter(status -> status.name().equals(name))
        .findFirst()
        .orElseThrow()
        .rings();
  }

  private static List<Long> range(long from, long to) {
    return java.util.stream.LongStream.range(from, to).boxed().toList();
  }

  private static List<Long> snapshot(Buffer buffer) throws Exception {
    List<Long> counts = new ArrayList<>();
    for (Page page : buffer.readers().snapshot(0)) {
      var format = org.pagewheel.format.PageFormat.of((int) page.memory().byteSize());
      var cursor = new org.pagewheel.format.PageCursor(format).reset(page.memory());
      assertEquals(0, cursor.missed());
      while (cursor.next()) {
        counts.add(page.memory().get(LONG, cursor.payloadOffset() + 8));
      }
    }
    return counts;
  }

  private static List<Long> iterate(Buffer buffer) throws Exception {
    List<Long> counts = new ArrayList<>();
    try (EventReader reader = buffer.readers().iterate()) {
      while (reader.next()) {
        assertEquals(0, reader.missed());
        counts.add(reader.payload().get(LONG, 8));
      }
    }
    return counts;
  }

  @ParameterizedTest
  @MethodSource("backends")
  void anIteratorGoesOnOverTheChange(String before, String after) throws Exception {
    Buffer buffer = one(before);
    try (EventReader reader = buffer.readers().iterate()) {
      for (long i = 0; i < 2000; i++) {
        if (i % 50 == 20) {
          replace(
              buffer
                  .config()
                  .withBackend(after, Map.of())
                  .withPages(4, i % 100 == 20 ? 8192 : 4096));
        }
        assertTrue(Load.write(buffer, 0, i));
        assertTrue(reader.next(), "event " + i);
        assertEquals(i, reader.payload().get(LONG, 8));
        assertEquals(0, reader.missed(), "before event " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aReaderByEventGoesOnOverTheChange(String before, String after) throws Exception {
    Buffer buffer = one(before);
    try (EventReader reader = buffer.readers().events()) {
      for (long i = 0; i < 300; i++) {
        if (i % 30 == 10) {
          replace(
              buffer
                  .config()
                  .withBackend(after, Map.of())
                  .withPages(4, i % 60 == 10 ? 16384 : 4096));
        }
        assertTrue(Load.write(buffer, 0, i));
        if (i % 3 == 2) {
          for (long j = i - 2; j <= i; j++) {
            assertTrue(reader.next());
            assertEquals(j, reader.payload().get(LONG, 8));
            assertEquals(0, reader.missed());
          }
        }
      }
    }
    assertEquals(300, buffer.counters().read());
    assertEquals(0, buffer.counters().unread());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aReservationOutlivesItsRing(String before, String after) throws Exception {
    Buffer buffer = one(before);
    RingWriter old = ((WritableBuffer) buffer).writer();
    long at = old.reserve(16);
    assertTrue(at >= 0);
    replace(buffer.config().withBackend(after, Map.of()).withPages(8, 4096));
    assertTrue(Load.write(buffer, 0, 1));
    MemorySegment memory = old.memory(at);
    memory.set(LONG, Reservation.offset(at), 0);
    memory.set(LONG, Reservation.offset(at) + 8, 0);
    old.commit(at);

    try (EventReader reader = buffer.readers().events()) {
      assertTrue(reader.next());
      assertEquals(0, reader.payload().get(LONG, 8));
      assertTrue(reader.next());
      assertEquals(1, reader.payload().get(LONG, 8));
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aWriterThatNeverCommitsHoldsReadersOnlyForAWhile(String before, String after)
      throws Exception {
    Buffer buffer = one(before);
    RingWriter old = ((WritableBuffer) buffer).writer();
    Load.write(buffer, 0, 0);
    long stalled = old.reserve(16);
    Load.write(buffer, 0, 1);
    replace(buffer.config().withBackend(after, Map.of()).withPages(8, 4096));
    Load.write(buffer, 0, 2);

    Readers readers = buffer.readers();
    try (EventReader reader = readers.events()) {
      assertTrue(reader.next());
      assertEquals(0, reader.payload().get(LONG, 8));
      long begin = System.nanoTime();
      while (!reader.next()) {
        assertTrue(System.nanoTime() - begin < 60_000_000_000L, "readers are held for ever");
        Thread.sleep(10);
      }
      assertEquals(2, reader.payload().get(LONG, 8));
      assertEquals(1, reader.missed(), "event 1 was given up, and that is told");
    }
    old.commit(stalled);
    assertEquals(4, buffer.counters().written());
    assertEquals(2, buffer.counters().overrun());
    assertEquals(2, buffer.counters().read());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void onAndOffStayAsTheyAre(String before, String after) throws Exception {
    Buffer buffer = one(before);
    buffer.off();
    replace(buffer.config().withBackend(after, Map.of()).withPages(8, 4096));
    assertTrue(!buffer.isOn());
    assertTrue(!Load.write(buffer, 0, 0));
    buffer.on();
    assertTrue(Load.write(buffer, 0, 0));
    assertEquals(1, buffer.counters().disabled());
  }

  @Test
  void whatCannotBeDoneChangesNothing() throws Exception {
    Buffer buffer = one("heap");
    RingWriter ring = ((WritableBuffer) buffer).writer();
    BufferConfig config = buffer.config();
    BufferConfig none = config.withBackend("heapp", Map.of());
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> replace(none));
    assertEquals("there is no backend heapp: did you mean heap?", e.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> replace(config.withBackend("heap", Map.of("sapres", "2"))));
    assertThrows(IOException.class, () -> replace(config.withPages(1 << 20, 8192)));
    assertThrows(IllegalArgumentException.class, () -> replace(config.withPages(3, 5)));
    assertThrows(
        IllegalArgumentException.class,
        () -> replace(config.withClock(2, config.clock(), config.cpuNumber())));
    assertSame(ring, ((WritableBuffer) buffer).writer());
    assertEquals(config, buffer.config());
  }

  @ParameterizedTest
  @MethodSource("backends")
  void manyReplacementsInARowLoseNothing(String before, String after) throws Exception {
    for (Mode mode : Mode.values()) {
      Buffer buffer = one(before, 128);
      replace(buffer.config().withMode(mode));
      int replacements = 10;
      for (int i = 0; i < replacements; i++) {
        Load.write(buffer, 0, i);
        replace(buffer.config().withBackend(i % 2 == 0 ? after : before, Map.of()));
      }
      Load.write(buffer, 0, replacements);

      assertEquals(replacements + 1, buffer.counters().unread(), mode.name());
      assertEquals(0, buffer.counters().overrun(), mode.name());
      assertEquals(range(0, replacements + 1), snapshot(buffer));
      assertEquals(range(0, replacements + 1), iterate(buffer));
      try (EventReader reader = buffer.readers().events()) {
        for (long i = 0; i <= replacements; i++) {
          assertTrue(reader.next());
          assertEquals(i, reader.payload().get(LONG, 8));
          assertEquals(0, reader.missed());
        }
        assertFalse(reader.next());
      }
      assertEquals(0, buffer.counters().unread());
      pagewheel.buffers().destroy("one");
    }
  }

  /** However often: in mode discard the oldest is kept, in mode overwrite the newest. */
  @Test
  void whatIsKeptOfRingsBeforeIsBounded() throws Exception {
    Buffer buffer = one("heap", 128);
    int[] next = {0};
    try (LogLines log = new LogLines()) {
      while (buffer.counters().overrun() == 0) {
        assertTrue(next[0] < 1000, "the rings before grow without end");
        Load.write(buffer, 0, next[0]++);
        replace(buffer.config());
      }
      while (log.count("buffer one: 1 unread events of its oldest ring are given up") == 0) {
        Thread.sleep(1);
      }
    }
    assertTrue(next[0] > 20, next[0] + " replacements");

    replace(buffer.config().withMode(Mode.DISCARD));
    long lost = buffer.counters().overrun();
    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              for (int i = 0; i < 3; i++) { // some of the rings before may be empty
                Load.write(buffer, 0, next[0]++);
                replace(buffer.config());
              }
            });
    assertEquals(lost, buffer.counters().overrun());
    assertTrue(e.getMessage().contains("read them first"), e.getMessage());

    try (EventReader reader = buffer.readers().events()) {
      for (long i = lost; i < next[0]; i++) {
        assertTrue(reader.next());
        assertEquals(i, reader.payload().get(LONG, 8));
        assertEquals(i == lost ? lost : 0, reader.missed());
      }
      assertFalse(reader.next());
    }
  }
}
