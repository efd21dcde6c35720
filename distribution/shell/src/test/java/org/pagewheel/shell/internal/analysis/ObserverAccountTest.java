package org.pagewheel.shell.internal.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.Condition;
import org.pagewheel.analysis.LiveLatency;
import org.pagewheel.analysis.Style;
import org.pagewheel.event.EventType;
import org.pagewheel.runtime.Pagewheel;

/** Where each event is of a rate of pairs that an observer may not follow. */
class ObserverAccountTest {
  private static final long DEADLINE = TimeUnit.SECONDS.toNanos(120);
  private static final int WRITERS = 4;
  private static final int PAIRS = 200_000;

  record Asked(long id) {}

  record Answered(long id) {}

  private static final EventType<Asked> ASKED = EventType.of("account", Asked.class);
  private static final EventType<Answered> ANSWERED = EventType.of("account", Answered.class);

  private Pagewheel pagewheel;
  private Buffer main;
  private LiveLatency latency;

  private void start(String... settings) {
    pagewheel =
        Pagewheel.start(
            Map.of(
                "pagewheel.sources.jvm.enabled",
                "false",
                "pagewheel.buffers.main." + settings[0],
                settings[1]));
    main = pagewheel.buffers().get("main");
    latency =
        LiveLatency.between(
            main, Condition.of("account:asked"), Condition.of("account:answered"), List.of("id"));
  }

  @AfterEach
  void close() {
    latency.close();
    pagewheel.close();
  }

  private void await(BooleanSupplier condition) {
    long begin = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - begin > DEADLINE) {
        fail(latency.account() + "\n" + String.join("\n", latency.text(Style.PLAIN)));
      }
      Thread.onSpinWait();
    }
  }

  /** Every tenth begin has no end, and every hundredth end no begin. */
  @ParameterizedTest
  @ValueSource(strings = {"16", "4096"})
  void everyEventIsSomewhere(String pages) throws Exception {
    start("pages", pages);
    List<Thread> writers = new ArrayList<>();
    for (int writer = 0; writer < WRITERS; writer++) {
      long first = (long) writer * PAIRS;
      writers.add(Thread.ofPlatform().start(() -> write(first)));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    assertEquals(0, main.counters().refused());
    long written = main.counters().written();
    await(
        () -> {
          LiveLatency.Account now = latency.account();
          return now.lost() >= 0 && now.seen() + now.lost() == written;
        });
    LiveLatency.Account account = latency.account();
    assertEquals(
        account.came(),
        account.paired() + account.waiting() + account.unpaired() + account.leftOut(),
        account::toString);
    assertEquals(account.seen(), account.came(), "no other events are written here");
    assertEquals(account.paired(), 2 * latency.line().spans());
    if (account.lost() == 0) {
      assertEquals(2L * WRITERS * PAIRS * 9 / 10, account.paired());
    }
    String text = String.join("\n", latency.text(Style.PLAIN));
    assertTrue(text.contains("the observer has seen "), text);
    assertTrue(latency.json(Style.PLAIN).contains(",\"observer\":{\"seen\":" + account.seen()));
    assertTrue(latency.busy() > 0 && latency.busy() <= 1);
  }

  private void write(long first) {
    for (long id = first; id < first + PAIRS; id++) {
      ASKED.record(main, new Asked(id));
      if (id % 10 != 0) {
        ANSWERED.record(main, new Answered(id));
      }
      if (id % 100 == 0) {
        ANSWERED.record(main, new Answered(-id - 1));
      }
    }
  }

  @Test
  void anEndThatComesAloneTakesNoBeginWithIt() {
    start("cpus", "1");
    ANSWERED.record(main, new Answered(7));
    ASKED.record(main, new Asked(7));
    ANSWERED.record(main, new Answered(7));
    await(() -> latency.account().paired() == 2);
    assertEquals(1, latency.account().unpaired(), () -> latency.account().toString());
  }

  @Test
  void anotherClockPairsNothingWithTimesOfTheOld() throws Exception {
    start("cpus", "1");
    ASKED.record(main, new Asked(1));
    await(() -> latency.account().waiting() == 1);
    pagewheel.administration().swap("main", Map.of("clock", "counter"));
    await(() -> latency.account().unpaired() == 1);
    ASKED.record(main, new Asked(2));
    ANSWERED.record(main, new Answered(2));
    await(() -> latency.account().paired() == 2);
    assertTrue(latency.line().most().matches("[1-9]"), latency.line()::most);
  }

  @Test
  void itGoesOnOverASwap() throws Exception {
    start("cpus", "1");
    ASKED.record(main, new Asked(1));
    pagewheel.administration().swap("main", Map.of("backend", "heap"));
    ANSWERED.record(main, new Answered(1));
    await(() -> latency.account().paired() == 2);
  }
}
