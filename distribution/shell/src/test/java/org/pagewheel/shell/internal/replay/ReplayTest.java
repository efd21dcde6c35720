package org.pagewheel.shell.internal.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.format.PageFormat;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFile;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceVersion;

/** A trace that went through a ring says the same to the real tool. */
class ReplayTest {
  private static final Path FILES = Path.of("../../consumers/trace-dat/src/test/resources");

  @TempDir Path directory;
  private Pagewheel pagewheel;

  @BeforeEach
  void start() {
    pagewheel = Pagewheel.start(Map.of("pagewheel.source-defaults.enabled", "false"));
  }

  @AfterEach
  void stop() {
    assertEquals(List.of("main"), pagewheel.buffers().list().stream().map(b -> b.name()).toList());
    pagewheel.close();
  }

  private ReplayReport replay(Path from, Path to, int pages, int pageSize) throws Exception {
    BufferConfig like = BufferConfig.of("replay", "heap").withPages(pages, 4096);
    return new Replay(pagewheel.buffers(), like, pageSize).run(from, to);
  }

  /** Replays and compares the reports line by line. */
  private ReplayReport same(Path from, int pages, int pageSize) throws Exception {
    Path to = directory.resolve("out.dat");
    ReplayReport report = replay(from, to, pages, pageSize);
    assertEquals(report(from), report(to));
    assertEquals(
        "",
        run("trace-cmd", "dump", "--validate", to.toString())
            .replaceAll(".* is a valid trace-cmd file\\s*", ""));
    return report;
  }

  private static List<String> report(Path file) throws Exception {
    return run("trace-cmd", "report", "-t", file.toString()).lines().toList();
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + text);
    return text;
  }

  @ParameterizedTest
  @CsvSource({
    "sched, 2, 0, 11000, 167779",
    "sched, 256, 0, 11000, 167779",
    "sched, 16, 65536, 11000, 167779",
    "discard, 3, 0, 3058, 0",
    "idle, 256, 0, 944, 0"
  })
  void kernelTracesComeOutTheSame(String name, int pages, int pageSize, long events, long lost)
      throws Exception {
    ReplayReport report = same(FILES.resolve("kernel/" + name + ".dat"), pages, pageSize);
    assertEquals(events, report.eventsIn());
    assertEquals(events, report.eventsOut());
    assertEquals(lost, report.lost());
    assertEquals(0, report.adjusted());
    assertEquals(0, report.untold());
  }

  @ParameterizedTest
  @CsvSource({"v6", "v7"})
  void theGoldenTraceComesOutTheSame(String version) throws Exception {
    assertEquals(5, same(FILES.resolve("golden/golden." + version + ".dat"), 2, 0).lost());
  }

  @Test
  void olderAndCompressedFilesComeOutTheSame() throws Exception {
    String sched = FILES.resolve("kernel/sched.dat").toString();
    Path old = directory.resolve("v6.dat");
    run("trace-cmd", "convert", "-i", sched, "-o", old.toString(), "--file-version", "6");
    same(old, 256, 0);
    Path packed = directory.resolve("zstd.dat");
    run("trace-cmd", "convert", "-i", sched, "-o", packed.toString(), "--compression", "zstd");
    same(packed, 256, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "V6, false, 8, 4096, 3, 1, 2",
    "V7, false, 8, 4096, 1, 2, 256",
    "V6, true, 8, 8192, 2, 3, 2",
    "V7, true, 4, 4096, 5, 4, 3",
    "V6, false, 4, 4096, 2, 5, 2",
    "V7, false, 8, 16384, 300, 6, 256",
    "V6, true, 4, 65536, 2, 7, 2",
    "V7, false, 4, 1048576, 2, 8, 2"
  })
  void everythingAPageMayHoldComesOutTheSame(
      TraceVersion version, boolean big, int longSize, int pageSize, int cpus, long seed, int pages)
      throws Exception {
    Path from = directory.resolve("odd.dat");
    OddTrace.write(from, version, OddTrace.format(big, longSize, pageSize), cpus, seed);
    ReplayReport report = same(from, pages, 0);
    assertTrue(report.eventsIn() > 0);
    assertEquals(0, report.untold());
  }

  @ParameterizedTest
  @CsvSource({"V6, 11", "V7, 12"})
  void instancesComeOutTheSame(TraceVersion version, long seed) throws Exception {
    Path from = directory.resolve("odd.dat");
    OddTrace.write(from, version, OddTrace.format(false, 8, 4096), 2, seed, "net", "disk io");
    assertEquals(3, same(from, 256, 0).rings().size());
  }

  /** The number of CPUs, which the tool leaves out of such a file, is in ours. */
  @Test
  void anInstanceAloneComesOutTheSame() throws Exception {
    Path from = FILES.resolve("split/alone.v7.dat");
    Path to = directory.resolve("out.dat");
    assertEquals(300, replay(from, to, 256, 0).eventsIn());
    List<String> wanted = new ArrayList<>(report(from));
    assertEquals("cpus=0", wanted.set(0, "cpus=1"));
    assertEquals(wanted, report(to));
  }

  /**
   * Files of which trace-cmd shows nothing, or with words of its own; where the number of CPUs is
   * left out it is an option more.
   */
  @ParameterizedTest
  @CsvSource({
    "split/alone.v6.dat, 300, 1",
    "split/all.v6.dat, 600, 0",
    "golden/option8.v6.dat, 5, 0"
  })
  void filesThatOtherToolsMadeInTheirOwnWayAreReplayed(String name, long events, int more)
      throws Exception {
    Path to = directory.resolve("out.dat");
    assertEquals(events, replay(FILES.resolve(name), to, 256, 0).eventsOut());
    try (TraceFile in = TraceFile.open(FILES.resolve(name));
        TraceFile out = TraceFile.open(to)) {
      assertEquals(in.buffers(), out.buffers());
      assertEquals(in.metadata().options().size() + more, out.metadata().options().size());
    }
  }

  @Test
  void damageIsToldAndNothingIsWritten() throws Exception {
    byte[] bytes = Files.readAllBytes(FILES.resolve("golden/golden.v6.dat"));
    bytes[bytes.length - 4096 + 8] = 0x19; // the committed bytes no longer end between two records
    Path damaged = Files.write(directory.resolve("damaged.dat"), bytes);
    Path out = Files.writeString(directory.resolve("out.dat"), "precious");
    var e = assertThrows(ReplayException.class, () -> replay(damaged, out, 2, 0));
    assertEquals(1, e.getMessage().lines().count());
    assertTrue(e.getMessage().startsWith(damaged + ", page at offset 4096: "), e.getMessage());
    assertEquals("precious", Files.readString(out));
    assertEquals(List.of("damaged.dat", "out.dat"), names());
  }

  @Test
  void aCutFileIsToldAndNothingIsWritten() throws Exception {
    byte[] bytes = Files.readAllBytes(FILES.resolve("kernel/idle.dat"));
    Path cut = directory.resolve("cut.dat");
    List<Integer> lengths = new ArrayList<>(List.of(0, 1, 9, 10, 17, 18, 1000));
    lengths.add(bytes.length / 2);
    lengths.add(bytes.length - 1);
    for (int length : lengths) {
      Files.write(cut, java.util.Arrays.copyOf(bytes, length));
      Path out = directory.resolve("out.dat");
      var e = assertThrows(ReplayException.class, () -> replay(cut, out, 2, 0), "cut at " + length);
      assertEquals(1, e.getMessage().lines().count());
      assertTrue(e.getMessage().startsWith(cut.toString()), e.getMessage());
    }
    assertEquals(List.of("cut.dat"), names());
  }

  @Test
  void whatCannotBeIsRefusedInOneLine() throws Exception {
    Path in = Files.copy(FILES.resolve("golden/golden.v7.dat"), directory.resolve("in.dat"));
    Path link = Files.createSymbolicLink(directory.resolve("link.dat"), in);
    refused(in + ": give the output another name", in, in);
    refused(in + ": give the output another name", in, link);
    refused("nothing.dat: there is no such file", directory.resolve("nothing.dat"), link);
    refused("is a directory; give a trace.dat file", directory, directory.resolve("x"));
    refused("is a directory", in, directory);
    refused("there is no directory", in, directory.resolve("missing/out.dat"));
    assertEquals(List.of("in.dat", "link.dat"), names());
  }

  @Test
  void moreCpusThanARingHasAreRefusedInPlainWords() throws Exception {
    Path in = directory.resolve("in.dat");
    PageFormat format = PageFormat.of(4096);
    List<TraceBuffer> buffers = List.of(new TraceBuffer("", "mono", 4096, 65_536));
    try (TraceFileWriter writer = TraceFileWriter.create(in, TraceVersion.V6, format, buffers)) {
      writer.finish(TraceMetadata.builder(format).cpuCount(65_536).build());
    }
    var e =
        assertThrows(ReplayException.class, () -> replay(in, directory.resolve("out.dat"), 2, 0));
    assertEquals(
        in + " has 65,536 CPUs and cannot be replayed: a ring has at most 4,096", e.getMessage());
    assertEquals(List.of("in.dat"), names());
  }

  private void refused(String part, Path from, Path to) {
    var e = assertThrows(ReplayException.class, () -> replay(from, to, 2, 0));
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  private List<String> names() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
