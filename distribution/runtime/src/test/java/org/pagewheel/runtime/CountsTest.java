package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.event.EventType;

/** A buffer with the counts of the processor's counter, alone and beside others. */
class CountsTest {
  private static final Pattern LINE = Pattern.compile(" (\\d+\\.\\d{9}): (\\w+): +n=(\\d+)");
  private static final int EVENTS = 100;

  record Count(int n) {}

  record Nano(int n) {}

  private static final EventType<Count> COUNT = EventType.of("counts", Count.class);
  private static final EventType<Nano> NANO = EventType.of("counts", Nano.class);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"lockfree", "heap"})
  void itsTimesAreThoseOfMonoInEachFile(String backend) throws Exception {
    Path alone = directory.resolve("alone.dat");
    Path both = directory.resolve("both.dat");
    Path turned = directory.resolve("turned.dat");
    long begin = System.nanoTime();
    try (Pagewheel pagewheel =
        Pagewheel.start(
            Map.of(
                "pagewheel.buffers.main.clock", "x86-tsc",
                "pagewheel.buffers.main.backend", backend,
                "pagewheel.buffers.other.pages", "16",
                "pagewheel.sources.jvm.enabled", "false"))) {
      Buffer main = pagewheel.buffers().get("main");
      Buffer other = pagewheel.buffers().get("other");
      assertEquals(Clock.x86Tsc(), main.config().clock());
      for (int i = 0; i < EVENTS; i++) {
        COUNT.record(main, new Count(i));
        NANO.record(other, new Nano(i));
      }
      pagewheel.buffers().save(alone, "main");
      pagewheel.buffers().save(both, "main", "other");
      pagewheel.buffers().save(turned, "other", "main");
    }
    long end = System.nanoTime();
    assertTimes(alone, EVENTS, begin, end);
    assertTimes(both, 2 * EVENTS, begin, end);
    assertTimes(turned, 2 * EVENTS, begin, end);
  }

  private static void assertTimes(Path file, int events, long begin, long end) throws Exception {
    int count = 0;
    for (String line : TraceCmd.report(file)) {
      Matcher event = LINE.matcher(line);
      if (event.find()) {
        double seconds = Double.parseDouble(event.group(1));
        assertTrue(seconds > begin / 1e9 && seconds < end / 1e9, line);
        count++;
      }
    }
    assertEquals(events, count, List.of(file)::toString);
  }
}
