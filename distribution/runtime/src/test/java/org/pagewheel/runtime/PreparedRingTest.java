package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pagewheel.Buffer;
import org.pagewheel.BufferConfig;
import org.pagewheel.runtime.internal.Engine;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.plugin.Plugins;

/**
 * A ring has the memory of the CPUs that are in use before it takes the place of another: eight
 * writers that meet a ring without memory make it eight times, at some milliseconds each.
 */
@Timeout(60)
class PreparedRingTest {
  private interface Preparing {
    void prepare(int cpu) throws Exception;
  }

  private final Plugins plugins = new Plugins();
  private final AtomicInteger cpu = new AtomicInteger();
  private Engine engine;
  private Buffer buffer;

  @BeforeEach
  void start() throws IOException {
    plugins.backends().add("heap", 0, OddBackend.HEAP);
    engine =
        Engine.start(
            ConfigLoader.load(
                Optional.empty(),
                new Properties(),
                Map.of("pagewheel.open-timeout", "300 ms", "pagewheel.defaults.backend", "heap")),
            plugins);
    BufferConfig config = BufferConfig.of("x", "heap").withPages(4, 4096);
    buffer = engine.buffers().create(config.withClock(8, config.clock(), cpu::get));
  }

  @AfterEach
  void stop() {
    engine.stop();
  }

  private void replace(String backend, Preparing action) throws IOException {
    OddBackend.Around around =
        (method, arguments, rest) -> {
          if (method.equals("prepare")) {
            action.prepare((int) arguments[0]);
          }
          return rest.call();
        };
    plugins
        .backends()
        .add(backend, 0, new OddBackend(backend, config -> OddBackend.ring(config, around)));
    engine.administration().replace(buffer.config().withBackend(backend, Map.of()));
  }

  @Test
  void theCpusThatHadEventsArePreparedBeforeTheRingIsUsed() throws Exception {
    for (int used : List.of(2, 5)) {
      cpu.set(used);
      assertTrue(buffer.mark("used"));
    }
    List<Integer> prepared = new ArrayList<>();
    replace(
        "prepared",
        number -> {
          assertTrue(buffer.mark("the old ring is still in use"));
          assertEquals("heap", buffer.config().backend());
          prepared.add(number);
        });
    assertEquals(List.of(2, 5), prepared);
    assertTrue(buffer.mark("the new one"));
    assertEquals("prepared", buffer.config().backend());
  }

  @Test
  void aRingThatCannotBePreparedLeavesTheOldOne() throws Exception {
    assertTrue(buffer.mark("used"));
    CountDownLatch hang = new CountDownLatch(1);
    Map<String, Preparing> actions =
        Map.of(
            "cannot make a ring: no room",
            number -> {
              throw new IOException("no room");
            },
            "has no memory for 8 CPUs x 4 pages of 4 KiB",
            number -> {
              throw new OutOfMemoryError("Java heap space");
            },
            "has made no ring within 300 ms",
            number -> hang.await());
    for (var action : actions.entrySet()) {
      String backend = "bad" + cpu.getAndIncrement();
      IOException e = assertThrows(IOException.class, () -> replace(backend, action.getValue()));
      assertEquals("buffer x: backend " + backend + " " + action.getKey(), e.getMessage());
      assertTrue(buffer.mark("goes on"));
      assertEquals("heap", buffer.config().backend());
    }
    hang.countDown();
  }

  /** A backend that hangs takes one thread and one ring of memory, however often it is asked. */
  @Test
  void aRingThatComesTooLateIsClosedAndReportedOnce() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicInteger prepared = new AtomicInteger();
    OddBackend.Around around =
        (method, arguments, rest) -> {
          if (method.equals("prepare") && prepared.getAndIncrement() == 0) {
            hang.await();
          } else if (method.equals("close")) {
            closed.countDown();
          }
          return rest.call();
        };
    plugins
        .backends()
        .add("late", 0, new OddBackend("late", config -> OddBackend.ring(config, around)));
    assertTrue(buffer.mark("used"));
    BufferConfig late = buffer.config().withBackend("late", Map.of());
    try (LogLines lines = new LogLines()) {
      for (String what :
          List.of(
              "has made no ring within 300 ms",
              "is still making the ring that it was asked for before",
              "is still making the ring that it was asked for before")) {
        IOException e =
            assertThrows(IOException.class, () -> engine.administration().replace(late));
        assertEquals("buffer x: backend late " + what, e.getMessage());
        assertTrue(buffer.mark("goes on"));
      }
      assertEquals(1, prepared.get(), "rings that are made");
      assertEquals(1, closed.getCount(), "not while it is being prepared");
      hang.countDown();
      closed.await();
      String line = lines.take();
      assertTrue(
          line.matches("buffer x: backend late made its ring too late, after \\d+ m?s: .* closed"),
          line);
      engine.administration().replace(late); // it is as good as before
      assertEquals("late", buffer.config().backend());
      assertEquals(List.of(), List.copyOf(lines));
    }
  }
}
