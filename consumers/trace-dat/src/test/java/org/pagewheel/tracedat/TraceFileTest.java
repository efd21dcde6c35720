package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;

/** What stands in files is found. */
class TraceFileTest {
  @TempDir Path directory;

  @Test
  void theGoldenFilesHoldWhatTheyShould() throws Exception {
    for (int version : List.of(6, 7)) {
      Path path = TraceCmd.resource(directory, "golden/golden.v" + version + ".dat");
      try (TraceFile file = TraceFile.open(path)) {
        assertEquals(version, file.version().number());
        assertEquals(path, file.path());
        assertEquals(List.of(new TraceBuffer("", "mono", 4096, 1)), file.buffers());
        assertEquals(PageFormat.of(4096), file.metadata().pageFormat());
        assertEquals("worker", file.metadata().threadNames().get(4251));
        assertEquals("tick", file.metadata().formats().getFirst().name());
        assertEquals(1001, file.metadata().formats().getFirst().id());
        assertEquals("demo", file.metadata().formats().getFirst().system());
        assertEquals("mono", file.metadata().clock().orElseThrow());
        PageStream pages = file.pages(0, 0);
        PageCursor cursor = new PageCursor(pages.format()).reset(pages.next());
        assertEquals(4096, pages.offset());
        List<Long> times = new ArrayList<>();
        while (cursor.next()) {
          times.add(cursor.time());
        }
        assertEquals(
            List.of(1_000_000_000L, 1_000_000_250L, 1_300_000_250L, 1_500_000_000L, 1_500_000_010L),
            times);
        assertEquals(5, cursor.missed());
        assertEquals(null, pages.next());
        assertEquals(null, pages.next());
      }
    }
  }

  @Test
  void aCutFileGivesThePagesThatAreThere() throws Exception {
    Path path = TraceCmd.resource(directory, "kernel/sched.dat");
    byte[] bytes = Files.readAllBytes(path);
    Path v6 = directory.resolve("v6.dat");
    try (TraceFile file = TraceFile.open(path)) {
      TraceFileWriter.copy(file, v6, TraceVersion.V6);
    }
    byte[] cut = Arrays.copyOf(Files.readAllBytes(v6), bytes.length - 20 * 4096 - 100);
    Files.write(v6, cut);
    try (TraceFile file = TraceFile.open(v6)) {
      assertEquals(1, file.warnings().size());
      assertTrue(file.warnings().getFirst().startsWith("the data of CPU 1 should end at"));
      PageStream pages = file.pages(0, 1);
      long found = 0;
      TraceFormatException end = null;
      while (end == null) {
        try {
          MemorySegment page = pages.next();
          assertFalse(page == null, "the end is not told");
          found++;
        } catch (TraceFormatException e) {
          end = e;
        }
      }
      assertTrue(found >= 40, found + " pages");
      assertTrue(end.offset() > cut.length - 4096 && end.offset() <= cut.length, end.getMessage());
      assertThrows(TraceFormatException.class, pages::next);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boot", "counter", "tsc", "subbuf16", "idle", "discard"})
  void timesAreThoseThatToolsShow(String name) throws Exception {
    Path path = TraceCmd.resource(directory, "kernel/" + name + ".dat");
    List<Long> times = new ArrayList<>();
    try (TraceFile file = TraceFile.open(path)) {
      for (int cpu = 0; cpu < 2; cpu++) {
        PageStream pages = file.pages(0, cpu);
        PageCursor cursor = new PageCursor(pages.format());
        for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
          cursor.reset(page);
          while (cursor.next()) {
            times.add(file.metadata().shownTime(cursor.time()));
          }
        }
      }
    }
    List<Long> shown = new ArrayList<>();
    for (String line : TraceCmd.recorded("kernel/" + name + ".report.txt.gz")) {
      var time = Pattern.compile("\\[\\d+\\] *([\\d.]+): ").matcher(line);
      if (time.find()) {
        shown.add(Long.valueOf(time.group(1).replace(".", "")));
      }
    }
    assertEquals(shown.stream().sorted().toList(), times.stream().sorted().toList());
  }

  @Test
  void withoutItsLibraryZstdIsRefusedInPlainWords() throws Exception {
    Path path = TraceCmd.resource(directory, "kernel/boot.dat");
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<URL> urls = new ArrayList<>();
    for (String entry : classes.split(File.pathSeparator)) {
      if (!entry.contains("zstd")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    ClassLoader platform = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), platform)) {
      var open = loader.loadClass(TraceFile.class.getName()).getMethod("open", Path.class);
      var refused = assertThrows(InvocationTargetException.class, () -> open.invoke(null, path));
      assertTrue(
          refused
              .getCause()
              .getMessage()
              .endsWith(
                  "compressed with zstd: to read it, install zstd-jni (com.github.luben) as well"),
          refused.getCause().getMessage());
      assertTrue(refused.getCause().getMessage().startsWith(path.toString()));
    }
  }

  @Test
  void sectionsThatNothingPointsToAreKept() throws Exception {
    Path path = TraceCmd.resource(directory, "golden/golden.v7.dat");
    byte[] golden = Files.readAllBytes(path);
    ByteBuffer more = ByteBuffer.allocate(golden.length + 20).order(ByteOrder.LITTLE_ENDIAN);
    more.put(golden).putShort((short) 99).putShort((short) 0).putInt(-1).putLong(4).putInt(77);
    Files.write(path, more.array());
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(99, file.metadata().sections().getFirst().id());
      assertEquals(4, file.metadata().sections().getFirst().content().length);
    }
  }

  private static byte[] deflated(byte[] plain) {
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(plain);
      deflater.finish();
      byte[] packed = new byte[plain.length + 100];
      return Arrays.copyOf(packed, deflater.deflate(packed));
    }
  }

  /** The golden file with thread names and pages packed by zlib and put behind the rest. */
  @Test
  void zlibIsUnpackedToo() throws Exception {
    Path path = TraceCmd.resource(directory, "golden/golden.v7.dat");
    byte[] golden = Files.readAllBytes(path);
    ByteBuffer bytes = ByteBuffer.allocate(20_000).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(golden).put(18, "zlib".getBytes());
    int names = 1018;
    int namesOption = 8192 + 16 + 5 * 14 + 6;
    int pages = 1054;
    int cpuEntry = 8192 + 16 + 6 * 14 + 10 + 13 + 6 + 8 + 1 + 5 + 8;
    assertEquals(names, bytes.getLong(namesOption));
    assertEquals(4096, bytes.getLong(cpuEntry + 4));
    byte[] plainNames = Arrays.copyOfRange(golden, names + 16, pages);
    byte[] packedNames = deflated(plainNames);
    bytes.putLong(namesOption, golden.length);
    bytes.putShort((short) 21).putShort((short) 1).putInt(-1).putLong(8 + packedNames.length);
    bytes.putInt(packedNames.length).putInt(plainNames.length).put(packedNames);
    byte[] packedPages = deflated(Arrays.copyOfRange(golden, 4096, 8192));
    bytes.putShort(pages + 2, (short) 1);
    bytes.putLong(cpuEntry + 4, bytes.position()).putLong(cpuEntry + 12, 8 + packedPages.length);
    bytes.putInt(1).putInt(packedPages.length).putInt(4096).put(packedPages);
    Files.write(path, Arrays.copyOf(bytes.array(), bytes.position()));
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals("worker", file.metadata().threadNames().get(4251));
      PageStream stream = file.pages(0, 0);
      assertEquals(5, new PageCursor(stream.format()).count(stream.next()));
      assertEquals(null, stream.next());
    }
  }
}
