package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes a file has: an answer, or what is wrong in one line with its place. */
class HostileFileTest {
  private static final int ROUNDS = 25;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"sched", "idle", "instance"})
  void everyQuestionEnds(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(TraceMaker.kernel(name));
    Random random = new Random(name.hashCode());
    Path file = directory.resolve("hostile.dat");
    for (int round = 0; round < ROUNDS; round++) {
      byte[] changed = bytes.clone();
      int count = 1 + random.nextInt(20);
      for (int i = 0; i < count; i++) {
        int at = random.nextInt(changed.length);
        changed[at] = (byte) (random.nextBoolean() ? random.nextInt() : 0xff);
      }
      Files.write(file, changed);
      assertTimeoutPreemptively(Duration.ofMinutes(2), () -> ask(file));
    }
  }

  private static void ask(Path file) {
    try (Trace trace = Traces.open(file)) {
      List<Trace> traces = List.of(trace);
      Summary summary = Summary.of(traces);
      summary.text(Style.PLAIN);
      summary.json(Style.PLAIN);
      summary.problems().forEach(HostileFileTest::assertIsOneLine);
      new Query(traces).as(Query.Format.JSON, null).run(Style.PLAIN, line -> true);
      new Query(traces).run(Style.PLAIN, line -> true);
      new Query(traces)
          .where(Condition.of("common_pid > 100"))
          .around(Condition.of("print"), "1ms", "1ms")
          .sort("time")
          .top(10)
          .run(Style.PLAIN, line -> true);
      Condition waking = Condition.of("sched_waking");
      Answer latency =
          new Latency(traces, waking, Condition.of("sched_wakeup"), List.of("pid", "comm")).ask();
      latency.text(Style.PLAIN);
      latency.json(Style.PLAIN);
      EventHistogram.of(traces, waking, List.of("pid.log2", "comm")).text(Style.PLAIN);
      Rate.of(traces, null, null).text(Style.PLAIN);
      Difference.of(trace, trace).json(Style.PLAIN);
    } catch (IOException | IllegalArgumentException e) {
      assertIsOneLine(e.getMessage());
    }
  }

  private static void assertIsOneLine(String message) {
    assertTrue(message != null && message.lines().count() == 1, message);
  }
}
