package org.pagewheel.runtime.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.tck.injection.InjectingLoader;
import org.pagewheel.tck.injection.Injection;
import org.pagewheel.tck.injection.Injection.Form;
import org.pagewheel.tck.reference.SimpleBackend;

/** Errors while a ring whose backend goes is brought to the heap lose no page and no event. */
class KeptRingErrorsTest {
  private static final int EVENTS = 17;

  private static final BufferConfig CONFIG =
      BufferConfig.of("errors", "simple")
          .withPages(16, 4096)
          .withClock(1, Clock.of("mono", () -> 0), () -> 0);

  private static final String SCENARIOS = KeptRingErrorsTest.class.getName() + "$";

  private final ClassLoader loader =
      new InjectingLoader(
          KeptRingErrorsTest.class.getClassLoader(),
          name ->
              name.startsWith(SCENARIOS)
                  || name.equals(NullRing.class.getName())
                  || name.startsWith(KeptRing.class.getName())
                  || name.startsWith(KeptCpu.class.getName()));

  /** A sealed ring, and what is kept of it. */
  abstract static class Leaving implements Injection.Scenario {
    final Ring ring;
    final KeptRing kept;

    Leaving(Ring ring, BufferConfig config, boolean copies) {
      this.ring = ring;
      this.kept = new KeptRing(ring, config, copies);
    }

    /** A reader gets all that was taken from the ring, and the rest is given up. */
    void cutAndRead() throws DamagedPageException {
      kept.cut();
      assertEquals(0, kept.counters(0).read(), "read, before anybody has read");
      List<Long> read = readAll();
      long taken = ring.counters(0).read();
      assertEquals(LongStream.range(0, taken).boxed().toList(), read, "events read");
      Counters after = kept.counters(0);
      assertEquals(taken, after.read(), "read");
      assertEquals(EVENTS - taken, after.overrun(), "overrun");
      assertEquals(EVENTS - taken, kept.lost(0), "given up");
      assertTrue(ring.isQuiet(), "the ring is sealed, and nothing is open");
    }

    List<Long> readAll() throws DamagedPageException {
      List<Long> read = new ArrayList<>();
      for (Page page = kept.take(0, true); page != null; page = kept.take(0, true)) {
        add(page, read);
      }
      return read;
    }

    static void add(Page page, List<Long> read) throws DamagedPageException {
      PageCursor cursor = new PageCursor(PageFormat.of(4096));
      cursor.reset(page.memory());
      while (cursor.next()) {
        read.add(page.memory().get(PageLayout.LONG, cursor.payloadOffset()));
      }
      page.release();
    }
  }

  /** The backend goes; a reader reads what it leaves. */
  static final class Departure extends Leaving {
    Departure(Ring ring, BufferConfig config) {
      super(ring, config, false);
    }

    @Override
    public void run() {
      kept.absorb();
    }

    @Override
    public void check(Throwable thrown) throws DamagedPageException {
      assertTrue(kept.absorb(), "all is here");
      assertEquals(EVENTS, kept.counters(0).unread(), "unread");
      cutAndRead();
      assertEquals(0, kept.lost(0), "given up");
    }
  }

  /** The same for a ring whose memory outlives the process: all is here, and all is there still. */
  static final class DurableDeparture extends Leaving {
    DurableDeparture(Ring ring, BufferConfig config) {
      super(ring, config, true);
    }

    @Override
    public void run() {
      kept.absorb();
    }

    @Override
    public void check(Throwable thrown) throws DamagedPageException {
      assertTrue(kept.absorb(), "all is here");
      Counters counters = kept.counters(0);
      assertEquals(EVENTS, counters.unread(), "unread");
      assertEquals(ring.counters(0).bytes(), counters.bytes(), "bytes, not counted twice");
      assertEquals(ring.unreadPages(0), kept.unreadPages(0), "pages, not counted twice");
      List<Long> read = new ArrayList<>();
      add(kept.take(0, true), read);
      assertEquals(ring.unreadPages(0) - 1, kept.unreadPages(0), "pages left");
      assertTrue(kept.counters(0).bytes() < counters.bytes(), "bytes left");
      kept.cut();
      assertEquals(EVENTS, ring.counters(0).unread(), "unread in the ring itself");
      assertEquals(read.size(), kept.counters(0).read(), "read");
      assertEquals(EVENTS - read.size(), kept.counters(0).unread(), "unread");
      assertEquals(0, kept.lost(0), "given up");
      read.addAll(readAll());
      assertEquals(LongStream.range(0, EVENTS).boxed().toList(), read, "events read");
      assertEquals(EVENTS, kept.counters(0).read(), "read");
    }
  }

  /** An error has ended that at a call of the ring, and more errors come while it is let go of. */
  static final class Cut extends Leaving {
    Cut(Ring ring, BufferConfig config) {
      super(ring, config, false);
      try {
        kept.absorb();
      } catch (OutOfMemoryError first) {
        // as the ring does
      }
    }

    @Override
    public void run() {
      kept.cut();
    }

    @Override
    public void check(Throwable thrown) throws DamagedPageException {
      cutAndRead();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFullStackLosesNoPage(Form form) {
    sweep(Departure.class, form, StackOverflowError::new, ring -> ring);
  }

  @ParameterizedTest
  @EnumSource
  void aFullHeapLosesNoPage(Form form) {
    sweep(Departure.class, form, OutOfMemoryError::new, ring -> ring);
  }

  @ParameterizedTest
  @EnumSource
  void aRingThatOutlivesTheProcessKeepsItsPages(Form form) {
    sweep(DurableDeparture.class, form, StackOverflowError::new, ring -> ring);
  }

  @ParameterizedTest
  @EnumSource
  void moreErrorsInTheMendOfAFirstOneLoseNoPage(Form form) {
    AtomicInteger left = new AtomicInteger();
    for (int calls = 0; ; calls++) {
      int first = calls;
      UnaryOperator<Ring> around =
          ring -> {
            left.set(first);
            return failing(ring, left);
          };
      newScenario(Cut.class, around);
      if (left.get() >= 0) { // there are no more calls
        assertTrue(calls > 10, "only " + calls + " calls: is the ring asked?");
        return;
      }
      sweep(Cut.class, form, StackOverflowError::new, around);
    }
  }

  /** Runs out of memory once, after so many calls. */
  private static Ring failing(Ring ring, AtomicInteger left) {
    return (Ring)
        Proxy.newProxyInstance(
            Ring.class.getClassLoader(),
            new Class<?>[] {Ring.class},
            (proxy, method, arguments) -> {
              if (left.getAndDecrement() == 0) {
                throw new OutOfMemoryError("Java heap space");
              }
              return method.invoke(ring, arguments);
            });
  }

  private void sweep(
      Class<?> scenario, Form form, Supplier<Error> errors, UnaryOperator<Ring> around) {
    int tried = Injection.sweep(form, errors, () -> newScenario(scenario, around));
    assertTrue(tried > 10, () -> "only " + tried + " points: is the ring under test?");
  }

  private Injection.Scenario newScenario(Class<?> scenario, UnaryOperator<Ring> around) {
    try {
      Ring ring = new SimpleBackend().open(RingConfig.of(CONFIG));
      for (long i = 0; i < EVENTS; i++) {
        long at = ring.reserve(1000);
        ring.memory(at).set(PageLayout.LONG, Reservation.offset(at), i);
        ring.commit(at);
      }
      ring.seal();
      Constructor<?> made =
          loader
              .loadClass(scenario.getName())
              .getDeclaredConstructor(Ring.class, BufferConfig.class);
      made.setAccessible(true);
      return (Injection.Scenario) made.newInstance(around.apply(ring), CONFIG);
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
