package org.pagewheel.runtime.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.EventReader;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.tck.reference.SimpleBackend;

/** A buffer that has no ring is cleared, and one whose ring throws. */
class ClearErrorsTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final BufferConfig CONFIG =
      BufferConfig.of("cleared", "simple")
          .withPages(16, 4096)
          .withClock(1, Clock.of("mono", () -> 0), () -> 0);

  private final SwappableBuffer buffer =
      new SwappableBuffer(CONFIG, new RingOpener(() -> LONG, line -> {}), line -> {});

  private final AtomicInteger errors = new AtomicInteger();

  /** Its rings throw once for each error that is due, by a method of this name. */
  private Backend failing(String method) {
    return new Backend() {
      @Override
      public String name() {
        return "simple";
      }

      @Override
      public Ring open(RingConfig config) throws IOException {
        Ring real = new SimpleBackend().open(config);
        return (Ring)
            Proxy.newProxyInstance(
                Ring.class.getClassLoader(),
                new Class<?>[] {Ring.class},
                (proxy, called, arguments) -> {
                  if (called.getName().equals(method)
                      && errors.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new StackOverflowError();
                  }
                  try {
                    return called.invoke(real, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
      }
    };
  }

  private void write(int from, int to) {
    for (int i = from; i < to; i++) {
      assertTrue(buffer.write(new byte[] {(byte) i, 0, 0, 0}));
    }
  }

  private List<Integer> read() throws Exception {
    List<Integer> read = new ArrayList<>();
    try (EventReader reader = buffer.readers().events()) {
      while (reader.next()) {
        read.add(reader.payload().get(PageLayout.INT, 0));
      }
    }
    return read;
  }

  @AfterEach
  void close() {
    buffer.close();
  }

  @Test
  void withoutARingTheAccountGoesAndAClosedBufferIsLeftAlone() throws Exception {
    assertFalse(buffer.write(new byte[8]));
    buffer.waiting("a test");
    buffer.clear();
    assertEquals(Counters.ZERO, buffer.counters());
    assertEquals(1, buffer.totals().disabled());
    assertEquals("a test", buffer.problem().orElseThrow());
    assertFalse(buffer.write(new byte[8]));
    assertEquals(1, buffer.counters().disabled());
    buffer.close();
    buffer.clear();
    assertTrue(buffer.isClosed());
    assertEquals(1, buffer.counters().disabled());
  }

  /** What could not be done is done by the next call, and until then nothing is lost. */
  @ParameterizedTest
  @ValueSource(strings = {"seal", "view", "enable"})
  void anErrorBeforeItIsClearedDropsNothing(String method) throws Exception {
    buffer.replacing().replace(CONFIG, failing(method), LONG);
    write(0, 3);
    errors.set(1);
    assertThrows(StackOverflowError.class, buffer::clear);
    write(3, 5);
    assertEquals(5, buffer.counters().written());
    assertEquals(buffer.counters(), buffer.totals());
    assertEquals(List.of(0, 1, 2, 3, 4), read());
    write(5, 6);
    buffer.clear();
    assertEquals(Counters.ZERO, buffer.counters());
    assertEquals(1, buffer.totals().cleared());
    write(6, 7);
    assertEquals(List.of(6), read());
  }

  /** It is cleared, and what is left of the old ring is tidied up later. */
  @ParameterizedTest
  @ValueSource(strings = {"take", "close"})
  void anErrorAfterwardsChangesNoAccount(String method) throws Exception {
    buffer.replacing().replace(CONFIG, failing(method), LONG);
    write(0, 3);
    errors.set(1);
    assertThrows(StackOverflowError.class, buffer::clear);
    assertEquals(Counters.ZERO, buffer.counters());
    assertEquals(3, buffer.totals().cleared());
    write(3, 5);
    assertEquals(List.of(3, 4), read());
    assertFalse(buffer.tidy(), "nothing is left to do");
    assertEquals(5, buffer.totals().written());
    assertEquals(2, buffer.totals().read());
    assertEquals(3, buffer.totals().cleared());
    assertEquals(0, buffer.totals().overrun());
  }
}
