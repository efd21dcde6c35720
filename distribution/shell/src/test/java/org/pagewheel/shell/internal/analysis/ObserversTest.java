package org.pagewheel.shell.internal.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.LiveLatency;
import org.pagewheel.analysis.Style;
import org.pagewheel.event.AsyncSpanType;
import org.pagewheel.event.DurationType;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Span;
import org.pagewheel.event.SpanType;
import org.pagewheel.runtime.Pagewheel;

/** Latencies on buffers that are written meanwhile. */
class ObserversTest {
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(120);

  record Placed(long id, int part) {}

  record Filled(long order, String venue) {}

  record Work(int number) {}

  record Done(int status) {}

  record Timed(int number) {}

  private static final EventType<Placed> PLACED = EventType.of("observed", Placed.class);
  private static final EventType<Filled> FILLED = EventType.of("observed", Filled.class);
  private static final SpanType<Work, Done> WORK = SpanType.of("observed", Work.class, Done.class);
  private static final AsyncSpanType<Placed, Done> JOB =
      AsyncSpanType.of("observed_async", Placed.class, Done.class);
  private static final DurationType<Timed> TIMED = DurationType.of("observed", Timed.class);

  private final Pagewheel pagewheel =
      Pagewheel.start(
          Map.of("pagewheel.buffers.main.pages", "256", "pagewheel.sources.jvm.enabled", "false"));

  private final Buffer main = pagewheel.buffers().get("main");
  private final List<LiveLatency> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(LiveLatency::close);
    pagewheel.close();
  }

  private LiveLatency span(String span) {
    return opened(LiveLatency.ofSpan(main, Condition.of(span)));
  }

  private LiveLatency between(String first, String second, String... by) {
    return opened(
        LiveLatency.between(main, Condition.of(first), Condition.of(second), List.of(by)));
  }

  /** Waits until it observes: what comes before is none of its. */
  private LiveLatency opened(LiveLatency latency) {
    open.add(latency);
    Supplier<Thread.State> state =
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pagewheel-latency-main"))
                .map(Thread::getState)
                .filter(each -> each != Thread.State.TIMED_WAITING)
                .findFirst()
                .orElse(Thread.State.TIMED_WAITING);
    await(() -> state.get() == Thread.State.TIMED_WAITING, latency);
    return latency;
  }

  private static void await(BooleanSupplier condition, LiveLatency latency) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begin > DEADLINE) {
        fail(String.join("\n", latency.text(Style.PLAIN)));
      }
      Thread.onSpinWait();
    }
  }

  private static void awaitCount(LiveLatency latency, long count) {
    await(() -> latency.line().spans() == count, latency);
  }

  @Test
  void spansWhileTheyEnd() {
    LiveLatency latency = span("observed:work");
    for (int i = 0; i < 1000; i++) {
      try (var work = WORK.begin(main, new Work(i))) {
        if (i != 7) {
          work.end(new Done(i));
        }
      }
    }
    Span<Done> never = WORK.begin(main, new Work(-1));
    awaitCount(latency, 1000);
    await(() -> latency.line().open() == 1, latency);
    String text = String.join("\n", latency.text(Style.PLAIN));
    assertTrue(
        text.startsWith("observed:work: 1,000 spans, 1 of them left without a result\n"), text);
    assertTrue(text.contains("unpaired observed:work begins: 1 open"), text);
    assertTrue(text.contains("status="), text);
    assertEquals("0", latency.line().missed());
    never.close();
    awaitCount(latency, 1001);
  }

  @Test
  void twoEventsOfOneKeyOnTwoThreads() throws Exception {
    LiveLatency latency = between("observed:placed", "observed:filled", "id=order");
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 500; i++) {
                    PLACED.record(main, new Placed(i, 0));
                  }
                });
    other.join();
    for (int i = 0; i < 600; i++) {
      FILLED.record(main, new Filled(i, "XETRA"));
    }
    awaitCount(latency, 500);
    await(() -> latency.line().unpaired() == 100, latency); // after a second
    String json = latency.json(Style.PLAIN);
    assertTrue(json.contains("\"pairs\":500,"), json);
    assertTrue(json.contains("\"ends\":100,"), json);
    assertTrue(json.contains("\"key\":\"order="), json);
  }

  @Test
  void aFilterLeavesOutWholeSpans() {
    LiveLatency latency = span("observed:work if number < 10");
    for (int i = 0; i < 100; i++) {
      WORK.begin(main, new Work(i)).end(new Done(i));
    }
    LiveLatency after = span("work if status == 99");
    for (int i = 0; i < 100; i++) {
      WORK.begin(main, new Work(i)).end(new Done(i));
    }
    awaitCount(latency, 20);
    awaitCount(after, 1);
    WORK.begin(main, new Work(1)).end(new Done(99));
    awaitCount(latency, 21);
    awaitCount(after, 2);
    assertEquals(0, latency.line().unpaired());
    assertEquals(0, after.line().open());
  }

  @Test
  void asynchronousSpansAndDurations() throws Exception {
    LiveLatency job = span("job");
    LiveLatency async = span("observed_async:*");
    LiveLatency timed = span("timed");
    JOB.begin(main, 17, new Placed(1, 2));
    Thread.ofVirtual().start(() -> JOB.end(main, 17, new Done(0))).join();
    TIMED.begin(main).end(new Timed(1));
    TIMED.begin(main).close();
    awaitCount(async, 1);
    awaitCount(timed, 2);
    assertEquals(0, job.line().spans(), "the span is called after its record, placed");
  }

  /** A ring of other pages, and with events of its own, beneath the buffer. */
  @Test
  void anotherRingBetweenBeginAndEnd() throws Exception {
    LiveLatency latency = span("observed:work");
    Span<Done> span = WORK.begin(main, new Work(1));
    pagewheel.administration().replace(main.config().toBuilder().pageSize(8192).build());
    span.end(new Done(1));
    awaitCount(latency, 1);
  }

  @Test
  void beginsAreGivenUpWhenThereAreTooMany() {
    LiveLatency latency = span("observed_async:placed");
    int most = 1 << 16;
    for (int i = 0; i < most; i++) {
      JOB.begin(main, i, new Placed(i, 0));
      int open = i;
      if (i % 1000 == 0) { // as fast as it reads, or the ring runs over
        await(() -> latency.line().open() > open, latency);
      }
    }
    await(() -> latency.line().open() == most, latency);
    for (int i = most; i < most + 100; i++) {
      JOB.begin(main, i, new Placed(i, 0));
    }
    await(() -> latency.line().unpaired() == 100, latency);
    assertEquals(most, latency.line().open());
    assertEquals("0", latency.line().missed());
  }

  @Test
  void whatItMissesIsTold() {
    LiveLatency latency = span("observed:work");
    synchronized (latency) { // it stands still
      for (int i = 0; i < 200_000; i++) {
        WORK.begin(main, new Work(i)).end(new Done(i));
      }
    }
    await(() -> !latency.line().missed().equals("0"), latency);
    String text = String.join("\n", latency.text(Style.PLAIN));
    assertTrue(text.contains("the observer lost"), text);
  }

  @Test
  void itEndsWithItsBuffer() {
    LiveLatency latency = span("observed:work");
    assertTrue(latency.isOpen());
    pagewheel.close();
    await(() -> !latency.isOpen(), latency);
  }

  @Test
  void whatIsWrongIsRefusedAtOnce() {
    assertEquals(
        "observed:filled is not a span: name two events, or one of a type that begins and ends",
        assertThrows(IllegalArgumentException.class, () -> span("observed:filled")).getMessage());
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> between("observed:placed", "filled", "id"))
            .getMessage()
            .contains("event observed:filled has no field id"));
  }
}
