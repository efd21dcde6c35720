package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerContext;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** A backend goes while its rings are in use: nothing that was recorded goes with it. */
@Timeout(120)
class DepartureTest {
  private static final String BUFFER = "pagewheel.buffers.x.";

  private final Plugins plugins = new Plugins();
  private Engine engine;
  private Buffer buffer;
  private Backend guest;

  /** Another backend of some name, each time it comes. */
  private record Guest(String name, Backend real) implements Backend {
    @Override
    public Ring open(RingConfig config) throws IOException {
      return real.open(config);
    }
  }

  private static Backend real(String name) {
    return ServiceLoader.load(Backend.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(backend -> backend.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void start(Mode mode, String... more) {
    Map<String, String> settings = new java.util.HashMap<>();
    settings.put(BUFFER + "backend", "guest");
    settings.put(BUFFER + "mode", mode.name().toLowerCase(java.util.Locale.ROOT));
    settings.put(BUFFER + "pages", "64");
    settings.put(BUFFER + "cpus", "2");
    settings.put("pagewheel.drain-timeout", "2 s");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    plugins.backends().add("heap", 0, real("heap"));
    arrive("heap");
    engine = Engine.start(ConfigLoader.load(Optional.empty(), new Properties(), settings), plugins);
    buffer = engine.buffers().get("x");
  }

  @AfterEach
  void stop() {
    engine.stop();
  }

  private void arrive(String kind) {
    guest = new Guest("guest", real(kind));
    plugins.backends().add("guest", 0, guest);
  }

  private void leave() {
    plugins.backends().remove(guest);
    guest = null;
  }

  private BufferStatus status() {
    return engine.administration().buffers().stream()
        .filter(each -> each.name().equals("x"))
        .findFirst()
        .orElseThrow();
  }

  private void write(int from, int to) {
    for (int i = from; i < to; i++) {
      assertTrue(Load.write(buffer, 0, i), "event " + i);
    }
  }

  private int readAll() throws Exception {
    var account = new Load.Account(2, 1);
    try (PageReader reader = buffer.readers().pages()) {
      for (int cpu = 0; cpu < 2; cpu++) {
        for (Page page = reader.take(cpu, true); page != null; page = reader.take(cpu, true)) {
          account.add(page);
          page.release();
        }
      }
    }
    assertEquals(0, account.missed());
    return (int) account.events();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void withoutAFallbackTheBufferIsOffAndSaysWhyAndWhatItHadCanBeRead(Mode mode) throws Exception {
    start(mode);
    write(0, 1000);
    leave();
    assertEquals(BufferStatus.State.WAITING, status().state());
    assertEquals("backend guest has gone", status().problem().orElseThrow());
    assertFalse(buffer.isOn());
    assertFalse(Load.write(buffer, 0, 1000));
    assertEquals(1000, buffer.counters().unread());
    assertEquals(0, buffer.counters().overrun());
    int copied = 0;
    try (EventReader reader = buffer.readers().iterate()) {
      while (reader.next()) {
        assertEquals(0, reader.missed());
        copied++;
      }
    }
    assertEquals(1000, copied);
    arrive("heap");
    assertEquals(BufferStatus.State.ON, status().state());
    write(1000, 2000);
    assertEquals(2000, readAll());
    assertEquals(2000, buffer.counters().read());
    assertEquals(1, buffer.counters().disabled());
    write(2000, 2001);
    assertEquals(1, status().rings(), "and nothing is kept longer than needed");
  }

  /** A page that was still open is kept in part, and is none that was read. */
  @Test
  void theAccountOfPagesIsRightThoughTheLastPageWasOpen() throws Exception {
    start(Mode.OVERWRITE);
    write(0, 1000);
    try (PageReader reader = buffer.readers().pages()) {
      reader.take(buffer.counters(0).unread() > 0 ? 0 : 1, true).release();
    }
    write(1000, 1003);
    long pagesRead = buffer.counters().pagesRead();
    long read = buffer.counters().read();
    leave();
    assertEquals(pagesRead, buffer.counters().pagesRead());
    assertEquals(read, buffer.counters().read());
    assertEquals(1003 - read, buffer.counters().unread());
    assertEquals(1003 - read, readAll());
    assertTrue(buffer.counters().pagesRead() <= buffer.counters().pagesWritten());
  }

  @Test
  void inModeOverwriteManyDeparturesLoseNothingThatARingWouldHaveKept() throws Exception {
    start(Mode.OVERWRITE);
    for (int i = 0; i < 30; i++) {
      write(i * 10, i * 10 + 10);
      leave();
      arrive(i % 2 == 0 ? "lockfree" : "heap");
    }
    assertEquals(0, buffer.counters().overrun());
    assertEquals(300, readAll());
  }

  @Test
  void whatIsKeptAgesLikePages() {
    start(Mode.OVERWRITE);
    write(0, 10);
    leave();
    arrive("heap");
    write(10, 100_000);
    leave();
    assertTrue(buffer.counters().overrun() > 0);
    assertEquals(100_000, buffer.counters().unread() + buffer.counters().overrun());
    arrive("heap");
    assertTrue(status().rings() <= 3, status()::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"heap", "lockfree"})
  void underLoadWithAFallbackEveryEventComesOutOnce(String kind) throws Exception {
    start(Mode.DISCARD, BUFFER + "fallback", "heap");
    var account = new Load.Account(2, 4);
    plugins.consumers().add("book", 0, new Book(account));
    engine.administration().attach("x", "book", Map.of("type", "book", "policy", "block"));
    Load load = new Load(buffer, 4).start();
    for (int i = 0; i < 40; i++) {
      leave();
      assertEquals("heap", buffer.config().backend());
      assertTrue(buffer.isOn());
      arrive(kind);
      engine.administration().replace(buffer.config().withBackend("guest", Map.of()));
      Thread.sleep(5);
    }
    long written = load.stop();
    engine.buffers().destroy("x");
    assertEquals(0, account.missed());
    account.assertComplete(written);
    assertTrue(written > 1000, written + " events");
  }

  private record Book(Load.Account account) implements ConsumerFactory {
    @Override
    public String type() {
      return "book";
    }

    @Override
    public PageConsumer open(ConsumerContext context) {
      return new PageConsumer() {
        @Override
        public void accept(Page page, long missed) throws IOException {
          try {
            account.add(page);
          } catch (Exception e) {
            throw new IOException(e);
          }
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void aReaderThatHoldsPagesKeepsThemAndNothingIsLost() throws Exception {
    start(Mode.DISCARD);
    List<Page> held = new ArrayList<>();
    for (int i = 0; Load.write(buffer, 0, i); i++) {
      // until it is full
    }
    long written = buffer.counters().written();
    var account = new Load.Account(2, 1);
    try (PageReader reader = buffer.readers().pages()) {
      for (int cpu = 0; cpu < 2; cpu++) {
        for (Page page = reader.take(cpu, true); page != null; page = reader.take(cpu, true)) {
          held.add(page);
        }
      }
    }
    Thread departure = Thread.ofPlatform().start(this::leave);
    Thread.sleep(100);
    for (Page page : held) {
      account.add(page);
      page.release();
    }
    departure.join();
    assertEquals(0, buffer.counters().overrun());
    assertEquals(written, account.events() + readAll());
  }

  @Test
  void anEventThatIsBeingWrittenIsWaitedForAShortWhileAndThenCountedIfItComes() throws Exception {
    start(Mode.OVERWRITE, "pagewheel.drain-timeout", "1 h");
    write(0, 5);
    RingWriter ring = ((WritableBuffer) buffer).writer();
    long at = ring.reserve(16);
    write(6, 16);
    leave(); // waits for a second at most, and not for as long as for readers
    ring.memory(at);
    ring.commit(at);
    var counters = buffer.counters();
    assertEquals(counters.written(), counters.unread() + counters.overrun());
    assertTrue(counters.unread() >= 5, counters::toString);
  }

  @Test
  void anotherBackendOfTheSameNameTakesOver() {
    start(Mode.OVERWRITE);
    Backend other = new Guest("guest", real("heap"));
    plugins.backends().add("guest", 0, other);
    write(0, 10);
    leave();
    assertEquals(BufferStatus.State.ON, status().state());
    write(10, 20);
    assertEquals(20, buffer.counters().unread());
    guest = other;
    leave();
    assertEquals(BufferStatus.State.WAITING, status().state());
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void fromTheFallbackTheBufferGoesBackWhenItsBackendIsBack(Mode mode) throws Exception {
    start(mode, BUFFER + "fallback", "heap", BUFFER + "settings.spares", "9");
    for (int i = 0; i < 3; i++) {
      write(i * 200, i * 200 + 100);
      leave();
      assertEquals("heap", buffer.config().backend());
      assertEquals(Map.of(), buffer.config().settings());
      write(i * 200 + 100, i * 200 + 200);
      arrive(i % 2 == 0 ? "lockfree" : "heap");
      assertEquals("guest", buffer.config().backend());
      assertEquals(Map.of("spares", "9"), buffer.config().settings());
      assertEquals((i + 1) * 200, readAll() + i * 200, "in round " + i);
    }
    assertEquals(0, buffer.counters().overrun());
  }

  @Test
  void itGoesBackAlsoWhenTheFallbackHasGoneMeanwhile() {
    start(Mode.OVERWRITE, BUFFER + "fallback", "heap");
    leave();
    plugins.backends().remove(plugins.backends().find("heap").orElseThrow());
    assertEquals(BufferStatus.State.WAITING, status().state());
    arrive("lockfree");
    assertEquals("guest", buffer.config().backend());
    assertEquals(BufferStatus.State.ON, status().state());
  }

  @Test
  void whoSwapsItMeanwhileIsNotOverruled() throws Exception {
    start(Mode.OVERWRITE, BUFFER + "fallback", "heap");
    plugins.backends().add("lockfree", 0, real("lockfree"));
    for (String wanted : List.of("lockfree", "heap")) {
      engine.administration().replace(buffer.config().withBackend("guest", Map.of()));
      leave();
      assertEquals("heap", buffer.config().backend());
      engine.administration().replace(buffer.config().withBackend(wanted, Map.of()));
      arrive("heap");
      assertEquals(wanted, buffer.config().backend());
    }
  }

  @Test
  void whatElseIsChangedMeanwhileStays() throws Exception {
    start(Mode.OVERWRITE, BUFFER + "fallback", "heap");
    leave();
    engine.administration().replace(buffer.config().withPages(128, 8192));
    engine.administration().replace(buffer.config().withMode(Mode.DISCARD));
    arrive("lockfree");
    assertEquals("guest", buffer.config().backend());
    assertEquals(128, buffer.config().pages());
    assertEquals(8192, buffer.config().pageSize());
    assertEquals(Mode.DISCARD, buffer.config().mode());
  }

  /** It cannot make a ring in that moment: the buffer stays where it is, and goes back later. */
  @Test
  void whereItCannotGoBackAtOnceItDoesLater() throws Exception {
    start(Mode.OVERWRITE, BUFFER + "fallback", "heap");
    write(0, 10);
    leave();
    Backend real = real("heap");
    var refusals = new java.util.concurrent.atomic.AtomicInteger(1);
    guest =
        new Backend() {
          @Override
          public String name() {
            return "guest";
          }

          @Override
          public Ring open(RingConfig config) throws IOException {
            if (refusals.getAndDecrement() > 0) {
              throw new IOException("not yet");
            }
            return real.open(config);
          }
        };
    plugins.backends().add("guest", 0, guest);
    assertEquals("heap", buffer.config().backend());
    write(10, 20);
    long end = System.nanoTime() + 120_000_000_000L;
    while (!buffer.config().backend().equals("guest") && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertEquals("guest", buffer.config().backend());
    assertEquals(20, readAll());
  }

  /** Also with a writer's reference to a ring before it, and a page that is read by half. */
  @Test
  void nothingOfTheBackendIsHeldAfterwards() throws Exception {
    start(Mode.OVERWRITE);
    RingWriter remembered = ((WritableBuffer) buffer).writer();
    for (int i = 0; i < 3; i++) {
      engine.administration().replace(buffer.config());
    }
    write(0, 1000);
    try (EventReader reader = buffer.readers().events()) {
      assertTrue(reader.next());
    }
    var gone = new WeakReference<>(guest);
    leave();
    for (int i = 0; gone.get() != null && i < 100; i++) {
      System.gc();
      Thread.sleep(20);
    }
    assertEquals(null, gone.get());
    assertNotNull(remembered);
    assertEquals(999, readAll());
  }
}
