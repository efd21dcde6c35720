package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;

/** From a line in the configuration to files that trace-cmd prints. */
@Timeout(120)
class SpliceTest {
  record Step(long number) {}

  private static final EventType<Step> STEP = EventType.of("splicetest", Step.class);

  @TempDir Path directory;

  @Test
  void aConfiguredConsumerWritesEveryEventThoughTheRingIsReplaced() throws Exception {
    Path config = directory.resolve("pagewheel.conf");
    Path files = directory.resolve("files");
    Files.writeString(
        config,
        """
        pagewheel.buffers.main {
          mode = discard, pages = 64, flush = 50 ms
          consumers.disk { type = splice, dir = "%s", policy = block, block-timeout = 60 s }
        }
        """
            .formatted(files));
    int events = 5000;
    try (Pagewheel pagewheel = Pagewheel.start(Optional.of(config), Map.of())) {
      Buffer main = pagewheel.buffers().get("main");
      assertEquals(
          List.of(ConsumerStatus.State.RUNNING),
          pagewheel.administration().consumers().stream().map(ConsumerStatus::state).toList(),
          () -> pagewheel.administration().consumers().toString());
      for (int i = 0; i < events; i++) {
        while (!STEP.record(main, new Step(i))) {
          Thread.sleep(1); // full; the consumer will make room
        }
        if (i % 1000 == 500) {
          int size = i % 2000 == 500 ? 16384 : 4096;
          pagewheel.administration().replace(main.config().withPages(32, size));
        }
      }
    }

    List<Path> written;
    try (Stream<Path> list = Files.list(files)) {
      written = list.sorted().toList();
    }
    assertTrue(!written.isEmpty());
    List<Long> numbers = new ArrayList<>();
    for (Path file : written) {
      for (String line : TraceCmd.report(file)) {
        int at = line.indexOf("number=");
        if (at >= 0) {
          numbers.add(Long.parseLong(line.substring(at + 7).trim()));
        }
      }
    }
    numbers.sort(null);
    assertEquals(java.util.stream.LongStream.range(0, events).boxed().toList(), numbers);
  }
}
