package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.Buffer;
import org.pagewheel.event.DurationType;
import org.pagewheel.event.EventType;
import org.pagewheel.event.SpanType;

/** Something happens when a span, or what lies between two events, takes long. */
@Timeout(120)
class LatencyTriggerTest {
  record Asked(long id, String who) {}

  record Answered(long id, String who) {}

  record Place(long id, String symbol) {}

  record Placed(int status) {}

  record Timed(int number) {}

  record Late(long id) {}

  record NoSpan(long id) {}

  private static final EventType<Asked> ASKED = EventType.of("latencies", Asked.class);
  private static final EventType<Answered> ANSWERED = EventType.of("latencies", Answered.class);
  private static final SpanType<Place, Placed> PLACE =
      SpanType.of("latencies", Place.class, Placed.class);
  private static final DurationType<Timed> TIMED = DurationType.of("latencies", Timed.class);

  @TempDir Path directory;
  private Pagewheel pagewheel;
  private Buffer main;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final Logger log = Logger.getLogger("org.pagewheel");
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          lines.add(record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private void start(String... settings) {
    Map<String, String> values = new HashMap<>();
    values.put("pagewheel.snapshots.directory", directory.toString());
    values.put("pagewheel.kept.directory", directory.toString());
    values.put("pagewheel.sources.jvm.enabled", "false");
    for (int i = 0; i < settings.length; i += 2) {
      values.put("pagewheel." + settings[i], settings[i + 1]);
    }
    log.addHandler(handler);
    pagewheel = Pagewheel.start(values);
    main = pagewheel.buffers().get("main");
  }

  @AfterEach
  void stop() {
    if (pagewheel != null) {
      pagewheel.close();
    }
    log.removeHandler(handler);
  }

  private void add(String text) {
    pagewheel.administration().addTrigger("main", text);
  }

  private List<TriggerStatus> all() {
    return pagewheel.administration().triggers();
  }

  private TriggerStatus status() {
    return all().getFirst();
  }

  private static void await(Callable<Boolean> condition) throws Exception {
    while (!condition.call()) {
      Thread.sleep(5);
    }
  }

  private String line(String begin) throws Exception {
    String line = lines.take();
    while (!line.startsWith(begin)) {
      line = lines.take();
    }
    return line;
  }

  /** A span that lasts for some clock's time. */
  private void place(long id, String symbol, long nanos, boolean isEnded) {
    try (var span = PLACE.begin(main, new Place(id, symbol))) {
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < nanos) {
        Thread.onSpinWait();
      }
      if (isEnded) {
        span.end(new Placed(7));
      }
    }
  }

  @Test
  void aSlowSpanIsALineInTheLog() throws Exception {
    start("buffers.main.triggers", "latencies:place log if latency > 20 ms");
    place(1, "ACME", 0, true);
    place(2, "ACME", 21_000_000, true);
    String line = line("buffer main: latencies:place: took ");
    assertTrue(line.matches(".* took [\\d.,]+ m?s: status=7, thread \\d+"), line);
    assertEquals(1, status().fired());
    assertEquals("latency > 20 ms", status().filter().orElseThrow());
    await(() -> status().observed().orElseThrow().equals("2 met, 0 open, 0 unpaired, 0 lost"));
  }

  @Test
  void aPairByKeyStopsRecordingOnce() throws Exception {
    start();
    add("latencies:asked latencies:answered by id traceoff:1 if latency > 1 ms && who == me");
    for (String who : List.of("you", "me")) {
      ASKED.record(main, new Asked(3, who));
      long begin = System.nanoTime();
      while (System.nanoTime() - begin < 1_100_000) {
        Thread.onSpinWait();
      }
      ANSWERED.record(main, new Answered(3, who));
    }
    await(() -> !main.isOn());
    assertTrue(
        main.offReason()
            .orElseThrow()
            .startsWith("off by trigger latencies:asked latencies:answered by id since "),
        main.offReason()::orElseThrow);
    assertEquals(1, status().fired());
    assertEquals(0, status().left());
    pagewheel
        .administration()
        .removeTrigger(
            "main",
            "latencies:asked latencies:answered by id traceoff if latency > 1ms && who == me");
    assertEquals(List.of(), all());
  }

  @Test
  void textsAreKeysToo() throws Exception {
    start();
    add("latencies:asked latencies:answered by who log:1 if latency >= 0 ns");
    ASKED.record(main, new Asked(1, "me"));
    ANSWERED.record(main, new Answered(2, "me"));
    assertTrue(line("buffer main: latencies:asked").contains("who=me"));
  }

  @Test
  void failedSpansAndDurations() throws Exception {
    start("buffers.main.triggers", "latencies:place log:9 if failed && symbol == ACME");
    add("latencies:timed log:9 if failed");
    place(1, "ACME", 0, true);
    place(2, "OTHER", 0, false);
    place(3, "ACME", 0, false);
    try (var span = TIMED.begin(main)) {
      assertTrue(main.isOn(), "nothing fails here but the span: " + span);
    }
    await(() -> all().stream().mapToLong(TriggerStatus::fired).sum() == 2);
    assertEquals(1, all().getFirst().fired());
    await(() -> lines.stream().filter(line -> line.contains(": failed after ")).count() == 2);
    assertTrue(
        lines.stream().anyMatch(line -> line.startsWith("buffer main: latencies:timed: failed")),
        lines::toString);
  }

  @Test
  void aPercentileOverATimeIsToldOnceItIsPassed() throws Exception {
    start("snapshots.cool-down", "1 ms");
    add("latencies:asked latencies:answered by id log if p50 > 1 us over 100 ms");
    String[] line = new String[1];
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  for (long id = 0; !Thread.currentThread().isInterrupted(); id++) {
                    ASKED.record(main, new Asked(id, ""));
                    long begin = System.nanoTime();
                    while (System.nanoTime() - begin < 20_000) {
                      Thread.onSpinWait();
                    }
                    ANSWERED.record(main, new Answered(id, ""));
                  }
                });
    line[0] = line("buffer main: latencies:asked");
    writer.interrupt();
    writer.join();
    assertTrue(line[0].matches(".*: p50 is .* of [\\d,]+ over 100 ms"), line[0]);
    assertEquals(1, status().fired());
  }

  @Test
  void itCoolsDownAndSaysWhatItMissed() throws Exception {
    start("snapshots.cool-down", "1 h");
    add("latencies:place log if latency >= 0 ns");
    for (int i = 0; i < 100; i++) {
      place(i, "ACME", 0, true);
    }
    await(() -> status().missed() == 99);
    assertEquals(1, status().fired());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "latencies:place log if latancy > 5 ms | no measure latancy, did you mean latency?",
        "latencies:place log if latency < 5 ms | can be asked for > and >= alone",
        "latencies:place log if p99 > 5 ms | such as p99 > 5 ms over 10 s",
        "latencies:place log if p99 > 5 ms over 1 ms | must be from 100 ms to 1 h",
        "latencies:place log if latency > 5 ms over 1 s | over is for percentiles",
        "latencies:place lgo if latency > 5 ms | there is no action lgo: did you mean log?",
        "latencies:place log if latency > 5 ms && symbl == X | did you mean symbol?",
        "latencies:asked log if latency > 5 ms | latencies:asked is not a span",
        "latencies:asked latencies:answered by idd log if latency > 5 ms | no field idd",
        "latencies:asked latencies:answered by id log | two events need a latency",
        "latencies:asked latencies:answered by id log if failed | failed is for spans",
        "latencies:asked latencies:answered by log if latency > 1 ms | FIRST SECOND by FIELD",
        "latencies:place log before 1 s if latency > 1 ms | 'before 1 s' after log means nothing",
        "latencies:place keep befor 1 s | keep before 10 s, after 5 s would be right",
        "latencies:place keep before 2 h if failed | longer than an hour",
        "latencies:place log:0 if latency > 1 ms | whole number of at least 1"
      })
  void whatIsWrongIsRefusedAndChangesNothing(String text, String why) {
    start();
    String message = assertThrows(IllegalArgumentException.class, () -> add(text)).getMessage();
    assertTrue(message.contains(why), message);
    assertFalse(message.contains("\n"), message);
    assertEquals(List.of(), all());
  }

  @Test
  void aClockThatCountsNoNanosecondsIsRefused() {
    start("buffers.main.clock", "counter");
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> add("latencies:place log if latency > 1 ms"))
            .getMessage();
    assertTrue(message.startsWith("buffer main has clock counter, which counts no nano"), message);
  }

  @Test
  void inAConfigurationWhatCannotBeIsListed() throws Exception {
    start("buffers.main.triggers", "latencies:asked log if latency > 1 ms");
    assertEquals(
        Optional.of(
            "latencies:asked is not a span: name two events, or one of a type that begins and"
                + " ends"),
        status().problem());
    line("buffer main: trigger at latencies:asked: latencies:asked is not a span");
  }

  @Test
  void typesMayBecomeKnownLater() throws Exception {
    start();
    add("latencies_later:no_span log if latency > 1 ms");
    add("latencies_later:late latencies_later:late by idd log if latency > 1 ms");
    add("latencies_later:late latencies_later:late by id log:1 if latency >= 0 ns");
    for (TriggerStatus each : all()) {
      assertTrue(each.problem().orElseThrow().endsWith(" is known yet"), each::toString);
    }
    EventType.of("latencies_later", NoSpan.class);
    EventType<Late> late = EventType.of("latencies_later", Late.class);
    await(() -> all().get(0).problem().orElse("").contains("is not a span"));
    await(() -> all().get(1).problem().orElse("").contains("no field idd"));
    late.record(main, new Late(1));
    late.record(main, new Late(1));
    await(() -> all().get(2).fired() == 1);
  }

  @Test
  void itGoesOnOverASwapAndEndsWithItsBuffer() throws Exception {
    start();
    add("latencies:place log:2 if latency >= 0 ns");
    place(1, "A", 0, true);
    await(() -> status().fired() == 1);
    pagewheel.administration().swap("main", Map.of("backend", "heap"));
    place(2, "A", 0, true);
    await(() -> status().fired() == 2);
    pagewheel.buffers().destroy("main");
    assertEquals(List.of(), all());
    await(
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("pagewheel-latency-main")));
  }

  /** Each reads all events: they are bounded. Triggers of events are not. */
  @Test
  void observersAreBoundedAndThousandsOfOthersAreNot() {
    start();
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      try {
        add("latencies:place log if latency > " + (i + 1) + " s");
      } catch (IllegalArgumentException e) {
        refused.add(e.getMessage());
      }
    }
    assertTrue(refused.size() >= 36, refused.size() + " of 100");
    assertTrue(refused.getFirst().contains("no more can be"), refused.getFirst());
    int before = all().size();
    for (int i = 0; i < 1000; i++) {
      add("latencies:asked log if id == " + (1_000_000 + i));
    }
    assertEquals(before + 1000, all().size());
    assertTrue(ASKED.record(main, new Asked(1, "")));
  }

  /** What a line in the log causes is an event again where a source takes the log in. */
  @Test
  void aTriggerThatFiresItselfCoolsDown() throws Exception {
    start("snapshots.cool-down", "1 h");
    add("ftrace:print log");
    Handler echo =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            main.mark(record.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    log.addHandler(echo);
    try {
      main.mark("the first");
      await(() -> status().missed() == 1);
      assertEquals(1, status().fired());
      assertEquals(2, main.counters().written());
    } finally {
      log.removeHandler(echo);
    }
  }
}
