package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.EventReader;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.Pause;
import org.pagewheel.event.EventType;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.spi.OwnFiles;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** A buffer is cleared: what is unread and the account go, the rest stays. */
@Timeout(300)
class ClearTest {
  private static final int THREADS = 4;
  private static final int CLEARS = 50;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private static final Set<Counter> RISING =
      EnumSet.complementOf(EnumSet.of(Counter.BYTES, Counter.OLDEST));

  record Step(long number) {}

  private static final EventType<Step> STEP = EventType.of("clearing", Step.class);

  record Other(long number) {}

  private static final EventType<Other> OTHER = EventType.of("others", Other.class);

  @TempDir Path directory;

  private Pagewheel pagewheel;

  @BeforeEach
  void start() {
    pagewheel = Pagewheel.start(Map.of("pagewheel.drain-timeout", "60 s"));
  }

  @AfterEach
  void stop() {
    pagewheel.close();
  }

  private BufferConfig config(String backend, Mode mode) {
    Map<String, String> settings =
        backend.equals("offheap") ? Map.of("file", directory.resolve("ring").toString()) : Map.of();
    return BufferConfig.of("x", backend)
        .withMode(mode)
        .withPages(8, 4096)
        .withBackend(backend, settings);
  }

  /** Of one CPU, so that all events lie in one stream. */
  private Buffer one(String backend) throws IOException {
    BufferConfig config = config(backend, Mode.OVERWRITE);
    return pagewheel.buffers().create(config.withClock(1, config.clock(), () -> 0));
  }

  private static void write(Buffer buffer, long from, long to) {
    for (long i = from; i < to; i++) {
      assertTrue(Load.write(buffer, 0, i));
    }
  }

  private static List<Long> read(EventReader reader) throws Exception {
    List<Long> counts = new ArrayList<>();
    while (reader.next()) {
      assertEquals(0, reader.missed());
      counts.add(reader.payload().get(LONG, 8));
    }
    return counts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void whatIsUnreadAndTheAccountGo(String backend) throws Exception {
    Buffer buffer = one(backend);
    write(buffer, 0, 2000); // some are overwritten
    assertFalse(buffer.write(new byte[5000]));
    Counters before = buffer.counters();
    assertTrue(before.overrun() > 0);
    assertEquals(before, buffer.totals());

    buffer.clear();
    assertEquals(Counters.ZERO, buffer.counters());
    Counters left = before.toBuilder().add(Counter.PAGES_WRITTEN, 1).build(); // by the seal
    assertEquals(left.withUnreadCleared(), buffer.totals());
    assertEquals(List.of(), buffer.readers().snapshot(0));
    try (EventReader reader = buffer.readers().iterate()) {
      assertFalse(reader.next());
    }

    write(buffer, 2000, 2003);
    try (EventReader reader = buffer.readers().events()) {
      assertEquals(List.of(2000L, 2001L, 2002L), read(reader));
    }
    assertEquals(3, buffer.counters().written());
    assertEquals(3, buffer.counters().read());
    assertEquals(before.read() + 3, buffer.totals().read());
    assertEquals(before.unread(), buffer.totals().cleared());
    assertEquals(0, buffer.totals().unread());
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void anIterationGoesOnAfterAClearWithNothingMissed(String backend) throws Exception {
    Buffer buffer = one(backend);
    write(buffer, 0, 10);
    try (EventReader reader = buffer.readers().iterate()) {
      for (long i = 0; i < 4; i++) {
        assertTrue(reader.next());
        assertEquals(i, reader.payload().get(LONG, 8));
      }
      buffer.clear();
      assertFalse(reader.next(), "what is cleared is not handed on");
      write(buffer, 10, 13);
      assertEquals(List.of(10L, 11L, 12L), read(reader));
    }
  }

  /** What has been cleared is not found after the death of the process either. */
  @Test
  void nothingIsLeftUnreadInAFile() throws Exception {
    Buffer buffer = one("offheap");
    write(buffer, 0, 200);
    buffer.clear();
    write(buffer, 200, 210);
    assertNothingLeft(200, 200);
  }

  /** The one file of a replaced ring. */
  private Path left() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> left = files.filter(file -> file.toString().endsWith(".left")).toList();
      assertEquals(1, left.size(), left::toString);
      return left.getFirst();
    }
  }

  private void assertNothingLeft(long taken, long events) throws Exception {
    try (RingFile ring = RingFile.open(left())) {
      assertEquals(events - taken, ring.salvage(0).events());
      assertEquals(taken, ring.salvage(0).taken());
    }
  }

  /** A reader has all spare pages when the buffer is cleared: the rest is dropped after that. */
  @Test
  void nothingIsLeftUnreadInAFileOnceReadersHaveGivenPagesBack() throws Exception {
    Map<String, String> settings =
        Map.of("file", directory.resolve("ring").toString(), "spares", "2");
    BufferConfig config = config("offheap", Mode.DISCARD).withBackend("offheap", settings);
    Buffer buffer = pagewheel.buffers().create(config.withClock(1, config.clock(), () -> 0));
    write(buffer, 0, 1000);
    List<Page> held = new ArrayList<>();
    try (PageReader pages = buffer.readers().pages()) {
      for (Page page = pages.take(0, false); page != null; page = pages.take(0, false)) {
        held.add(page);
      }
      long unread = buffer.counters().unread();
      assertTrue(unread > 100, "the ring has no page to spare");
      buffer.clear();
      assertEquals(unread, buffer.totals().cleared());
      held.forEach(Page::release);
    }
    for (int i = 0; i < 1000 && OwnFiles.contains(left()); i++) {
      Thread.sleep(20); // until somebody has tidied up
    }
    assertNothingLeft(1000, 1000);
    assertEquals(Counters.ZERO, buffer.counters());
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void whatAReaderHasLeftOfItsPageGoes(String backend) throws Exception {
    Buffer buffer = one(backend);
    write(buffer, 0, 30);
    try (EventReader reader = buffer.readers().events()) {
      assertTrue(reader.next());
      assertTrue(reader.next());
      assertEquals(28, buffer.counters().unread());
      buffer.clear();
      assertEquals(Counters.ZERO, buffer.counters());
      assertTotals(30, 2, 0, 28, buffer); // it drops them
      write(buffer, 30, 32);
      assertTotals(32, 2, 0, 30, buffer);
      assertEquals(List.of(30L, 31L), read(reader));
      assertTotals(32, 4, 28, 0, buffer);
      write(buffer, 32, 40);
      assertTrue(reader.next());
    }
    buffer.clear(); // the rest waits for the next reader now
    assertEquals(List.of(), buffer.readers().snapshot(0));
    assertTotals(40, 5, 28, 7, buffer);
    write(buffer, 40, 41);
    try (PageReader pages = buffer.readers().pages()) {
      Page page = pages.take(0, true);
      assertEquals(40, page.memory().get(LONG, 16 + 4 + 8));
      page.release();
    }
    assertTotals(41, 6, 35, 0, buffer);
    assertEquals(1, buffer.counters().read());
  }

  private static void assertTotals(
      long written, long read, long cleared, long unread, Buffer buffer) {
    Counters totals = buffer.totals();
    assertEquals(written, totals.written(), "written");
    assertEquals(read, totals.read(), "read");
    assertEquals(cleared, totals.cleared(), "cleared");
    assertEquals(unread, totals.unread(), "unread");
    assertEquals(0, totals.overrun(), "overrun");
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree", "offheap"})
  void anEventBeingWrittenGoesWithItsRing(String backend) throws Exception {
    Buffer buffer = one(backend);
    RingWriter ring = ((WritableBuffer) buffer).writer();
    long at = ring.reserve(16);
    write(buffer, 1, 10);
    buffer.clear();
    write(buffer, 10, 12);
    ring.memory(at).set(LONG, Reservation.offset(at), 0);
    ring.commit(at);
    assertTotals(12, 0, 10, 2, buffer);
    assertEquals(2, buffer.counters().written());
    try (EventReader reader = buffer.readers().events()) {
      assertEquals(List.of(10L, 11L), read(reader));
    }
  }

  @Test
  void pausesTheSwitchTriggersEventsAndConsumersStay() throws Exception {
    Buffer buffer = one("lockfree");
    Path files = directory.resolve("files");
    pagewheel.administration().attach("x", "disk", Map.of("type", "splice", "dir", "" + files));
    pagewheel.administration().addTrigger("x", "clearing:step traceoff if number == 7");
    buffer.events().only(List.of("clearing:*"));
    Pause pause = buffer.pause("a test");
    buffer.clear();
    assertFalse(STEP.record(buffer, new Step(0)));
    pause.close();
    buffer.off("a test");
    buffer.clear();
    assertFalse(STEP.record(buffer, new Step(1)));
    buffer.on();
    assertTrue(STEP.record(buffer, new Step(2)));
    buffer.clear();
    assertTrue(STEP.record(buffer, new Step(7)));
    assertFalse(buffer.isOn(), "the trigger is there");
    buffer.on();
    assertFalse(OTHER.record(buffer, new Other(1)), "the event types stay");
    buffer.close();
    List<String> events = new ArrayList<>();
    for (Path file : SplicedFiles.list(files)) {
      events.addAll(TraceCmd.report(file));
    }
    assertTrue(events.stream().anyMatch(line -> line.contains("number=7")), events::toString);
  }

  @Test
  void whereThereIsNoRingToBeHadNothingChanges() throws Exception {
    Buffer buffer = one("offheap");
    write(buffer, 0, 30);
    Path ring = directory.resolve("ring");
    Files.move(ring, directory.resolve("aside"));
    Files.writeString(ring, "no ring");
    IOException failed = assertThrows(IOException.class, buffer::clear);
    assertTrue(failed.getMessage().contains("is not a ring"), failed.getMessage());
    assertEquals(30, buffer.counters().unread());
    assertEquals(buffer.counters(), buffer.totals());
    write(buffer, 30, 31);
    try (EventReader reader = buffer.readers().events()) {
      assertEquals(31, read(reader).size());
    }
  }

  /** What the readers have got, by event and by page in turn. */
  private static long readAll(Buffer buffer, boolean[] stop) throws Exception {
    Load.Account account = new Load.Account(buffer.readers().cpus(), THREADS);
    long byEvent = 0;
    for (boolean last = false; ; ) {
      long before = byEvent + account.events();
      try (EventReader reader = buffer.readers().events()) {
        for (int i = 0; i < 500 && reader.next(); i++) {
          byEvent++;
        }
      }
      try (PageReader reader = buffer.readers().pages()) {
        for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
          for (Page page; (page = reader.take(cpu, last)) != null; page.release()) {
            account.add(page);
          }
        }
      }
      if (last && before == byEvent + account.events()) {
        return before;
      }
      synchronized (stop) {
        last = stop[0];
      }
    }
  }

  /** Totals never fall, where a ring gives its account in one piece. */
  private static void watch(Buffer buffer, boolean[] stop) {
    Counters[] before = new Counters[buffer.readers().cpus()];
    java.util.Arrays.fill(before, Counters.ZERO);
    while (true) {
      synchronized (stop) {
        if (stop[0]) {
          return;
        }
      }
      for (int cpu = 0; cpu < before.length; cpu++) {
        Counters now = buffer.totals(cpu);
        for (Counter counter : RISING) {
          long was = before[cpu].get(counter);
          assertTrue(now.get(counter) >= was, counter + " falls: " + before[cpu] + " " + now);
        }
        before[cpu] = now;
      }
      Thread.yield();
    }
  }

  private static void pauses(Buffer buffer, boolean[] stop) throws InterruptedException {
    while (true) {
      synchronized (stop) {
        if (stop[0]) {
          return;
        }
      }
      try (Pause pause = buffer.pause("a test")) {
        assertFalse(buffer.isOn(), pause::toString);
      }
      Thread.sleep(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void underLoadTheAccountStaysExact(Mode mode) throws Exception {
    underLoad(mode, "lockfree", "offheap", "heap");
  }

  @ParameterizedTest
  @EnumSource
  void underLoadNoTotalFalls(Mode mode) throws Exception {
    underLoad(mode, "heap");
  }

  private void underLoad(Mode mode, String... backends) throws Exception {
    Buffer buffer = pagewheel.buffers().create(config("heap", mode));
    boolean[] stop = new boolean[1];
    boolean[] read = new boolean[1];
    List<CompletableFuture<Void>> others = new ArrayList<>();
    CompletableFuture<Long> reading = run(() -> readAll(buffer, read));
    if (backends.length == 1) {
      others.add(
          run(
              () -> {
                watch(buffer, stop);
                return null;
              }));
    }
    others.add(
        run(
            () -> {
              pauses(buffer, stop);
              return null;
            }));
    Load load = new Load(buffer, THREADS).start();
    for (int i = 0; i < CLEARS; i++) {
      Thread.sleep(5);
      if (i % 5 == 4) {
        BufferConfig next = config(backends[i / 5 % backends.length], mode);
        pagewheel.administration().replace(next.withPages(i % 2 == 0 ? 8 : 16, 4096));
      }
      buffer.clear();
    }
    long written = load.stop();
    synchronized (stop) {
      stop[0] = true;
    }
    for (CompletableFuture<Void> other : others) {
      other.get(180, TimeUnit.SECONDS);
    }
    synchronized (read) {
      read[0] = true;
    }
    long events = reading.get(180, TimeUnit.SECONDS);

    Counters totals = buffer.totals();
    assertEquals(written, totals.written());
    assertEquals(load.refused(), totals.refused());
    assertEquals(events, totals.read());
    assertEquals(0, totals.unread());
    assertEquals(written, events + totals.overrun() + totals.cleared());
    assertTrue(totals.cleared() > 0);
    Counters since = buffer.counters();
    assertEquals(since.written(), since.read() + since.overrun());

    buffer.clear();
    assertEquals(Counters.ZERO, buffer.counters());
    write(buffer, written, written + 100);
    assertEquals(100, buffer.counters().written());
    assertEquals(100, buffer.counters().unread());
    assertEquals(written + 100, buffer.totals().written());
    assertEquals(written, events + totals.overrun() + buffer.totals().cleared());
  }

  private interface Work<T> {
    T run() throws Exception;
  }

  private static <T> CompletableFuture<T> run(Work<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return work.run();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }
}
