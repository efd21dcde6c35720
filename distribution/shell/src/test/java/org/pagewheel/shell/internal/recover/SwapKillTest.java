package org.pagewheel.shell.internal.recover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageCursor;
import org.pagewheel.ringfile.LeftRings;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceFile;

/**
 * Kills a process whose rings replace each other while nobody reads: what is in as many of them as
 * may be kept is found, and the disk has no more. {@code -Dkill.seed=N} repeats a run.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SwapKillTest {
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

  @TempDir Path directory;

  private final Random random = new Random(SEED);

  /** The events of all rings, oldest first, by thread. */
  private final BitSet[] found = new BitSet[KillVictim.THREADS];

  private int rings;
  private final StringBuilder reports = new StringBuilder("-Dkill.seed=" + SEED);

  @Test
  void asManyRingsAsAreKeptLoseNothing() throws Exception {
    for (int round = 0; round < 2; round++) {
      Path here = Files.createDirectory(directory.resolve("all" + round));
      recordAndKill(here, 10, "");
      recoverAll(here);
      assertEquals(11, rings, reports::toString);
      ByteBuffer notes = notes(here);
      for (int i = 0; i < KillVictim.THREADS; i++) {
        int tried = (int) notes.getLong(i * KillVictim.NOTES);
        long refused = notes.getLong(i * KillVictim.NOTES + KillVictim.REFUSED);
        assertTrue(tried > 0, "nothing was recorded");
        int lost = tried - found[i].get(0, tried).cardinality();
        assertEquals(refused, lost, "thread " + i + ": not found; " + reports);
      }
    }
  }

  @Test
  void ofMoreRingsTheNewestAreThereAndTheDiskHasNoMore() throws Exception {
    Path here = Files.createDirectory(directory.resolve("many"));
    recordAndKill(here, 60, "5");
    recoverAll(here);
    assertTrue(rings >= 5 && rings <= 7, () -> rings + " files; " + reports);
    ByteBuffer notes = notes(here);
    for (int i = 0; i < KillVictim.THREADS; i++) {
      int tried = (int) notes.getLong(i * KillVictim.NOTES);
      assertEquals(0, notes.getLong(i * KillVictim.NOTES + KillVictim.REFUSED), "refused");
      int first = found[i].nextSetBit(0);
      assertTrue(first > 0, "thread " + i + ": from " + first + "; " + reports);
      assertTrue(found[i].nextClearBit(first) >= tried, "thread " + i + ": a gap; " + reports);
    }
  }

  private void recordAndKill(Path here, int swaps, String keep) throws Exception {
    Path output = here.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            KillVictim.class.getName(),
            here.resolve("notes").toString(),
            "2000",
            Integer.toString(swaps),
            "backend=offheap",
            "file=" + here.resolve("ring"),
            "pages=4096"); // none is overwritten
    if (!keep.isEmpty()) {
      builder.command().add("settings.keep=" + keep);
    }
    Process victim = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    try {
      while (notes(here).getLong(KillVictim.SWAPS) < swaps) {
        assertTrue(victim.isAlive(), () -> "the victim ended: " + text(output));
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(20));
    } finally {
      victim.destroyForcibly(); // SIGKILL
    }
    assertEquals(128 + 9, victim.waitFor());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static ByteBuffer notes(Path here) throws IOException {
    Path notes = here.resolve("notes");
    byte[] bytes = Files.exists(notes) ? Files.readAllBytes(notes) : new byte[0];
    return bytes.length == 0
        ? ByteBuffer.allocate(KillVictim.NOTES * KillVictim.THREADS)
        : ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  private void recoverAll(Path here) throws IOException {
    for (int i = 0; i < found.length; i++) {
      found[i] = new BitSet();
    }
    Path ring = here.resolve("ring");
    List<Path> all = Stream.concat(Stream.of(ring), LeftRings.newestFirst(ring).stream()).toList();
    rings = all.size();
    for (Path file : all) {
      Path trace = file.resolveSibling(file.getFileName() + ".trace");
      List<String> report = Recovery.recover(file, trace);
      reports.append('\n').append(report);
      assertTrue(
          report.get(2).startsWith("not in it: 0 events overwritten, 0 taken"), report::toString);
      add(trace);
    }
  }

  private void add(Path file) throws IOException {
    try (TraceFile trace = TraceFile.open(file)) {
      int type =
          trace.metadata().formats().stream()
              .filter(format -> format.system().equals("kill"))
              .mapToInt(EventFormat::id)
              .findFirst()
              .orElse(-1);
      for (int cpu = 0; cpu < trace.buffers().getFirst().cpus(); cpu++) {
        PageStream pages = trace.pages(0, cpu);
        PageCursor cursor = new PageCursor(pages.format());
        for (var page = pages.next(); page != null; page = pages.next()) {
          cursor.reset(page);
          assertEquals(0, cursor.missed(), "missed");
          while (cursor.next()) {
            var event = cursor.payload();
            if ((event.get(ValueLayout.JAVA_SHORT_UNALIGNED, 0) & 0xffff) == type) {
              BitSet numbers = found[(int) event.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)];
              int number = (int) event.get(ValueLayout.JAVA_LONG_UNALIGNED, 16);
              assertTrue(!numbers.get(number), () -> number + " is there twice; " + reports);
              numbers.set(number);
            }
          }
        }
      }
    }
  }
}
