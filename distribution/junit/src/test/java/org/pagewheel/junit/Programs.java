package org.pagewheel.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;

/** Tests of somebody, which pass and fail; run by {@link Launched}, not by the build. */
final class Programs {
  enum Side {
    BUY,
    SELL
  }

  record Filled(long id, double price, Side side, String venue, long[] parts) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Filled filled && filled.id == id && filled.venue.equals(venue);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(id);
    }
  }

  static final EventType<Filled> FILLED = EventType.of("shop", Filled.class);

  private Programs() {}

  static Filled order(long id) {
    return new Filled(id, 99.5, Side.SELL, "XETRA", new long[] {id, 2});
  }

  @RecordEvents
  static class Values {
    @Test
    void areReadWithoutBeingConsumed(Recording recording) {
      assertTrue(FILLED.record(recording.buffer(), order(1)));
      recording.buffer().mark("half time");
      assertTrue(FILLED.record(recording.buffer(), order(2)));
      for (int i = 0; i < 2; i++) {
        assertEquals(List.of(order(1), order(2)), recording.events(FILLED));
        assertEquals(List.of("half time"), recording.marks());
      }
      List<RecordedEvent> events = recording.events();
      assertEquals(3, events.size());
      RecordedEvent first = events.getFirst();
      assertEquals("shop:filled id=1 price=99.5 side=SELL venue=XETRA parts=[1, 2]", "" + first);
      assertEquals(List.of(1L, 2L), first.get("parts"));
      assertEquals("SELL", first.get("side"));
      assertEquals(99.5, first.get("price"));
      assertTrue(first.time() <= events.getLast().time() && first.pid() > 0 && first.cpu() >= 0);
      assertEquals("print", events.get(1).name());
    }

    @Test
    void aBufferAloneIsEnough(Buffer buffer, Recording recording) {
      assertSame(buffer, recording.buffer());
      assertSame(buffer, recording.buffers().get(buffer.name()));
      assertEquals(List.of(), recording.events());
    }
  }

  @RecordEvents
  static class Failing {
    Recording recording;

    @BeforeEach
    void opens(Recording same) {
      assertSame(recording, same);
      recording.buffer().mark("opens");
    }

    @Test
    void fails() {
      fail("on purpose");
    }

    @Test
    void fails(Buffer buffer) {
      buffer.mark("overloaded");
      fail("on purpose");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "two"})
    void failsFor(String value) {
      recording.buffer().mark(value);
      assertEquals("one", value);
    }

    @Test
    void passes() {}

    @Test
    void isAborted() {
      Assumptions.abort("on purpose");
    }

    @Nested
    class Inside {
      Recording inner;

      @Test
      void fails() {
        assertSame(recording, inner);
        inner.buffer().mark("inside");
        fail("on purpose");
      }
    }
  }

  @RecordEvents
  static class FailingAround {
    @BeforeEach
    void opens(Buffer buffer) {
      buffer.mark("before");
      fail("on purpose");
    }

    @Test
    void never() {}
  }

  @RecordEvents
  static class FailingAfter {
    @Test
    void passes(Buffer buffer) {
      buffer.mark("during");
    }

    @AfterEach
    void closes(Buffer buffer) {
      buffer.mark("after");
      fail("on purpose");
    }
  }

  /** Each waits until all of them have recorded. */
  @RecordEvents
  @Execution(ExecutionMode.CONCURRENT)
  static class Parallel {
    static final int TESTS = 4;
    private static final CyclicBarrier ALL = new CyclicBarrier(TESTS);

    Recording field;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void seesItsOwnEventsAlone(long id, Recording recording) throws Exception {
      assertSame(field, recording);
      FILLED.record(recording.buffer(), order(id));
      ALL.await(60, TimeUnit.SECONDS);
      assertEquals(List.of(order(id)), recording.events(FILLED));
      ALL.await(60, TimeUnit.SECONDS); // none is closed before
    }
  }

  @RecordEvents
  @TestInstance(Lifecycle.PER_CLASS)
  static class OneInstance {
    Recording recording;
    Recording earlier;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void hasARecordingForEachTest(long id) {
      FILLED.record(recording.buffer(), order(id));
      assertEquals(List.of(order(id)), recording.events(FILLED));
    }
  }

  @RecordEvents
  @TestInstance(Lifecycle.PER_CLASS)
  @Execution(ExecutionMode.CONCURRENT)
  static class OneInstanceInParallel {
    static CountDownLatch refused = new CountDownLatch(1);

    Recording recording;

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void oneIsRefused(long id) throws Exception {
      assertTrue(refused.await(60, TimeUnit.SECONDS));
      FILLED.record(recording.buffer(), order(id));
      assertEquals(List.of(order(id)), recording.events(FILLED));
    }
  }

  @RecordEvents({"pages = 4", "cpus=1"})
  static class Settings {
    @Test
    void ofTheClass(Buffer buffer) {
      assertEquals(4, buffer.config().pages());
      assertEquals(1, buffer.config().cpus());
    }

    @Test
    @RecordEvents({"pages = 8", "backend = lockfree"})
    void ofTheMethodOnTop(Buffer buffer) {
      assertEquals(8, buffer.config().pages());
      assertEquals(1, buffer.config().cpus());
      assertEquals("lockfree", buffer.config().backend());
    }

    @Nested
    @RecordEvents("page-size = 8 KiB")
    class Inside {
      @Test
      void ofBothClasses(Buffer buffer) {
        assertEquals(4, buffer.config().pages());
        assertEquals(8192, buffer.config().pageSize());
      }
    }

    @Test
    @RecordEvents("paegs = 8")
    void misspelt(Buffer buffer) {}

    @Test
    @RecordEvents("pages")
    void withoutValue(Buffer buffer) {}
  }

  @RecordEvents
  static class Incomplete {
    @Test
    @RecordEvents("pages = 2")
    void tooMany(Recording recording) {
      for (int i = 0; i < 10_000; i++) {
        FILLED.record(recording.buffer(), order(i));
      }
      recording.events(FILLED);
    }

    @Test
    void consumed(Recording recording) throws Exception {
      FILLED.record(recording.buffer(), order(1));
      try (var events = recording.buffer().readers().events()) {
        assertTrue(events.next());
      }
      recording.events(FILLED);
    }
  }

  @RecordEvents
  static class Final {
    final Recording recording = null;

    @Test
    void isRefused() {
      assertFalse(true, "never run");
    }
  }
}
