package org.pagewheel.runtime.internal.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Counters;
import org.pagewheel.Pause;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.Ring;
import org.pagewheel.tck.reference.SimpleBackend;

/** Pauses nest, beside the switch, and outlast what happens to the ring. */
class PauseTest {
  private static final int PAUSING = 4;
  private static final int TIMES = 500;
  private static final Duration LONG = Duration.ofDays(1);
  private static final BufferConfig CONFIG =
      BufferConfig.of("pauses", "simple")
          .withPages(16, 4096)
          .withClock(1, Clock.of("mono", () -> 0), () -> 0);

  private final SwappableBuffer buffer =
      new SwappableBuffer(CONFIG, new RingOpener(() -> LONG, line -> {}), line -> {});

  @BeforeEach
  void open() throws Exception {
    swap();
  }

  @AfterEach
  void close() {
    buffer.close();
  }

  private void swap() throws Exception {
    buffer.replacing().replace(CONFIG, new SimpleBackend(), LONG);
  }

  private void check(boolean on) {
    assertEquals(on, buffer.isOn());
    assertEquals(on, buffer.write(new byte[8]));
  }

  @Test
  void itRecordsAgainOnceTheLastPauseHasEnded() {
    Pause first = buffer.pause("one");
    Pause second = buffer.pause("another");
    check(false);
    first.close();
    check(false);
    second.close();
    check(true);
    assertEquals(2, buffer.counters().disabled());
    assertEquals(1, buffer.counters().written());
  }

  @Test
  void endingAPauseTwiceDoesNotEndThatOfAnother() {
    Pause mine = buffer.pause("me");
    Pause other = buffer.pause("another");
    mine.close();
    mine.close();
    check(false);
    other.close();
    check(true);
  }

  @Test
  void theSwitchAndPausesDoNotUndoEachOther() {
    Pause pause = buffer.pause("a pause");
    buffer.on();
    check(false);
    buffer.off("a user");
    assertTrue(buffer.tryOff("a trigger"));
    pause.close();
    check(false);
    buffer.on();
    check(true);
  }

  @Test
  void theReasonNamesTheSwitchAndThenTheOldestPause() {
    Pause pause = buffer.pause("the pause");
    Pause later = buffer.pause("another");
    assertTrue(buffer.offReason().orElseThrow().startsWith("paused by the pause since "));
    buffer.off("a user");
    assertTrue(buffer.offReason().orElseThrow().startsWith("off by a user since "));
    pause.close();
    buffer.on();
    assertTrue(buffer.offReason().orElseThrow().startsWith("paused by another since "));
    later.close();
    assertEquals(Optional.empty(), buffer.offReason());
  }

  @Test
  void aPauseOutlastsAChangeOfTheRingAndTheBuffer() throws Exception {
    Pause pause = buffer.pause("me");
    swap();
    check(false);
    pause.close();
    check(true);
    Pause last = buffer.pause("me");
    buffer.close();
    last.close();
    assertFalse(buffer.isOn());
    assertFalse(buffer.write(new byte[8]));
  }

  /** A ring of an older backend: it has no switch for each CPU. */
  @Test
  void aRingThatCannotChooseCpusRefusesInWords() throws Exception {
    Backend older =
        around(
            Backend.class,
            new SimpleBackend(),
            (method, result) ->
                result instanceof Ring ring
                    ? around(Ring.class, ring, PauseTest::refusing)
                    : result);
    BufferConfig two = CONFIG.withClock(2, CONFIG.clock(), CONFIG.cpuNumber());
    try (SwappableBuffer both =
        new SwappableBuffer(two, new RingOpener(() -> LONG, line -> {}), line -> {})) {
      both.replacing().replace(two, older, LONG);
      String said =
          assertThrows(IllegalArgumentException.class, () -> both.recordOn(0, false)).getMessage();
      assertTrue(said.contains("records on all CPUs or none"), said);
      assertTrue(both.write(new byte[8]));
      both.replacing().replace(two, new SimpleBackend(), LONG);
      both.recordOn(0, false);
      assertFalse(both.write(new byte[8]));
      assertThrows(
          IllegalArgumentException.class, () -> both.replacing().replace(two, older, LONG));
      assertFalse(both.write(new byte[8]));
      both.recordOn(0, true);
      assertTrue(both.write(new byte[8]));
      both.replacing().replace(two, older, LONG);
      assertTrue(both.write(new byte[8]));
    }
  }

  /** The ring changes and throws, and throws again when it is set from what is stored. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anErrorFromTheRingChangesNothing(int errors) throws Exception {
    AtomicInteger left = new AtomicInteger();
    buffer.replacing().replace(CONFIG, failing(left), LONG);
    fails(left, errors, () -> buffer.pause("nobody"));
    check(true);
    fails(left, errors, buffer::off);
    check(true);
    Pause pause = buffer.pause("me");
    fails(left, errors, pause::close);
    check(false);
    pause.close();
    check(true);
    buffer.off();
    fails(left, errors, buffer::on);
    check(false);
    buffer.on();
    check(true);
    fails(left, errors, () -> buffer.recordOn(0, false));
    check(true);
    buffer.recordOn(0, false);
    check(false);
    fails(left, errors, () -> buffer.recordOn(0, true));
    check(false);
    buffer.recordOn(0, true);
    check(true);
  }

  private static Object refusing(Method call, Object answer) {
    if (call.getName().equals("enable") && call.getParameterCount() == 2) {
      throw new UnsupportedOperationException();
    }
    return answer;
  }

  private void fails(AtomicInteger left, int errors, Executable change) {
    left.set(errors);
    assertThrows(OutOfMemoryError.class, change);
    assertEquals(0, left.get(), "errors that were not thrown");
    buffer.tidy();
  }

  /** Its rings run out of memory right after they have turned on or off, so many times. */
  private static Backend failing(AtomicInteger left) {
    SimpleBackend backend = new SimpleBackend();
    return around(
        Backend.class,
        backend,
        (method, result) ->
            result instanceof Ring ring
                ? around(Ring.class, ring, (call, answer) -> failing(call, answer, left))
                : result);
  }

  private static Object failing(Method call, Object answer, AtomicInteger left) {
    if (call.getName().equals("enable") && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new OutOfMemoryError("Java heap space");
    }
    return answer;
  }

  private static <T> T around(Class<T> type, T real, BiFunction<Method, Object, Object> after) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> after.apply(method, method.invoke(real, arguments))));
  }

  /** Pauses, swaps and writers at once: the account is exact, and it is on at the end. */
  @Test
  void pausesOfManyThreadsRace() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong attempts = new AtomicLong();
    AtomicLong accepted = new AtomicLong();
    List<Future<?>> pausing = new ArrayList<>();
    List<Future<?>> writing = new ArrayList<>();
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      try {
        for (int i = 0; i < PAUSING; i++) {
          writing.add(
              threads.submit(
                  () -> {
                    while (!stop.get()) {
                      attempts.incrementAndGet();
                      if (buffer.write(new byte[8])) {
                        accepted.incrementAndGet();
                      }
                    }
                  }));
          pausing.add(threads.submit(this::pauseAgainAndAgain));
        }
        for (int i = 0; i < 20; i++) {
          swap();
        }
        for (Future<?> each : pausing) {
          each.get();
        }
      } finally {
        stop.set(true);
      }
      for (Future<?> each : writing) {
        each.get();
      }
    }
    Counters account = buffer.counters();
    assertEquals(accepted.get(), account.written());
    long refused = attempts.get() - accepted.get() + PAUSING * TIMES;
    assertEquals(refused, account.refused());
    assertEquals(refused, account.disabled());
    check(true);
  }

  private void pauseAgainAndAgain() {
    for (int i = 0; i < TIMES; i++) {
      try (Pause outer = buffer.pause("outer")) {
        try (Pause inner = buffer.pause("inner")) {
          assertFalse(buffer.isOn(), inner::toString);
          assertFalse(buffer.write(new byte[8]), outer::toString);
        }
        assertFalse(buffer.isOn());
      }
    }
  }
}
