package org.pagewheel.shell.internal.recover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceVersion;

/**
 * Kills a process that records with a consumer, again and again: every event that it had recorded
 * is in a file of the consumer's, in the recovered one, or in a number of lost events that one of
 * them reports. {@code -Dkill.rounds=N} sets how often, {@code -Dkill.seed=N} repeats a run.
 */
class KillTest {
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 4);
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

  @TempDir Path directory;

  @Test
  void noEventIsMissingThatNothingReports() {
    System.out.println("KillTest: to repeat this run, -Dkill.seed=" + SEED);
    long[] sums = new long[3];
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(300 + 60L * ROUNDS),
        () -> {
          for (int round = 0; round < ROUNDS; round++) {
            killAndCount(round, sums);
          }
        });
    System.out.printf(
        "KillTest: %d kills, %d events recorded, %d not found, %d reported%n",
        ROUNDS, sums[0], sums[1], sums[2]);
    assertTrue(sums[0] > 0, "nothing was recorded");
  }

  private void killAndCount(int round, long[] sums) throws Exception {
    Random random = new Random(SEED + round);
    Path here = Files.createDirectory(directory.resolve("round" + round));
    List<String> settings = settings(random, here);
    try {
      kill(here, random, settings);
      count(here, sums);
    } catch (IOException | AssertionError e) {
      throw new AssertionError(
          "kill %d, -Dkill.seed=%d, %s: %s".formatted(round, SEED, settings, e.getMessage()), e);
    }
    delete(here);
  }

  private static List<String> settings(Random random, Path here) {
    List<String> settings = new ArrayList<>();
    settings.add("backend=offheap");
    settings.add("file=" + here.resolve("ring"));
    settings.add("pages=" + one(random, "16", "64", "256"));
    settings.add("page-size=" + one(random, "4096", "4096", "65536"));
    settings.add("flush=" + one(random, "1 s", "50 ms"));
    settings.add("mode=" + one(random, "overwrite", "overwrite", "overwrite", "discard"));
    settings.add("consumers.s.type=splice");
    settings.add("consumers.s.dir=" + here.resolve("splice"));
    settings.add("consumers.s.max-size=" + one(random, "1 MiB", "16 MiB"));
    settings.add("consumers.s.max-files=unlimited");
    // What a queue drops is reported with the next page that the consumer gets, so not if it is
    // killed before that; the summary has it among what consumers had taken.
    settings.add("consumers.s.policy=block");
    settings.add("consumers.s.block-timeout=10 min");
    return settings;
  }

  private static String one(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static void kill(Path here, Random random, List<String> settings) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KillVictim.class.getName(),
                here.resolve("notes").toString(),
                one(random, "2000", "20000", "40000"),
                "0"));
    command.addAll(settings);
    Path output = here.resolve("output");
    Process victim =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    long first = random.nextInt(1, 20_000);
    try {
      while (recorded(here)[random.nextInt(KillVictim.THREADS)] < first) {
        assertTrue(victim.isAlive(), () -> "the victim ended: " + text(output));
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(20));
      assertNotReplaced(here.resolve("ring"));
    } finally {
      victim.destroyForcibly(); // SIGKILL
    }
    assertEquals(128 + 9, victim.waitFor());
    assertNotReplaced(here.resolve("ring"));
  }

  /**
   * What {@code save} and {@code replay -o} do; the ring is that of a living process or a crash.
   */
  private static void assertNotReplaced(Path ring) throws IOException {
    Object key = Files.readAttributes(ring, BasicFileAttributes.class).fileKey();
    TraceBuffer buffer = new TraceBuffer("", "mono", 4096, 1);
    IOException refused =
        assertThrows(
            IOException.class,
            () ->
                TraceFileWriter.create(
                    ring, TraceVersion.V6, PageFormat.of(4096), List.of(buffer)));
    assertEquals(
        ring + " is the file of a ring and is not replaced by a trace", refused.getMessage());
    assertEquals(key, Files.readAttributes(ring, BasicFileAttributes.class).fileKey());
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

  /** How many events each thread has tried when the last one was recorded. */
  private static long[] recorded(Path here) throws IOException {
    ByteBuffer notes = notes(here);
    long[] recorded = new long[KillVictim.THREADS];
    for (int i = 0; i < recorded.length; i++) {
      recorded[i] = notes.getLong(i * KillVictim.NOTES);
    }
    return recorded;
  }

  private static void count(Path here, long[] sums) throws IOException {
    Found found = new Found();
    Path out = here.resolve("out.dat");
    List<String> report = Recovery.recover(here.resolve("ring"), out);
    assertTrue(report.stream().noneMatch(line -> line.contains("PARTIAL")), report::toString);
    found.add(out);
    try (Stream<Path> files = Files.list(Files.createDirectories(here.resolve("splice")))) {
      // A file has its name once it can be read.
      for (Path file : files.filter(path -> !isUnnamed(path)).sorted().toList()) {
        found.add(file);
      }
    }
    ByteBuffer notes = notes(here);
    long missing = 0;
    for (int i = 0; i < KillVictim.THREADS; i++) {
      int recorded = (int) notes.getLong(i * KillVictim.NOTES);
      long refused = notes.getLong(i * KillVictim.NOTES + KillVictim.REFUSED);
      missing += Math.max(0, recorded - found.numbers[i].get(0, recorded).cardinality() - refused);
      sums[0] += recorded - refused;
    }
    assertTrue(
        missing <= found.reported,
        missing + " are missing, " + found.reported + " reported; " + report);
    sums[1] += missing;
    sums[2] += found.reported;
  }

  private static boolean isUnnamed(Path file) {
    return file.getFileName().toString().startsWith(".");
  }

  private static void delete(Path here) throws IOException {
    try (Stream<Path> files = Files.walk(here)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
