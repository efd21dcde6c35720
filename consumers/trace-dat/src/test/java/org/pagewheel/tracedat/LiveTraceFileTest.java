package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pagewheel.tracedat.TickPage.buffer;
import static org.pagewheel.tracedat.TickPage.metadata;
import static org.pagewheel.tracedat.TickPage.page;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Page;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.event.EventFormat;
import org.pagewheel.spi.CountedPage;

/** A file can be read at every step of its making. */
class LiveTraceFileTest {
  private static final int SIZE = 4096;

  @TempDir Path directory;

  private static EventFormat late(int number) {
    return TickPages.format(31_000 + number, "late_" + number);
  }

  private void check(Path file, List<String> first, List<String> second) throws Exception {
    TraceCmd.validate(file);
    long events = TraceCmd.report(file).stream().filter(line -> line.contains("tick:")).count();
    assertEquals(first.size() + second.size(), events);
    try (TraceFile trace = TraceFile.open(file)) {
      assertEquals(first, TickPage.read(trace, 0, 0));
      assertEquals(second, TickPage.read(trace, 0, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536})
  void everyStepLeavesAFileThatCanBeRead(int size) throws Exception {
    Path path = directory.resolve("live.dat");
    TraceMetadata metadata = metadata(size);
    long[] regions = {4L * size, 2L * size};
    try (LiveTraceFile file =
        LiveTraceFile.create(path, metadata, buffer("", size, 2), regions, 40_000)) {
      check(path, List.of(), List.of());
      assertTrue(file.write(1, page(size, 100, 0, 1), 0));
      check(path, List.of(), List.of("1"));
      for (int i = 0; i < 30; i++) {
        metadata = metadata.toBuilder().format(late(i)).threadName(i, "thread " + i).build();
        assertTrue(file.update(metadata));
        check(path, List.of(), List.of("1"));
        try (TraceFile trace = TraceFile.open(path)) {
          assertEquals(i + 2, trace.metadata().formats().size());
          assertEquals("thread " + i, trace.metadata().threadNames().get(i));
        }
      }
      assertTrue(file.write(1, page(size, 200, 0, 2), 0));
      assertFalse(file.write(1, page(size, 300, 0, 3), 0));
      assertTrue(file.write(0, page(size, 300, 0, 3, 4), 0));
      check(path, List.of("3", "4"), List.of("1", "2"));
      file.finish(metadata.toBuilder().option(TraceOption.uname()).build());
    }
    check(path, List.of("3", "4"), List.of("1", "2"));
    try (TraceFile trace = TraceFile.open(path)) {
      assertEquals(FileLayout.HEADER_EVENT_TEXT, trace.metadata().headerEvent());
      assertEquals(size, trace.size(0, 0));
      assertTrue(trace.metadata().option(TraceOption.UNAME).isPresent());
    }
  }

  private static List<Page> pages(MemorySegment... memories) {
    return Stream.of(memories)
        .<Page>map(memory -> new CountedPage(0, 0, 0, memory, page -> {}))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 65536})
  void severalPagesAtOnceAreWrittenAsFarAsTheyGo(int size) throws Exception {
    Path path = directory.resolve("live.dat");
    MemorySegment heap = MemorySegment.ofArray(new long[size / Long.BYTES]);
    heap.copyFrom(page(size, 200, 0, 2));
    List<Page> all =
        pages(
            page(size, 100, 0, 0),
            page(size, 150, 0, 1),
            heap,
            page(size, 300, 0, 3),
            page(size, 400, 0, 4),
            page(size, 500, 0, 5),
            page(size, 600, 0, 6));
    // Larger ones go one by one; so does one that is copied, or whose header is changed.
    int[] steps = size == 4096 ? new int[] {2, 1, 1, 2} : new int[] {1, 1, 1, 1, 1, 1};
    try (LiveTraceFile file =
        LiveTraceFile.create(
            path, metadata(size), buffer("", size, 2), new long[] {6L * size, size}, 0)) {
      int next = 0;
      for (int step : steps) {
        assertEquals(step, file.write(0, all.subList(next, 7), next == 3 ? 9 : 0));
        next += step;
      }
      assertEquals(0, file.write(0, all.subList(next, 7), 0), "there is no room");
      MemorySegment other = page(2 * size, 700, 0, 8);
      assertEquals(1, file.write(1, pages(page(size, 700, 0, 7), other), 0));
      assertThrows(IllegalArgumentException.class, () -> file.write(1, pages(other), 0));
    }
    try (TraceFile trace = TraceFile.open(path)) {
      assertEquals(List.of("0", "1", "2", "lost 9", "3", "4", "5"), TickPage.read(trace, 0, 0));
      assertEquals(List.of("7"), TickPage.read(trace, 0, 1));
    }
    TraceCmd.validate(path);
  }

  @Test
  void whatHasNoRoomIsLeftOut() throws Exception {
    Path path = directory.resolve("live.dat");
    TraceMetadata small = metadata(SIZE);
    TraceMetadataBuilder large = small.toBuilder();
    for (int i = 0; i < 100; i++) {
      large.format(late(i));
    }
    try (LiveTraceFile file =
        LiveTraceFile.create(path, small, buffer("", SIZE, 1), new long[] {8192}, 0)) {
      assertTrue(file.write(0, page(SIZE, 100, 0, 1), 0));
      assertFalse(file.update(large.build()));
      file.finish(large.build());
    }
    try (TraceFile trace = TraceFile.open(path)) {
      assertEquals(1, trace.metadata().formats().size());
      assertEquals(SIZE, trace.size(0, 0));
      assertEquals(List.of("1"), TickPage.read(trace, 0, 0));
    }
  }

  @Test
  void anAbandonedFileIsToldFromOneThatIsWritten() throws Exception {
    Path path = directory.resolve("live.dat");
    TraceMetadata metadata = metadata(SIZE);
    try (LiveTraceFile file =
        LiveTraceFile.create(path, metadata, buffer("", SIZE, 1), new long[] {1 << 20}, 9000)) {
      assertFalse(LiveTraceFile.isAbandoned(path));
      assertTrue(file.write(0, page(SIZE, 100, 3, 1), 0));
      assertTrue(file.update(metadata.toBuilder().format(late(1)).build()));
    }
    assertTrue(LiveTraceFile.isAbandoned(path));
    Path recovered = directory.resolve("recovered.dat");
    assertTrue(LiveTraceFile.recover(path, recovered));
    assertTrue(Files.size(recovered) <= 3 * SIZE, Files.size(recovered) + " bytes");
    try (TraceFile trace = TraceFile.open(recovered)) {
      assertEquals(FileLayout.HEADER_EVENT_TEXT, trace.metadata().headerEvent());
      assertEquals(2, trace.metadata().formats().size());
      assertEquals(List.of("lost 3", "1"), TickPage.read(trace, 0, 0));
    }
    Files.write(path, new byte[100_000]);
    assertFalse(LiveTraceFile.recover(path, recovered));
  }

  @Test
  void misuseIsRefusedAndNothingIsLeft() throws Exception {
    Path path = directory.resolve("live.dat");
    TraceMetadata metadata = metadata(SIZE);
    for (long[] regions : new long[][] {{}, {4095}, {-4096}}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> LiveTraceFile.create(path, metadata, buffer("", SIZE, 1), regions, 0));
    }
    assertFalse(Files.exists(path));
    Files.writeString(path, "there already");
    assertThrows(
        FileAlreadyExistsException.class,
        () -> LiveTraceFile.create(path, metadata, buffer("", SIZE, 1), new long[1], 0));
    assertEquals("there already", Files.readString(path));
    Files.delete(path);
    LiveTraceFile closed =
        LiveTraceFile.create(path, metadata, buffer("", SIZE, 1), new long[] {8192}, 0);
    closed.close();
    assertFalse(closed.isOpen());
    assertThrows(IOException.class, () -> closed.write(0, page(SIZE, 1, 0, 1), 0));
  }
}
