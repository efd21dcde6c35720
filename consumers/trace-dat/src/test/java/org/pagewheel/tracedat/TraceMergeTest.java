package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.Symbols;

/** One file of several, asked of the real tool. */
class TraceMergeTest {
  private static final int SIZE = 4096;

  @TempDir Path directory;

  private List<String> merge(Path to, Path... from) throws IOException {
    return merge(to, null, Map.of(), from);
  }

  private List<String> merge(Path to, Long offset, Map<Integer, Integer> threads, Path... from)
      throws IOException {
    List<TraceFile> files = new ArrayList<>();
    try {
      for (Path each : from) {
        files.add(TraceFile.open(each));
      }
      TraceMerge merge = new TraceMerge(files).threads(threads);
      return (offset == null ? merge : merge.offset(offset)).write(to);
    } finally {
      for (TraceFile each : files) {
        each.close();
      }
    }
  }

  private Path ticks(String name, TraceVersion version, int pageSize, TraceMetadata metadata)
      throws IOException {
    return ticks(name, version, TickPage.page(pageSize, 1_000_000_050L, 3, 1, 2), metadata);
  }

  private Path ticks(String name, TraceVersion version, MemorySegment page, TraceMetadata metadata)
      throws IOException {
    Path path = directory.resolve(name);
    int pageSize = (int) page.byteSize();
    String clock = metadata.clock().orElse("");
    try (TraceFileWriter writer =
        TraceFileWriter.create(
            path,
            version,
            PageFormat.of(pageSize),
            List.of(new TraceBuffer("", clock, pageSize, 2)))) {
      writer.write(0, 1, page, 0);
      writer.finish(metadata);
    }
    return path;
  }

  /** The lines of a report without the instance's name, which stands before its events. */
  private static List<String> events(Path file, String... more) throws Exception {
    return TraceCmd.report(file, more).stream()
        .map(line -> line.replaceFirst("^ *app: *", "").strip().replaceAll(" +", " "))
        .map(line -> line.replaceFirst(" (\\d+)\\.(\\d{9}): ", " $1$2: ")) // also of odd clocks
        .filter(line -> !line.contains("cpus=") && !line.contains("CPU:"))
        .toList();
  }

  /** The kernel's events are as they were, byte for byte, whatever stands beside them. */
  @ParameterizedTest
  @CsvSource({"sched,6,4096", "sched,7,65536", "instance,7,4096", "idle,6,4096"})
  void aKernelsFileAndOurs(String name, int version, int pageSize) throws Exception {
    Path kernel = TraceCmd.resource(directory, "kernel/" + name + ".dat");
    String clock;
    try (TraceFile file = TraceFile.open(kernel)) {
      clock = TraceMerge.clock(file);
    }
    TraceMetadata metadata =
        TickPage.metadata(pageSize).toBuilder()
            .withoutOption(TraceOption.TRACECLOCK)
            .option(TraceOption.clock(clock))
            .option(TraceOption.text(TraceOption.CPUSTAT, "CPU: 0\nentries: 7\noverrun: 5\n"))
            .build();
    Path app =
        ticks("app.dat", version == 6 ? TraceVersion.V6 : TraceVersion.V7, pageSize, metadata);
    Path both = directory.resolve("both.dat");
    assertEquals(List.of(), merge(both, app, kernel));
    TraceCmd.validate(both);
    List<String> of = events(both);
    List<String> ticks = of.stream().filter(line -> line.contains(" tick: ")).toList();
    assertEquals(events(app), ticks);
    assertTrue(ticks.getFirst().startsWith("worker-4251 [001] "), ticks::toString);
    List<String> others = of.stream().filter(line -> !line.contains(" tick: ")).toList();
    assertEquals(events(kernel), others);
    try (TraceFile merged = TraceFile.open(both);
        TraceFile original = TraceFile.open(kernel)) {
      int ours = merged.buffers().size() - 1;
      assertEquals("app", merged.buffers().get(ours).name());
      assertEquals(List.of("lost 3", "1", "2"), TickPage.read(merged, ours, 1));
      assertEquals(
          pageSize == SIZE && !name.equals("instance") ? TraceVersion.V6 : TraceVersion.V7,
          pageSize == SIZE && name.equals("instance") ? TraceVersion.V7 : merged.version());
      for (int i = 0; i < original.buffers().size(); i++) {
        assertEquals(original.buffers().get(i).name(), merged.buffers().get(i).name());
        for (int cpu = 0; cpu < original.buffers().get(i).cpus(); cpu++) {
          PageStream was = original.pages(i, cpu);
          PageStream is = merged.pages(i, cpu);
          for (MemorySegment page = was.next(); page != null; page = was.next()) {
            assertEquals(-1, page.mismatch(is.next()));
          }
        }
      }
    }
    String stat = TraceCmd.run("report", "--stat", "" + both).text();
    assertTrue(stat.contains("Buffer: app\n\nCPU: 0\nentries: 7\n"), stat);
  }

  @Test
  void compressedFilesAreMergedAsWell() throws Exception {
    Path app = ticks("plain.dat", TraceVersion.V6, SIZE, TickPage.metadata(SIZE));
    Path packed = directory.resolve("app.dat");
    TraceCmd.run(
        "convert",
        "-i",
        "" + app,
        "-o",
        "" + packed,
        "--file-version",
        "7",
        "--compression",
        "zstd");
    Path both = directory.resolve("both.dat");
    merge(both, packed, TraceCmd.resource(directory, "golden/golden.v7.dat"));
    assertEquals(events(packed).size() + 5, events(both).size());
  }

  /** What one file has under a number and the other under another is renumbered in the second. */
  @Test
  void numbersThatClashAreChangedInOurs() throws Exception {
    Path one = ticks("one.dat", TraceVersion.V6, SIZE, TickPage.metadata(SIZE));
    EventFormat other = TickPages.format(TickPage.ID, "tock");
    TraceMetadata metadata =
        TraceMetadata.builder(PageFormat.of(SIZE))
            .format(other)
            .format(TickPages.format(30_000, "tick"))
            .threadName(4251, "other")
            .option(TraceOption.clock("mono"))
            .build();
    MemorySegment page = TickPage.page(SIZE, 1_000_000_060L, 0, 3, 4);
    page.set(ValueLayout.JAVA_SHORT, 36, (short) 30_000); // the second event is a tick
    Path two = ticks("two.dat", TraceVersion.V7, page, metadata);
    Path both = directory.resolve("both.dat");
    List<String> notes = merge(both, one, two);
    assertEquals(List.of("1 event types have other numbers than in their files"), notes);
    List<String> lines = events(both);
    assertEquals(4, lines.size(), lines::toString);
    assertTrue(
        lines.get(2).contains("two:") && lines.get(2).endsWith("tock: n=3"), lines::toString);
    assertTrue(lines.get(3).endsWith("tick: n=4"), lines::toString);
    try (TraceFile file = TraceFile.open(both)) {
      assertEquals(
          List.of(30_001, 30_002),
          file.metadata().formats().stream().map(EventFormat::id).sorted().toList());
    }
  }

  @Test
  void numbersOfKernelsStay() throws Exception {
    Path sched = TraceCmd.resource(directory, "kernel/sched.dat");
    Path golden = TraceCmd.resource(directory, "golden/golden.v6.dat");
    Path forged = directory.resolve("forged.dat");
    try (TraceFile file = TraceFile.open(golden)) {
      TraceFileWriter.copy(
          file,
          forged,
          TraceVersion.V6,
          file.metadata().toBuilder()
              .withoutOption(TraceOption.TRACECLOCK)
              .format(TickPages.format(schedId(sched), "tock"))
              .build());
    }
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> merge(directory.resolve("no.dat"), 0L, Map.of(), sched, forged));
    assertTrue(refused.getMessage().contains("of different kernels"), refused.getMessage());
    assertFalse(Files.exists(directory.resolve("no.dat")));
  }

  private static int schedId(Path path) throws IOException {
    try (TraceFile file = TraceFile.open(path)) {
      return file.metadata().formats().stream()
          .filter(each -> !each.system().equals("ftrace"))
          .findFirst()
          .orElseThrow()
          .id();
    }
  }

  @Test
  void clocksThatDifferAreRefusedOrMovedByAnOffset() throws Exception {
    Path boot = TraceCmd.resource(directory, "kernel/boot.dat");
    Path app = ticks("app.dat", TraceVersion.V6, SIZE, TickPage.metadata(SIZE));
    Path both = directory.resolve("both.dat");
    String refused =
        assertThrows(IllegalArgumentException.class, () -> merge(both, app, boot)).getMessage();
    assertEquals(
        boot
            + " has the clock boot, but "
            + app
            + " has mono: record both with mono (trace-cmd record -C mono), or say with --offset"
            + " what lies between them",
        refused);
    merge(both, 2_000_000_000L, Map.of(), app, boot);
    assertTrue(
        events(both).stream().anyMatch(line -> line.contains("3000000050: tick: n=1")),
        events(both)::toString);
    String early =
        assertThrows(
                IllegalArgumentException.class,
                () -> merge(both, -3_000_000_000L, Map.of(), app, boot))
            .getMessage();
    assertEquals(
        app
            + " begins at 1000000050ns, and --offset moves it by -3000000000ns: that is before 0,"
            + " at least -1000000050ns would be right",
        early);
    merge(both, -1_000_000_000L, Map.of(), app, boot);
    Path tsc = TraceCmd.resource(directory, "kernel/tsc.dat");
    String ticks =
        assertThrows(IllegalArgumentException.class, () -> merge(both, 1L, Map.of(), app, tsc))
            .getMessage();
    assertTrue(ticks.contains("which count in other units"), ticks);
  }

  @Test
  void timesAreMovedByWhatAllFilesSay() throws Exception {
    TraceMetadata one = TickPage.metadata(SIZE).toBuilder().option(TraceOption.offset(500)).build();
    TraceMetadata two = TickPage.metadata(SIZE).toBuilder().option(TraceOption.offset(700)).build();
    Path both = directory.resolve("both.dat");
    merge(
        both,
        ticks("one.dat", TraceVersion.V6, SIZE, one),
        ticks("two.dat", TraceVersion.V6, SIZE, two));
    List<String> lines = events(both);
    assertTrue(lines.get(0).contains(" 1000000550: tick: n=1"), lines::toString);
    assertTrue(lines.get(2).contains(" 1000000750: tick: n=1"), lines::toString);
  }

  @Test
  void threadsOfANamespaceGetTheNumbersOutside() throws Exception {
    Path app = ticks("app.dat", TraceVersion.V6, SIZE, TickPage.metadata(SIZE));
    Path more = ticks("more.dat", TraceVersion.V6, SIZE, TickPage.metadata(SIZE));
    Path both = directory.resolve("both.dat");
    merge(both, null, Map.of(4251, 77), more, app);
    assertTrue(events(both).toString().contains("worker-77 [001] 1000000050: tick: n=1"));
    merge(both, null, Map.of(1, 77), more, app);
    int unknown = 1 << 30 | 4251;
    assertTrue(events(both).toString().contains("worker-" + unknown + " [001]"), "kept apart");
  }

  /** A mark has address 0, and so may a program's address be the nearest to it. */
  @Test
  void symbolsOfBothAreThereAndAMarkIsCalledSo() throws Exception {
    String functions = "ffffffff81000000 T do_work\n";
    TraceMetadata metadata = TickPage.metadata(SIZE).toBuilder().kallsyms(functions).build();
    Path kernel = ticks("kernel.dat", TraceVersion.V6, SIZE, metadata);
    String methods =
        "0000000000000000 t mark\n%016x t [java]\n%016x t shop.Order.fill\n"
            .formatted(Symbols.BASE, Symbols.address(1));
    Path app =
        ticks(
            "app.dat",
            TraceVersion.V6,
            SIZE,
            TickPage.metadata(SIZE).toBuilder().kallsyms(methods).build());
    Path both = directory.resolve("both.dat");
    merge(both, kernel, app);
    try (TraceFile file = TraceFile.open(both)) {
      assertEquals(
          (functions + methods.replaceFirst("0{16}", "%016x".formatted(Symbols.BASE - 1)))
              .lines()
              .sorted()
              .toList(),
          file.metadata().kallsyms().lines().sorted().toList());
    }
    Path other =
        ticks(
            "other.dat",
            TraceVersion.V6,
            SIZE,
            TickPage.metadata(SIZE).toBuilder().kallsyms(methods.replace("fill", "x")).build());
    String refused =
        assertThrows(IllegalArgumentException.class, () -> merge(both, kernel, app, other))
            .getMessage();
    assertTrue(refused.startsWith(other + " has Java methods at the addresses"), refused);
  }

  @Test
  void anInputIsNeverTheOutput() throws Exception {
    Path one = ticks("one.dat", TraceVersion.V6, SIZE, TickPage.metadata(SIZE));
    Path two = ticks("two.dat", TraceVersion.V6, SIZE, TickPage.metadata(SIZE));
    Path link = Files.createSymbolicLink(directory.resolve("link.dat"), one);
    byte[] bytes = Files.readAllBytes(one);
    assertThrows(IllegalArgumentException.class, () -> merge(link, two, one));
    assertThrows(IllegalArgumentException.class, () -> merge(one, two, one));
    assertArrayEquals(bytes, Files.readAllBytes(one));
    String twice =
        assertThrows(
                IllegalArgumentException.class,
                () -> merge(directory.resolve("no.dat"), one, two, link))
            .getMessage();
    assertEquals(link + " is named twice: name each file once", twice);
  }

  /** Any bytes: a file that can be read, or one line with the place and no file. */
  @ParameterizedTest
  @ValueSource(strings = {"sched", "instance", "boot"})
  void hostileBytesAreRefusedWithTheirPlace(String name) throws Exception {
    byte[] sound = Files.readAllBytes(TraceCmd.resource(directory, "kernel/" + name + ".dat"));
    Path app = ticks("app.dat", TraceVersion.V6, SIZE, TickPage.metadata(SIZE));
    Path hostile = directory.resolve("hostile.dat");
    Random random = new Random(name.hashCode());
    int refused = 0;
    for (int round = 0; round < 200; round++) {
      byte[] bytes = sound.clone();
      for (int i = random.nextInt(8); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      Files.write(hostile, bytes);
      Path to = directory.resolve("to" + round + ".dat");
      try {
        merge(to, 5L, Map.of(4251, 9), hostile, app);
        TraceFile.open(to).close();
      } catch (IOException | IllegalArgumentException e) {
        refused++;
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains("hostile.dat"), e.getMessage());
        assertFalse(Files.exists(to));
      }
    }
    assertTrue(refused > 0 && refused < 200, refused + " refused");
  }
}
