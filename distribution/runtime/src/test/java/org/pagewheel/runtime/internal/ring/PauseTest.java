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
import java.util.concurrent.atomic.AtomicReference;
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
import org.pagewheel.PageReader;
import org.pagewheel.Pause;
import org.pagewheel.RecordingState;
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
  void whatKeepsItFromRecordingIsAValueToo() {
    assertEquals(RecordingState.ON, buffer.recording());
    buffer.recordOn(0, false);
    assertEquals(RecordingState.NO_CPU, buffer.recording());
    Pause pause = buffer.pause("off by nobody");
    assertEquals(RecordingState.PAUSED, buffer.recording());
    buffer.off("paused by nobody");
    assertEquals(RecordingState.OFF, buffer.recording());
    buffer.on();
    pause.close();
    buffer.recordOn(0, true);
    assertEquals(RecordingState.ON, buffer.recording());
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
    throwing(left, errors, change);
    buffer.tidy();
  }

  private static void throwing(AtomicInteger left, int errors, Executable change) {
    left.set(errors);
    assertThrows(OutOfMemoryError.class, change);
    assertEquals(0, left.get(), "errors that were not thrown");
  }

  /**
   * The second error leaves the ring doing what nobody wants. Nobody consumes or changes this
   * buffer: who is refused wrongly, or reads, settles it.
   */
  @Test
  void twoErrorsInARowAreSettledByWritersAndReaders() throws Exception {
    AtomicInteger left = unsettled();
    throwing(left, 2, () -> buffer.pause("nobody"));
    assertFalse(buffer.write(new byte[8]), "this one met it");
    check(true);
    throwing(left, 2, buffer::off);
    left.set(1); // the settling, too
    assertFalse(buffer.write(new byte[8]));
    assertEquals(0, left.get());
    assertFalse(buffer.write(new byte[8]));
    check(true);

    Pause pause = buffer.pause("me");
    throwing(left, 2, pause::close);
    assertTrue(buffer.write(new byte[8]), "the ring records, though it is paused");
    try (PageReader reader = buffer.readers().pages()) {
      reader.take(0, true).release();
    }
    check(false);
    pause.close();
    check(true);
  }

  /** The next change, of another kind, has the ring do all that is stored. */
  @Test
  void twoErrorsInARowAreSettledByTheNextChange() throws Exception {
    AtomicInteger left = unsettled();
    throwing(left, 2, () -> buffer.recordOn(0, false));
    buffer.on();
    check(true);
    buffer.recordOn(0, false);
    throwing(left, 2, () -> buffer.recordOn(0, true));
    buffer.off("a user");
    buffer.on();
    check(false);
    throwing(left, 2, () -> buffer.recordOn(0, true));
    swap();
    check(false);
    buffer.recordOn(0, true);
    check(true);
    AtomicInteger again = unsettled();
    throwing(again, 2, buffer::off);
    buffer.clear();
    check(true);
  }

  /** Its ring throws once it has turned on or off, and the last time before it does. */
  private AtomicInteger unsettled() throws Exception {
    AtomicInteger left = new AtomicInteger();
    Backend backend =
        around(
            Backend.class,
            new SimpleBackend(),
            (method, result) -> result instanceof Ring ring ? unsettled(ring, left) : result);
    buffer.replacing().replace(CONFIG, backend, LONG);
    return left;
  }

  private static Ring unsettled(Ring ring, AtomicInteger left) {
    return (Ring)
        Proxy.newProxyInstance(
            Ring.class.getClassLoader(),
            new Class<?>[] {Ring.class},
            (proxy, method, arguments) -> {
              boolean enables = method.getName().equals("enable");
              int errors = enables ? left.getAndUpdate(n -> Math.max(0, n - 1)) : 0;
              Object result = errors == 1 ? null : method.invoke(ring, arguments);
              if (errors > 0) {
                throw new OutOfMemoryError("Java heap space");
              }
              return result;
            });
  }

  /** Somebody else has the turn: a writer that comes by does not wait, and the next settles it. */
  @Test
  void aWriterDoesNotWaitToSettle() throws Exception {
    AtomicInteger left = unsettled();
    throwing(left, 2, () -> buffer.pause("nobody"));
    AtomicBoolean written = new AtomicBoolean(true);
    AtomicReference<Thread> writer = new AtomicReference<>();
    Backend slow = // while its ring is made beneath, the turn is taken
        around(
            Backend.class,
            new SimpleBackend(),
            (method, result) ->
                result instanceof Ring ring
                    ? around(Ring.class, ring, (call, answer) -> joining(call, answer, writer))
                    : result);
    writer.set(Thread.ofPlatform().unstarted(() -> written.set(buffer.write(new byte[8]))));
    buffer.replacing().replace(CONFIG, slow, LONG);
    assertFalse(written.get());
    check(true);
  }

  private static Object joining(Method call, Object answer, AtomicReference<Thread> writer) {
    Thread thread = writer.getAndSet(null);
    if (call.getName().equals("enable") && thread != null) {
      thread.start();
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    } else {
      writer.set(thread);
    }
    return answer;
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
