package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Page;
import org.pagewheel.consumer.testing.GivenBuffer;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventDecoder;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.tck.reference.SimpleBackend;

/** Events of files are values again, and records. */
class ReadBackTest {
  private enum Side {
    BUY,
    SELL
  }

  private record Filled(
      long id, double price, Side side, EnumSet<Side> sides, String venue, boolean last) {}

  private static final EventType<Filled> FILLED = EventType.of("filed", Filled.class);

  @TempDir Path directory;

  private static void read(TraceFile file, Consumer<Event> each) throws Exception {
    EventDecoder decoder =
        new EventDecoder(file.metadata().formats(), file.metadata().pageFormat().order());
    for (int buffer = 0; buffer < file.buffers().size(); buffer++) {
      for (int cpu = 0; cpu < file.buffers().get(buffer).cpus(); cpu++) {
        PageStream pages = file.pages(buffer, cpu);
        PageCursor cursor = new PageCursor(pages.format());
        for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
          cursor.reset(page);
          while (cursor.next()) {
            each.accept(decoder.event(cursor, cpu));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void recordsComeOutOfAFile(TraceVersion version) throws Exception {
    GivenBuffer buffer = new GivenContext(1, 4096, Map.of()).buffer();
    List<Filled> written = new ArrayList<>();
    Path path = directory.resolve("filed.dat");
    TraceBuffer top = new TraceBuffer("", "mono", 4096, 1);
    PageFormat format = PageFormat.of(4096);
    BufferConfig config =
        BufferConfig.of("main", "simple").withPages(64, 4096).withClock(1, Clock.MONO, () -> 0);
    try (Ring ring = new SimpleBackend().open(RingConfig.of(config));
        TraceFileWriter writer = TraceFileWriter.create(path, version, format, List.of(top))) {
      buffer.writer(ring);
      for (int i = 0; i < 1000; i++) {
        EnumSet<Side> sides = i % 3 == 0 ? EnumSet.noneOf(Side.class) : EnumSet.of(Side.SELL);
        Side side = i % 5 == 0 ? null : Side.values()[i % 2];
        written.add(new Filled(i, i / 8.0, side, sides, "Zürich " + i, i % 2 == 0));
        assertTrue(FILLED.record(buffer, written.getLast()));
      }
      for (Page page = ring.take(0, true); page != null; page = ring.take(0, true)) {
        writer.write(0, 0, page.memory(), 0);
        page.release();
      }
      writer.finish(TraceMetadata.builder(format).add(Metadata.process()).build());
    } finally {
      buffer.close();
    }
    List<Filled> found = new ArrayList<>();
    try (TraceFile file = TraceFile.open(path)) {
      read(file, event -> found.add(FILLED.read(event)));
    }
    assertEquals(written, found);
  }

  /** How many events the real trace-cmd found in the file when it was recorded. */
  private static long reported(String name) throws IOException {
    return TraceCmd.recorded("kernel/" + name + ".report.txt.gz").stream()
        .filter(line -> line.matches(".*\\[\\d+\\].* *[\\d.]+: .*"))
        .count();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "boot",
        "counter",
        "discard",
        "idle",
        "instance",
        "sched",
        "subbuf16",
        "tsc",
        "untold"
      })
  void everyFieldOfTheKernelsEventsHasAValue(String name) throws Exception {
    int[] events = new int[1];
    try (TraceFile file = TraceFile.open(TraceCmd.resource(directory, "kernel/" + name + ".dat"))) {
      read(
          file,
          event -> {
            events[0]++;
            assertTrue(event.format().isPresent(), name);
            assertFalse(event.fields().isEmpty(), event::name);
            for (EventField field : event.fields()) {
              assertNotNull(event.get(field.name()), field::toString);
            }
            assertFalse(event.toString().contains("(damaged)"), event::toString);
          });
    }
    assertEquals(reported(name), events[0]);
  }
}
