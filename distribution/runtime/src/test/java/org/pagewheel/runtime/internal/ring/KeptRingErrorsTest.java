package org.pagewheel.runtime.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Counters;
import org.pagewheel.Page;
import org.pagewheel.Reservation;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.tck.injection.InjectingLoader;
import org.pagewheel.tck.injection.Injection;
import org.pagewheel.tck.injection.Injection.Form;
import org.pagewheel.tck.reference.SimpleBackend;

/** Errors while a ring whose backend goes is brought to the heap lose no page and no event. */
class KeptRingErrorsTest {
  private static final int EVENTS = 41;

  private static final BufferConfig CONFIG =
      BufferConfig.of("errors", "simple").withPages(16, 4096).withClock(1, () -> 0, () -> 0);

  private final Constructor<?> scenarios;

  KeptRingErrorsTest() throws ReflectiveOperationException {
    String type = Departure.class.getName();
    ClassLoader loader =
        new InjectingLoader(
            KeptRingErrorsTest.class.getClassLoader(),
            name ->
                name.equals(type)
                    || name.equals(NullRing.class.getName())
                    || name.startsWith(KeptRing.class.getName()));
    scenarios = loader.loadClass(type).getDeclaredConstructor(Ring.class, BufferConfig.class);
    scenarios.setAccessible(true);
  }

  /** The backend goes; a reader reads what it leaves. */
  static final class Departure implements Injection.Scenario {
    private final Ring ring;
    private final KeptRing kept;
    private final List<Long> read = new ArrayList<>();

    Departure(Ring ring, BufferConfig config) {
      this.ring = ring;
      this.kept = new KeptRing(ring, config);
    }

    @Override
    public void run() {
      kept.absorb();
    }

    @Override
    public void check(Throwable thrown) throws DamagedPageException {
      assertTrue(kept.absorb(), "all is here");
      Counters before = kept.counters(0);
      assertEquals(0, before.read(), "read, before anybody has read");
      assertEquals(EVENTS, before.unread(), "unread");
      assertEquals(0, kept.cut()[0], "given up");
      PageCursor cursor = new PageCursor(PageFormat.of(4096));
      for (Page page = kept.take(0, true); page != null; page = kept.take(0, true)) {
        cursor.reset(page.memory());
        while (cursor.next()) {
          read.add(page.memory().get(PageLayout.LONG, cursor.payloadOffset()));
        }
        page.release();
      }
      assertEquals(LongStream.range(0, EVENTS).boxed().toList(), read, "events read");
      assertEquals(EVENTS, kept.counters(0).read(), "read");
      assertTrue(ring.isQuiet(), "the ring is sealed, and nothing is open");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFullStackLosesNoPage(Form form) {
    sweep(form, StackOverflowError::new);
  }

  @ParameterizedTest
  @EnumSource
  void aFullHeapLosesNoPage(Form form) {
    sweep(form, OutOfMemoryError::new);
  }

  private void sweep(Form form, Supplier<Error> errors) {
    int tried = Injection.sweep(form, errors, this::newScenario);
    assertTrue(tried > 20, () -> "only " + tried + " points: is the ring under test?");
  }

  private Injection.Scenario newScenario() {
    try {
      Ring ring = new SimpleBackend().open(RingConfig.of(CONFIG));
      for (long i = 0; i < EVENTS; i++) {
        long at = ring.reserve(1000);
        ring.memory(at).set(PageLayout.LONG, Reservation.offset(at), i);
        ring.commit(at);
      }
      ring.seal();
      return (Injection.Scenario) scenarios.newInstance(ring, CONFIG);
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
