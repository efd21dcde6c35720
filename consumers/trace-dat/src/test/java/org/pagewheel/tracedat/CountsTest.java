package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.ClockScale;
import org.pagewheel.format.PageFormat;

/** Files with the counts of the processor's counter, as the real tools show them. */
class CountsTest {
  private static final int SIZE = 4096;
  private static final String COUNTS = "x86-tsc";

  /** 2.5 GHz; counts from 6,000 s after the counter's zero on. */
  private static final ClockScale SCALE = new ClockScale(1_717_986_918, 32, -5_000_000_000_000L);

  private static final long COUNT = 15_000_000_000_000L;

  @TempDir Path directory;

  private Path file(String name, TraceVersion version, int number, Optional<ClockScale> scale)
      throws Exception {
    Path path = directory.resolve(name);
    TraceBuffer buffer = new TraceBuffer("", COUNTS, SIZE, 1);
    try (TraceFileWriter writer =
        TraceFileWriter.create(path, version, PageFormat.of(SIZE), List.of(buffer))) {
      writer.write(0, 0, TickPage.page(SIZE, COUNT + number, 0, number, number + 1), 0);
      writer.finish(
          TickPage.metadata(SIZE).toBuilder()
              .withoutOption(TraceOption.TRACECLOCK)
              .clock(COUNTS, scale)
              .option(TraceOption.version(7, 100))
              .build());
    }
    return path;
  }

  private static List<String> times(Path path) throws Exception {
    return TraceCmd.report(path).stream()
        .filter(line -> line.contains(" tick: "))
        .map(line -> line.replaceFirst(".*\\] +([\\d.]+): tick: +n=(\\d+).*", "$2 at $1"))
        .toList();
  }

  private static String shown(int number, ClockScale scale) {
    long time = scale.nanos(COUNT + number);
    return "%d at %d.%09d".formatted(number, time / 1_000_000_000, time % 1_000_000_000);
  }

  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void theToolsShowThemAsTimesOfMono(TraceVersion version) throws Exception {
    Path path = file("counts.dat", version, 1000, Optional.of(SCALE));
    TraceCmd.validate(path);
    assertEquals(List.of(shown(1000, SCALE), shown(1001, SCALE)), times(path));
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(Optional.of(SCALE), file.metadata().scale());
      assertEquals(SCALE.nanos(COUNT), file.metadata().shownTime(COUNT));
      assertFalse(file.metadata().isTimeOfDay());
      assertEquals(Optional.of(COUNTS), file.metadata().clock());
    }
    TraceMetadata wall =
        TickPage.metadata(SIZE).toBuilder().clock(COUNTS, Optional.of(SCALE)).build();
    assertTrue(wall.toBuilder().option(TraceOption.offset(1)).build().isTimeOfDay());
  }

  /** The kernel's file does not say how they become nanoseconds, and ours differ a little. */
  @Test
  void countsOfOneProcessorAreMergedAsTheyAre() throws Exception {
    ClockScale other = new ClockScale(1_717_986_919, 32, -5_000_003_492_459L);
    Path plain = file("plain.dat", TraceVersion.V6, 10, Optional.empty());
    Path one = file("one.dat", TraceVersion.V6, 20, Optional.of(SCALE));
    Path two = file("two.dat", TraceVersion.V7, 30, Optional.of(other));
    Path all = directory.resolve("all.dat");
    try (TraceFile a = TraceFile.open(plain);
        TraceFile b = TraceFile.open(one);
        TraceFile c = TraceFile.open(two)) {
      new TraceMerge(List.of(a, b, c)).write(all);
    }
    TraceCmd.validate(all);
    List<String> right =
        List.of(10, 11, 20, 21, 30, 31).stream().map(number -> shown(number, SCALE)).toList();
    assertEquals(right, times(all));
  }
}
