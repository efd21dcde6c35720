package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.EventReader;
import org.pagewheel.Page;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.CountedPage;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** What a backend does wrong stays with its buffer. */
@Timeout(60)
class BrokenBackendTest {
  private static final String BROKEN = "broken on purpose";

  private final Plugins plugins = new Plugins();
  private Engine engine;

  private static final Backend HEAP = OddBackend.HEAP;

  @BeforeEach
  void start() {
    Settings settings =
        ConfigLoader.load(
            java.util.Optional.empty(),
            new java.util.Properties(),
            Map.of("pagewheel.open-timeout", "300 ms", "pagewheel.defaults.backend", "heap"));
    plugins.backends().add("heap", 0, HEAP);
    engine = Engine.start(settings, plugins);
  }

  @AfterEach
  void stop() {
    engine.stop();
  }

  private BufferConfig config(OddBackend.Opener opener) {
    plugins.backends().add("bad", 0, new OddBackend("bad", opener));
    BufferConfig config = BufferConfig.of("x", "bad").withPages(4, 4096);
    return config.withClock(1, config.clock(), () -> 0);
  }

  private Buffer create(OddBackend.Opener opener) throws IOException {
    return engine.buffers().create(config(opener));
  }

  /** A real ring, which throws from the methods that {@code when} names. */
  private static Ring throwing(RingConfig config, Predicate<String> when) {
    return throwing(config, when, () -> new UnsupportedOperationException("broken on purpose"));
  }

  private static Ring throwing(
      RingConfig config, Predicate<String> when, Supplier<Throwable> what) {
    try {
      return OddBackend.ring(
          config,
          (method, arguments, rest) -> {
            if (when.test(method)) {
              throw what.get();
            }
            return rest.call();
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private BufferStatus status(String name) {
    return engine.administration().buffers().stream()
        .filter(status -> status.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private void awaitFailed(String name, String why) throws InterruptedException {
    while (status(name).problem().isEmpty()) {
      Thread.sleep(5);
    }
    assertTrue(status(name).problem().get().contains(why), status(name).toString());
    assertEquals(BufferStatus.State.FAILED, status(name).state());
  }

  @ParameterizedTest
  @ValueSource(strings = {"reserve", "memory", "commit", "discard"})
  void aMethodForWritersThatThrowsHarmsNoWriter(String method) throws Exception {
    boolean[] bad = new boolean[1];
    Buffer buffer = create(c -> throwing(c, name -> bad[0] && name.equals(method)));
    assertTrue(Load.write(buffer, 0, 0));
    bad[0] = true;
    if (method.equals("discard")) {
      RingWriter ring = ((WritableBuffer) buffer).writer();
      ring.discard(ring.reserve(8));
    } else {
      Load.write(buffer, 0, 1);
    }
    bad[0] = false;

    assertFalse(Load.write(buffer, 0, 2), "it is disabled");
    awaitFailed("x", "backend bad: " + method + " failed");
    assertFalse(buffer.isOn());
    assertTrue(buffer.counters().disabled() >= 1);
    try (EventReader reader = buffer.readers().events()) {
      assertTrue(reader.next(), "what was recorded can still be read");
    }
    assertTrue(engine.buffers().get("main").mark("others go on"));
    engine.administration().replace(buffer.config().withBackend("heap", Map.of()));
    assertTrue(Load.write(buffer, 0, 3), "a sound ring mends it");
    assertTrue(buffer.isOn());
  }

  /** Every other method there is, also those that may be added. */
  static List<String> otherMethods() {
    return Stream.of(Ring.class.getMethods())
        .map(Method::getName)
        .distinct()
        .filter(name -> !List.of("reserve", "memory", "commit", "discard").contains(name))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("otherMethods")
  void aMethodThatThrowsLaterHarmsNobody(String method) throws Exception {
    boolean[] bad = new boolean[1];
    Buffer buffer = create(c -> throwing(c, name -> bad[0] && name.equals(method)));
    Load.write(buffer, 0, 0);
    bad[0] = true;
    buffer.off();
    buffer.on();
    buffer.counters();
    buffer.view(0);
    buffer.readers().snapshot(0);
    buffer.readers().await(100, Duration.ZERO);
    try (var pages = buffer.readers().pages()) {
      pages.flush(0);
      var page = pages.take(0, true);
      if (page != null) {
        page.release();
      }
    }
    switch (method) {
      case "cpus", "pages", "pageSize", "maxEventSize" -> assertTrue(buffer.isOn(), "asked once");
      case "seal", "isQuiet", "close", "prepare", "durableRings", "totals", "clearedBefore" ->
          assertTrue(buffer.isOn(), "not done yet");
      case "counters", "view", "unreadPages" -> {
        while (status("x").problem().isEmpty()) {
          Thread.sleep(5);
        }
        assertEquals("backend bad: " + method + " failed: " + BROKEN, status("x").problem().get());
        assertEquals(BufferStatus.State.ON, status("x").state());
        assertTrue(Load.write(buffer, 0, 1), "a query that fails harms nobody else");
        bad[0] = false;
        assertEquals(2, buffer.counters().written());
      }
      default -> awaitFailed("x", "backend bad: " + method + " failed");
    }
    engine.administration().replace(buffer.config().withBackend("heap", Map.of()));
    assertTrue(Load.write(buffer, 0, 1));
    engine.buffers().destroy("x");
    assertTrue(engine.buffers().get("main").mark("others go on"));
  }

  /** Where it is the caller that is out of memory or stack, the caller alone is told. */
  @ParameterizedTest
  @ValueSource(strings = {"counters", "view", "unreadPages", "take", "copy", "flush", "enable"})
  void aReaderThatIsOutOfMemoryOrStackBreaksNoRing(String method) throws Exception {
    for (Error error : List.of(new OutOfMemoryError("none"), new StackOverflowError())) {
      boolean[] bad = new boolean[1];
      Buffer buffer = create(c -> throwing(c, name -> bad[0] && name.equals(method), () -> error));
      assertTrue(Load.write(buffer, 0, 0));
      bad[0] = true;
      assertSame(
          error,
          assertThrows(
              error.getClass(),
              () -> {
                buffer.counters();
                buffer.view(0);
                buffer.readers().snapshot(0);
                buffer.readers().await(100, Duration.ZERO);
                try (var pages = buffer.readers().pages()) {
                  pages.flush(0);
                  pages.take(0, true);
                }
                buffer.on();
              }));
      bad[0] = false;
      buffer.on();
      assertTrue(Load.write(buffer, 0, 1));
      assertEquals(BufferStatus.State.ON, status("x").state());
      assertEquals(2, buffer.counters().written());
      assertEquals(2, buffer.counters().read() + buffer.counters().unread());
      engine.buffers().destroy("x");
      plugins.backends().remove(plugins.backends().find("bad").orElseThrow());
    }
  }

  @ParameterizedTest
  @MethodSource("otherMethods")
  void aMethodThatThrowsWhenTheBackendGoesHarmsNobody(String method) throws Exception {
    boolean[] bad = new boolean[1];
    Buffer buffer = create(c -> throwing(c, name -> bad[0] && name.equals(method)));
    Load.write(buffer, 0, 0);
    bad[0] = true;
    plugins.backends().remove(plugins.backends().find("bad").orElseThrow());
    assertEquals(BufferStatus.State.WAITING, status("x").state());
    assertEquals("backend bad has gone", status("x").problem().orElseThrow());
    assertFalse(Load.write(buffer, 0, 1));
    engine.administration().replace(buffer.config().withBackend("heap", Map.of()));
    assertTrue(Load.write(buffer, 0, 1));
    assertTrue(engine.buffers().get("main").mark("others go on"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpus", "pages", "pageSize", "maxEventSize"})
  void aRingThatCannotSayHowLargeItIsIsNotTaken(String method) {
    boolean[] closed = new boolean[1];
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                create(
                    c ->
                        throwing(
                            c,
                            name -> {
                              closed[0] |= name.equals("close");
                              return name.equals(method);
                            })));
    assertTrue(e.getMessage().contains("made a ring that fails: " + BROKEN), e.toString());
    assertTrue(closed[0], "and it is closed");
  }

  @Test
  void aPageThatCannotBeReleasedHarmsNoReader() throws Exception {
    Buffer buffer =
        create(
            c ->
                OddBackend.ring(
                    c,
                    (method, arguments, rest) -> {
                      Object result = rest.call();
                      return result instanceof Page page ? unreleasable(page) : result;
                    }));
    assertTrue(Load.write(buffer, 0, 0));
    try (EventReader reader = buffer.readers().events()) {
      assertTrue(reader.next());
      assertFalse(reader.next());
    }
    awaitFailed("x", "backend bad: release failed");
  }

  private static Page unreleasable(Page page) {
    return new CountedPage(
        page.cpu(),
        page.sequence(),
        page.firstEntry(),
        page.memory(),
        done -> {
          throw new UnsupportedOperationException("broken on purpose");
        });
  }

  @Test
  void misuseIsStillToldToTheOneWhoMisuses() throws Exception {
    Buffer buffer = engine.buffers().get("main");
    assertThrows(
        IllegalArgumentException.class, () -> ((WritableBuffer) buffer).writer().reserve(-1));
    RingWriter ring = ((WritableBuffer) buffer).writer();
    long at = ring.reserve(8);
    ring.commit(at);
    assertThrows(IllegalStateException.class, () -> ring.commit(at));
    assertTrue(buffer.isOn());
    assertEquals(Refusal.TOO_LONG, ring.reserve(1 << 20));
  }

  @Test
  void aRingThatSaysSealedOfItsOwnAccordIsBroken() throws Exception {
    boolean[] bad = new boolean[1];
    Buffer buffer =
        create(
            c ->
                OddBackend.ring(
                    c,
                    (method, arguments, rest) ->
                        bad[0] && method.equals("reserve") ? Refusal.SEALED : rest.call()));
    assertTrue(Load.write(buffer, 0, 0));
    bad[0] = true;
    assertFalse(Load.write(buffer, 0, 1));
    awaitFailed("x", "the ring was not sealed");
  }

  @Test
  void aRingThatReportsItsFaultAtEachEventIsHeardOnce() throws Exception {
    String[] fault = {"CPU 0 has no memory"};
    Buffer buffer =
        create(
            c ->
                OddBackend.ring(
                    c,
                    (method, arguments, rest) -> {
                      if (method.equals("reserve")) {
                        c.fault().accept(fault[0]);
                      }
                      return rest.call();
                    }));
    try (LogLines lines = new LogLines()) {
      for (int i = 0; i < 1000; i++) {
        assertTrue(Load.write(buffer, 0, i));
      }
      fault[0] = "this is the last";
      Load.write(buffer, 0, 1000);
      while (lines.count("this is the last") == 0) {
        Thread.sleep(5);
      }
      assertEquals(1, lines.count("has no memory"));
    }
    assertTrue(buffer.isOn(), "it helps itself");
  }

  @Test
  void whatOpenDoesWrongIsOneLineAndChangesNothing() throws Exception {
    Buffer main = engine.buffers().get("main");
    CountDownLatch hang = new CountDownLatch(1);
    List<OddBackend.Opener> openers =
        List.of(
            c -> {
              throw new IllegalStateException("out of order");
            },
            c -> {
              throw new IOException("no room on the disk");
            },
            c -> {
              throw new OutOfMemoryError("Java heap space");
            },
            c -> null,
            c -> HEAP.open(new RingConfig(c.buffer().withPages(8, 8192), c.wakeup(), c.fault())),
            c -> {
              try {
                hang.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
              return HEAP.open(c);
            });
    List<String> messages =
        List.of(
            "cannot make a ring: out of order",
            "cannot make a ring: no room on the disk",
            "has no memory for ",
            "gave null for a ring",
            "made a ring of the wrong size",
            "has made no ring within 300 ms");
    for (int i = 0; i < openers.size(); i++) {
      String backend = "bad" + i;
      plugins.backends().add(backend, 0, new OddBackend(backend, openers.get(i)));
      IOException e =
          assertThrows(
              IOException.class,
              () -> engine.administration().replace(main.config().withBackend(backend, Map.of())));
      String expected = "buffer main: backend " + backend + " " + messages.get(i);
      assertTrue(e.getMessage().startsWith(expected), e.getMessage());
      assertTrue(main.mark("goes on"));
      assertEquals("heap", main.config().backend());
    }
    hang.countDown();
  }

  @Test
  void aFaultThatARingReportsItselfIsShown() throws Exception {
    RingConfig[] got = new RingConfig[1];
    Buffer buffer =
        create(
            c -> {
              got[0] = c;
              return HEAP.open(c);
            });
    got[0].fault().accept("CPU 0: the tail has run away");
    while (status("x").problem().isEmpty()) {
      Thread.sleep(5);
    }
    assertEquals("CPU 0: the tail has run away", status("x").problem().get());
    assertTrue(buffer.isOn(), "the other CPUs go on");
  }

  @Test
  void aBackendThatComesLaterMakesTheRingThatWaitsForIt() throws Exception {
    Settings settings =
        ConfigLoader.load(
            java.util.Optional.empty(),
            new java.util.Properties(),
            Map.of("pagewheel.buffers.later.backend", "late"));
    Plugins few = new Plugins();
    Engine other = Engine.start(settings, few);
    try {
      Buffer main = other.buffers().get("main");
      Buffer later = other.buffers().get("later");
      assertFalse(main.mark("nobody is there"));
      assertEquals(1, main.counters().disabled());
      assertFalse(main.isOn());
      BufferStatus status = other.administration().buffers().getFirst();
      assertEquals(BufferStatus.State.WAITING, status.state());
      assertEquals("backend lockfree is not available", status.problem().orElseThrow());

      few.backends().add("lockfree", 0, HEAP);
      assertTrue(main.mark("here I am"));
      assertFalse(later.mark("still waits"));
      few.backends().add("late", 0, new OddBackend("late", HEAP::open));
      assertTrue(later.mark("now"));

      few.backends().remove(HEAP);
      assertFalse(main.mark("it has gone"));
      assertEquals(BufferStatus.State.WAITING, other.administration().buffers().getFirst().state());
      assertEquals(0, main.counters().overrun(), "what was recorded is kept");
      assertEquals(1, main.counters().unread());
      assertTrue(later.mark("not concerned"));
      few.backends().add("lockfree", 0, HEAP);
      assertTrue(main.mark("back again"));
    } finally {
      other.stop();
    }
  }

  @Test
  void aBufferMovesToItsFallbackWhenItsBackendGoes() throws Exception {
    Settings settings =
        ConfigLoader.load(
            java.util.Optional.empty(),
            new java.util.Properties(),
            Map.of(
                "pagewheel.buffers.main.backend", "first",
                "pagewheel.buffers.main.fallback", "heap"));
    Plugins both = new Plugins();
    Backend first = new OddBackend("first", HEAP::open);
    both.backends().add("first", 0, first);
    both.backends().add("heap", 0, HEAP);
    Engine other = Engine.start(settings, both);
    try {
      Buffer main = other.buffers().get("main");
      assertTrue(main.mark("in the first"));
      both.backends().remove(first);
      assertEquals("heap", main.config().backend());
      assertTrue(main.mark("in the second"));
      assertEquals(BufferStatus.State.ON, other.administration().buffers().getFirst().state());
      assertEquals(2, main.counters().unread(), "what was recorded is kept");
    } finally {
      other.stop();
    }
  }
}
