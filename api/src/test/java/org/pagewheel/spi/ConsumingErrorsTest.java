package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.EventReader;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageLayout;
import org.pagewheel.tck.injection.InjectingLoader;
import org.pagewheel.tck.injection.Injection;
import org.pagewheel.tck.injection.Injection.Form;
import org.pagewheel.tck.reference.SimpleBackend;

/** Errors in the middle of a consuming reader's work lose no page: at most the event at hand. */
class ConsumingErrorsTest {
  private static final int EVENTS = 41;

  /** What belongs together by package, so all of it has points. */
  private static final Set<String> UNDER_TEST =
      Set.of(
          "OwnedReaders",
          "Claims",
          "MergedEvents",
          "ConsumedPages",
          "CpuEvents",
          "ConsumingEvents",
          "LiveEvents");

  private final Constructor<?> scenarios;

  ConsumingErrorsTest() throws ReflectiveOperationException {
    ClassLoader loader =
        new InjectingLoader(
            ConsumingErrorsTest.class.getClassLoader(),
            name ->
                name.equals(Reading.class.getName())
                    || UNDER_TEST.stream().anyMatch(type -> isOrIsIn(name, type)));
    scenarios = loader.loadClass(Reading.class.getName()).getDeclaredConstructor(Ring.class);
    scenarios.setAccessible(true);
  }

  private static boolean isOrIsIn(String name, String type) {
    String full = "org.pagewheel.spi." + type;
    return name.equals(full) || name.startsWith(full + "$");
  }

  /** Reads by event; the last page is still open. */
  static final class Reading implements Injection.Scenario {
    private final Ring ring;
    private final EventReader reader;
    private final List<Long> read = new ArrayList<>();

    Reading(Ring ring) {
      this.ring = ring;
      this.reader = new OwnedReaders(ring, new Wakeup()).view().events(0);
    }

    @Override
    public void run() throws DamagedPageException {
      while (reader.next()) {
        read.add(reader.payload().get(PageLayout.LONG, 0));
      }
    }

    @Override
    public void check(Throwable thrown) throws DamagedPageException {
      run();
      reader.close();
      ring.close();
      List<Long> all = LongStream.range(0, EVENTS).boxed().toList();
      List<Long> missing = new ArrayList<>(all);
      missing.removeAll(read);
      assertTrue(missing.size() <= (thrown == null ? 0 : 1), () -> "lost: " + missing);
      List<Long> expected = new ArrayList<>(all);
      expected.removeAll(missing);
      assertEquals(expected, read, "events read");
      assertEquals(EVENTS, ring.counters(0).read(), "events that the ring has as read");
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
    assertTrue(tried > 20, () -> "only " + tried + " points: are the readers under test?");
  }

  private Injection.Scenario newScenario() {
    try {
      BufferConfig config =
          BufferConfig.of("errors", "simple")
              .withPages(16, 4096)
              .withClock(1, Clock.of("mono", () -> 0), () -> 0);
      Ring ring = new SimpleBackend().open(RingConfig.of(config));
      for (long i = 0; i < EVENTS; i++) {
        long at = ring.reserve(1000);
        ring.memory(at).set(PageLayout.LONG, Reservation.offset(at), i);
        ring.commit(at);
      }
      return (Injection.Scenario) scenarios.newInstance(ring);
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
