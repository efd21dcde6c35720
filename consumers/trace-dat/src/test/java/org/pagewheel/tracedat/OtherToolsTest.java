package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;

/** Files that other tools, or other versions of trace-cmd, have written in their own ways. */
class OtherToolsTest {
  private static final int SIZE = 4096;

  @TempDir Path directory;

  private static long events(TraceFile file, int buffer) throws Exception {
    long events = 0;
    for (int cpu = 0; cpu < file.buffers().get(buffer).cpus(); cpu++) {
      PageStream pages = file.pages(buffer, cpu);
      PageCursor cursor = new PageCursor(pages.format());
      for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
        events += cursor.count(page);
      }
    }
    return events;
  }

  /** Number 8 is the number of CPUs to trace-cmd; others have kept thread groups under it. */
  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void anOption8ThatIsNoNumberOfCpusIsPassedOn(TraceVersion version) throws Exception {
    Path path = TraceCmd.resource(directory, "golden/option8.v6.dat");
    Path copy = directory.resolve("copy.dat");
    byte[] option;
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(1, file.metadata().cpuCount());
      option = file.metadata().option(8).orElseThrow().bytes();
      assertEquals(1047, option.length);
      TraceFileWriter.copy(file, copy, version);
    }
    try (TraceFile file = TraceFile.open(copy)) {
      assertArrayEquals(option, file.metadata().option(8).orElseThrow().bytes());
      assertEquals(1, file.buffers().getFirst().cpus());
      assertEquals(5, events(file, 0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65537, -1, Integer.MIN_VALUE, 0x61616161})
  void fourBytesThatCanBeNoNumberOfCpusArePassedOnToo(int word) throws Exception {
    byte[] data = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(word).array();
    Path path = directory.resolve("option.dat");
    TraceMetadata metadata =
        TickPage.metadata(SIZE).toBuilder().option(new TraceOption(8, data)).build();
    try (TraceFileWriter writer =
        TraceFileWriter.create(
            path, TraceVersion.V6, PageFormat.of(SIZE), List.of(TickPage.buffer("", SIZE, 2)))) {
      writer.write(0, 1, TickPage.page(SIZE, 100, 0, 1), 0);
      writer.finish(metadata);
    }
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(2, file.buffers().getFirst().cpus());
      assertArrayEquals(data, file.metadata().option(8).orElseThrow().bytes());
    }
  }

  /**
   * Made by {@code trace-cmd split} 3.3.1 of a file of two buffers with 300 events each: with both,
   * whose second one has an option without a place before its own, and with the instance alone,
   * which in version 6 has lost its name and the number of CPUs.
   */
  @ParameterizedTest
  @CsvSource({"all.v6.dat,2", "alone.v6.dat,1", "alone.v7.dat,1"})
  void whatSplitMakesIsReadWhole(String name, int buffers) throws Exception {
    try (TraceFile file = TraceFile.open(TraceCmd.resource(directory, "split/" + name))) {
      assertEquals(List.of(), file.warnings());
      assertEquals(buffers, file.buffers().size());
      for (int i = 0; i < buffers; i++) {
        assertEquals(300, events(file, i));
      }
      String last = name.equals("alone.v6.dat") ? "" : "orders";
      assertEquals(last, file.buffers().getLast().name());
    }
  }

  /** What version 3.1.6 of the tool leaves of an instance. */
  @Test
  void anInstanceWithoutAPlaceIsNotInTheFile() throws Exception {
    Path path = TraceCmd.resource(directory, "split/all.v6.dat");
    byte[] bytes = Files.readAllBytes(path);
    int name = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("orders\0");
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(name - 8, 0);
    Files.write(path, bytes);
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(List.of(""), file.buffers().stream().map(TraceBuffer::name).toList());
      assertEquals(300, events(file, 0));
    }
  }

  /** What the installed tool keeps when it splits a file of ours, it can read afterwards. */
  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void splitKeepsOfOurFilesWhatItKeepsOfAny(TraceVersion version) throws Exception {
    Path path = directory.resolve("ours.dat");
    List<TraceBuffer> buffers =
        List.of(
            TickPage.buffer("", SIZE, 2),
            TickPage.buffer("one", SIZE, 2),
            TickPage.buffer("two", SIZE, 2));
    try (TraceFileWriter writer =
        TraceFileWriter.create(path, version, PageFormat.of(SIZE), buffers)) {
      for (int i = 0; i < buffers.size(); i++) {
        writer.write(i, 0, TickPage.page(SIZE, 1_000_000_100 + i, 0, 10 * i, 10 * i + 1), 0);
        writer.write(i, 1, TickPage.page(SIZE, 1_000_000_200 + i, 0, 10 * i + 2), 0);
      }
      writer.finish(TickPage.metadata(SIZE));
    }
    boolean keepsInstances = TraceCmd.run("split", "-h").text().contains("-B buffer");
    TraceCmd.Result split =
        TraceCmd.run("split", "-i", "" + path, "-o", "" + directory.resolve("split.dat"));
    assertEquals(0, split.status(), split.text());
    Path made = directory.resolve("split.dat");
    made = Files.exists(made) ? made : directory.resolve("split.dat.1"); // as the version names it
    assertEquals(ticks(path, keepsInstances), ticks(made, true));
    try (TraceFile file = TraceFile.open(made)) {
      List<String> names = file.buffers().stream().map(TraceBuffer::name).toList();
      assertEquals(keepsInstances ? List.of("", "one", "two") : List.of(""), names);
      for (int i = 0; i < names.size(); i++) {
        assertEquals(3, events(file, i));
      }
    }
  }

  private static List<String> ticks(Path file, boolean instances) throws Exception {
    List<String> ticks = new ArrayList<>();
    for (String line : TraceCmd.run("report", "-t", "" + file).text().lines().toList()) {
      boolean instance = line.startsWith("one:") || line.startsWith("two:");
      if (line.contains(" tick:") && (instances || !instance)) {
        ticks.add(line.replaceAll(" +", " ").strip());
      }
    }
    return ticks;
  }
}
