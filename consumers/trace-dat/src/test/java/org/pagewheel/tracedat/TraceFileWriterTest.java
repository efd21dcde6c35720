package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pagewheel.tracedat.TickPage.buffer;
import static org.pagewheel.tracedat.TickPage.metadata;
import static org.pagewheel.tracedat.TickPage.page;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.format.PageFormat;

/** Files made of pages that come one by one. */
class TraceFileWriterTest {
  private static final int SIZE = 4096;
  private static final PageFormat FORMAT = PageFormat.of(SIZE);

  @TempDir Path directory;

  private static String line(String prefix, int cpu, long nanos, int n) {
    return prefix
        + "          worker-4251  [%03d]     0.%09d: tick:                 n=%d"
            .formatted(cpu, nanos, n);
  }

  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void buffersBecomeInstancesAndPagesMayComeInAnyOrder(TraceVersion version) throws Exception {
    Path path = directory.resolve("buffers.dat");
    List<TraceBuffer> buffers =
        List.of(buffer("one", SIZE, 3), buffer("", SIZE, 3), buffer("two", SIZE, 2));
    try (TraceFileWriter writer = TraceFileWriter.create(path, version, FORMAT, buffers)) {
      writer.write(1, 2, page(SIZE, 400, 0, 4), 0);
      writer.write(0, 0, page(SIZE, 100, 0, 1), 0);
      writer.write(2, 1, page(SIZE, 300, 0, 3), 0);
      writer.write(1, 2, page(SIZE, 500, 0, 5, 6), 0);
      writer.write(0, 0, page(SIZE, 200, 0, 2), 0);
      assertEquals(2 * SIZE, writer.size(0, 0));
      writer.finish(metadata(SIZE));
    }
    TraceCmd.validate(path);
    List<String> wanted =
        List.of(
            line("one:  ", 0, 100, 1),
            line("one:  ", 0, 200, 2),
            line("two:  ", 1, 300, 3),
            line("      ", 2, 400, 4),
            line("      ", 2, 500, 5),
            line("      ", 2, 501, 6));
    List<String> report = TraceCmd.report(path);
    assertEquals(
        wanted.stream().map(line -> line.replaceAll(" +", " ").strip()).toList(),
        report.stream()
            .map(line -> line.replaceAll(" +", " ").strip())
            .filter(line -> line.contains("tick"))
            .toList());
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(List.of(), file.warnings());
      List<String> names = file.buffers().stream().map(TraceBuffer::name).toList();
      assertEquals(List.of("", "one", "two"), names);
      assertEquals(List.of("4", "5", "6"), TickPage.read(file, 0, 2));
      assertEquals(List.of(), TickPage.read(file, 0, 0));
      assertEquals(List.of("1", "2"), TickPage.read(file, 1, 0));
      assertEquals(List.of("3"), TickPage.read(file, 2, 1));
    }
    assertEquals(List.of("buffers.dat"), list());
  }

  private List<String> list() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void lossesFromOutsideAreToldInThePage(TraceVersion version) throws Exception {
    Path path = directory.resolve("losses.dat");
    int[] full = new int[(SIZE - 16) / 16];
    try (TraceFileWriter writer =
        TraceFileWriter.create(path, version, FORMAT, List.of(buffer("", SIZE, 1)))) {
      writer.write(0, 0, page(SIZE, 100, 0, 1), 7);
      writer.write(0, 0, page(SIZE, 200, 5, 2), 7);
      writer.write(0, 0, page(SIZE, 300, -1, 3), 7);
      writer.write(0, 0, page(SIZE, 400, 5, 4), -1);
      writer.write(0, 0, page(SIZE, 500, 0, full), 7);
      writer.finish(metadata(SIZE));
    }
    List<String> dropped =
        TraceCmd.report(path).stream().filter(line -> line.contains("DROPPED")).toList();
    assertEquals(
        List.of(
            "CPU:0 [7 EVENTS DROPPED]",
            "CPU:0 [12 EVENTS DROPPED]",
            "CPU:0 [EVENTS DROPPED]",
            "CPU:0 [EVENTS DROPPED]",
            "CPU:0 [EVENTS DROPPED]"),
        dropped);
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(
          List.of("lost 7", "1", "lost 12", "2", "lost -1", "3", "lost -1", "4", "lost -1"),
          TickPage.read(file, 0, 0).subList(0, 9));
    }
  }

  @Test
  void thousandCpusAndPagesOfAMebibyteAreNoTrouble() throws Exception {
    for (TraceVersion version : TraceVersion.values()) {
      Path many = directory.resolve("many.dat");
      try (TraceFileWriter writer =
          TraceFileWriter.create(many, version, FORMAT, List.of(buffer("", SIZE, 1024)))) {
        for (int round = 0; round < 2; round++) {
          for (int cpu = 1; cpu < 1024; cpu += 2) {
            writer.write(0, cpu, page(SIZE, 2000 * round + cpu, 0, cpu), 0);
          }
        }
        writer.finish(metadata(SIZE));
      }
      List<String> events =
          TraceCmd.report(many).stream().filter(line -> line.contains("tick")).toList();
      assertEquals(1024, events.size());
      assertTrue(events.getLast().contains("[1023]"), events.getLast());

      int large = 1 << 20;
      Path wide = directory.resolve("wide.dat");
      try (TraceFileWriter writer =
          TraceFileWriter.create(
              wide, version, PageFormat.of(large), List.of(buffer("", large, 1)))) {
        writer.write(0, 0, page(large, 100, 0, new int[60_000]), 0);
        writer.finish(metadata(large));
      }
      assertEquals(
          60_000, TraceCmd.report(wide).stream().filter(line -> line.contains("tick")).count());
    }
  }

  @Test
  void aFileWithoutAnythingIsAFile() throws Exception {
    for (TraceVersion version : TraceVersion.values()) {
      Path path = directory.resolve("empty.dat");
      try (TraceFileWriter writer =
          TraceFileWriter.create(path, version, FORMAT, List.of(buffer("only", SIZE, 2)))) {
        writer.finish(metadata(SIZE));
      }
      TraceCmd.validate(path);
      assertEquals(0, TraceCmd.report(path).stream().filter(line -> line.contains("tick")).count());
      try (TraceFile file = TraceFile.open(path)) {
        assertEquals("only", file.buffers().getLast().name());
      }
    }
  }

  @Test
  void optionsAreTheSameWhereDigitsAreOthers() throws Exception {
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    try {
      optionsAreWhatToolsShow();
    } finally {
      Locale.setDefault(usual);
    }
  }

  @Test
  void optionsAreWhatToolsShow() throws Exception {
    Path path = directory.resolve("options.dat");
    Counters counters =
        Counters.builder()
            .set(Counter.WRITTEN, 100)
            .set(Counter.READ, 20)
            .set(Counter.OVERRUN, 30)
            .set(Counter.COMMIT_OVERRUN, 4)
            .set(Counter.DROPPED, 5)
            .set(Counter.DISABLED, 6)
            .set(Counter.TOO_LONG, 7)
            .set(Counter.RECURSION, 8)
            .set(Counter.DISCARDED, 9)
            .set(Counter.BYTES, 1600)
            .set(Counter.PAGES_WRITTEN, 10)
            .set(Counter.PAGES_READ, 11)
            .set(Counter.PAGES_LOST, 12)
            .set(Counter.OLDEST, 1_234_567_890_123L)
            .build();
    for (TraceVersion version : TraceVersion.values()) {
      TraceMetadata metadata =
          metadata(SIZE).toBuilder()
              .option(TraceOption.cpuStat("", 0, counters, 2_000_000_000_000L))
              .option(TraceOption.cpuStat("", 1, Counters.ZERO, 2_000_000_000_000L))
              .option(TraceOption.uname())
              .option(TraceOption.version())
              .option(TraceOption.offset(-50))
              .option(TraceOption.traceId(0x1122334455667788L, ByteOrder.LITTLE_ENDIAN))
              .build();
      try (TraceFileWriter writer =
          TraceFileWriter.create(path, version, FORMAT, List.of(buffer("", SIZE, 2)))) {
        writer.write(0, 0, page(SIZE, 150, 0, 1), 0);
        writer.finish(metadata);
      }
      String stat = TraceCmd.run("report", "--stat", path.toString()).text();
      assertTrue(
          stat.contains(
              """
              CPU: 0
              entries: 50
              overrun: 30
              commit overrun: 4
              bytes: 1600
              oldest event ts:  1234.567890
              now ts:  2000.000000
              dropped events: 5
              read events: 20
              """),
          stat);
      assertTrue(stat.contains("CPU: 1\nentries: 0\n"), stat);
      String uname = TraceCmd.run("report", "--uname", path.toString()).text();
      assertTrue(uname.contains(System.getProperty("os.version")), uname);
      String program = TraceCmd.run("report", "--version", path.toString()).text();
      assertTrue(program.contains("Pagewheel"), program);
      assertTrue(TraceCmd.report(path).toString().contains("0.000000100: tick:"));
      try (TraceFile file = TraceFile.open(path)) {
        assertEquals("-50", file.metadata().option(TraceOption.OFFSET).orElseThrow().text());
        assertEquals("mono", file.metadata().clock().orElseThrow());
        assertEquals("worker", file.metadata().threadNames().get(4251));
        assertEquals(List.of(TickPage.TICK), file.metadata().formats());
      }
    }
  }

  @Test
  void whatIsNotFinishedLeavesNothingAndTheOldFileStays() throws Exception {
    Path path = directory.resolve("old.dat");
    Files.writeString(path, "old");
    try (TraceFileWriter writer =
        TraceFileWriter.create(path, TraceVersion.V6, FORMAT, List.of(buffer("", SIZE, 1)))) {
      writer.write(0, 0, page(SIZE, 1, 0, 1), 0);
      assertEquals(List.of("old.dat"), list());
      assertThrows(IllegalArgumentException.class, () -> writer.finish(metadata(8192)));
    }
    assertEquals("old", Files.readString(path));
    assertEquals(List.of("old.dat"), list());
  }

  @Test
  void nothingButAFileIsReplaced() {
    for (String target : List.of("/dev/null", directory.toString(), directory + "/no/such.dat")) {
      IOException refused =
          assertThrows(
              IOException.class,
              () -> TraceFileWriter.create(Path.of(target), TraceVersion.V6, FORMAT, List.of()));
      assertTrue(refused.getMessage().startsWith(target), refused.getMessage());
    }
  }

  @Test
  void misuseIsRefused() throws Exception {
    Path path = directory.resolve("misuse.dat");
    List<TraceBuffer> twins = List.of(buffer("a", SIZE, 1), buffer("a", SIZE, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> TraceFileWriter.create(path, TraceVersion.V7, FORMAT, twins));
    List<TraceBuffer> sizes = List.of(buffer("", SIZE, 1), buffer("a", 8192, 1));
    assertThrows(
        IllegalArgumentException.class,
        () -> TraceFileWriter.create(path, TraceVersion.V6, FORMAT, sizes));
    try (TraceFileWriter writer = TraceFileWriter.create(path, TraceVersion.V7, FORMAT, sizes)) {
      assertThrows(
          IllegalArgumentException.class, () -> writer.write(0, 0, page(8192, 1, 0, 1), 0));
      assertThrows(
          IllegalArgumentException.class, () -> writer.write(0, 1, page(SIZE, 1, 0, 1), 0));
      writer.finish(metadata(SIZE));
      assertThrows(IllegalStateException.class, () -> writer.finish(metadata(SIZE)));
    }
  }

  @Test
  void unknownSectionsAndOptionsAreKept() throws Exception {
    Path path = directory.resolve("newer.dat");
    Path copy = directory.resolve("copy.dat");
    byte[] content = "type information".repeat(10).getBytes();
    TraceMetadataBuilder builder = metadata(SIZE).toBuilder().option(new TraceOption(777, content));
    builder.sections.add(new TraceSection(23, content));
    try (TraceFileWriter writer =
        TraceFileWriter.create(path, TraceVersion.V7, FORMAT, List.of(buffer("", SIZE, 1)))) {
      writer.write(0, 0, page(SIZE, 1, 0, 1), 0);
      writer.finish(builder.build());
    }
    try (TraceFile file = TraceFile.open(path)) {
      TraceFileWriter.copy(file, copy, TraceVersion.V7);
    }
    List<String> read = new ArrayList<>();
    try (TraceFile file = TraceFile.open(copy)) {
      assertArrayEquals(content, file.metadata().option(777).orElseThrow().data());
      file.metadata().sections().forEach(section -> read.add("" + section.id()));
      assertArrayEquals(content, file.metadata().sections().getFirst().content());
    }
    assertEquals(List.of("23"), read);
    TraceCmd.validate(copy);
  }
}
