package org.pagewheel.runtime.internal.pump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.runtime.internal.config.BufferPlan.Flow;
import org.pagewheel.runtime.internal.config.ConsumerPlan;
import org.pagewheel.runtime.internal.ring.RingOpener;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.runtime.internal.ring.Taker;
import org.pagewheel.spi.PageConsumer;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.tck.injection.InjectingLoader;
import org.pagewheel.tck.injection.Injection;
import org.pagewheel.tck.injection.Injection.Form;
import org.pagewheel.tck.reference.SimpleBackend;

/** Where an error ends the close of a buffer, the next close does what is left. */
class CloseErrorsTest {
  private static final int EVENTS = 41;
  private static final Duration LONG = Duration.ofDays(1);

  private static final BufferConfig CONFIG =
      BufferConfig.of("errors", "simple")
          .withPages(16, 4096)
          .withClock(1, Clock.of("mono", () -> 0), () -> 0);

  /** Everything of the runtime is under test, and these scenarios with it. */
  private final ClassLoader loader =
      new InjectingLoader(
          CloseErrorsTest.class.getClassLoader(),
          name -> name.startsWith("org.pagewheel.runtime."));

  private static SwappableBuffer newBuffer() {
    return new SwappableBuffer(CONFIG, new RingOpener(() -> LONG, line -> {}), line -> {});
  }

  /** Puts a ring with events beneath. */
  private static void write(SwappableBuffer buffer) throws IOException {
    buffer.replacing().replace(CONFIG, new SimpleBackend(), LONG);
    for (int i = 0; i < EVENTS; i++) {
      assertTrue(buffer.write(new byte[1000]));
    }
  }

  /** A buffer with two rings that hold events. */
  static final class Closing implements Injection.Scenario, Taker {
    private final SwappableBuffer buffer = newBuffer();

    /** The rings, which are known weakly: the same points are to be passed each time. */
    private final List<RingWriter> held = new ArrayList<>();

    private final AtomicInteger drained = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    Closing() throws IOException {
      buffer.taker(this);
      buffer.onClose(() -> {}, closed::incrementAndGet);
      for (int i = 0; i < 2; i++) {
        held.add(buffer.writer());
        write(buffer);
      }
    }

    @Override
    public void pageIsFull() {}

    @Override
    public void look() {}

    @Override
    public void drain() {
      drained.incrementAndGet();
    }

    @Override
    public void run() {
      buffer.close();
    }

    @Override
    public void check(Throwable thrown) throws InterruptedException {
      buffer.close();
      assertTrue(buffer.isClosed());
      assertTrue(drained.get() > 0, "its pages were taken");
      assertTrue(closed.get() > 0, "those who know it forget it");
      assertFalse(buffer.readers().await(100, LONG), "nobody waits for pages of it");
      assertThrows(IllegalStateException.class, () -> buffer.events().enable("*"), "event set");
      assertEquals(1, buffer.rings(), "rings that can be read");
      Counters counters = buffer.counters();
      assertEquals(2 * EVENTS, counters.written(), "written");
      assertEquals(2 * EVENTS, counters.overrun(), "given up");
      assertEquals(0, counters.unread(), "unread");
    }
  }

  /** A buffer with two consumers, which count how often they are closed. */
  static final class Draining implements Injection.Scenario {
    private final SwappableBuffer buffer = newBuffer();
    private final Pump pump = new Pump(buffer, new Flow(100, LONG), () -> LONG, line -> {});
    private final List<AtomicInteger> closes = List.of(new AtomicInteger(), new AtomicInteger());

    Draining() {
      for (AtomicInteger count : closes) {
        var policy = ConsumerPlan.Policy.BLOCK;
        var plan = new ConsumerPlan("book", "book", 64, policy, LONG, Map.of());
        var trouble = new Trouble("book", line -> {});
        PageConsumer consumer =
            new PageConsumer() {
              @Override
              public void accept(Page page, long missed) {}

              @Override
              public void close() {
                count.incrementAndGet();
              }
            };
        pump.attach(new Outlet("errors", new LentPages(1), plan, LONG, consumer, trouble));
      }
    }

    @Override
    public void run() {
      pump.drain();
    }

    @Override
    public void check(Throwable thrown) {
      pump.drain();
      for (AtomicInteger count : closes) {
        assertEquals(1, count.get(), "closes of a consumer");
      }
      assertEquals(List.of(), pump.outlets());
      buffer.close();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ONCE", "DEEPER"})
  void aFullStackInTheCloseOfABufferLeavesNothingOpen(Form form) {
    sweep(Closing.class, form, StackOverflowError::new);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONCE", "DEEPER"})
  void aFullHeapInTheCloseOfABufferLeavesNothingOpen(Form form) {
    sweep(Closing.class, form, OutOfMemoryError::new);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONCE", "DEEPER"})
  void aFullStackLeavesEachConsumerToBeClosed(Form form) {
    sweep(Draining.class, form, StackOverflowError::new);
  }

  @ParameterizedTest
  @EnumSource(names = {"ONCE", "DEEPER"})
  void aFullHeapLeavesEachConsumerToBeClosed(Form form) {
    sweep(Draining.class, form, OutOfMemoryError::new);
  }

  private void sweep(Class<?> scenario, Form form, Supplier<Error> errors) {
    int tried = Injection.sweep(form, errors, () -> newScenario(scenario));
    assertTrue(tried > 15, () -> "only " + tried + " points: is the buffer under test?");
  }

  private Injection.Scenario newScenario(Class<?> scenario) {
    try {
      Constructor<?> made = loader.loadClass(scenario.getName()).getDeclaredConstructor();
      made.setAccessible(true);
      return (Injection.Scenario) made.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
