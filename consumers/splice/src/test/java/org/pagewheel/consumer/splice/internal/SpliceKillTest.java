package org.pagewheel.consumer.splice.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.Recorded;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.tracedat.TraceFile;

/** A process that is killed leaves files that can be read, with all that had been accepted. */
class SpliceKillTest {
  @TempDir Path directory;
  @TempDir Path outputs;

  /** Runs a victim until it has printed so many lines; returns what it had accepted at least. */
  private int killed(int pageSize, String maxSize, int together, int lines) throws Exception {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path output = Files.createFile(outputs.resolve("accepted"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                Victim.class.getName(),
                directory.toString(),
                "" + pageSize,
                maxSize,
                "" + together)
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long end = System.nanoTime() + 120_000_000_000L;
    while (printed(output).size() < lines) {
      assertTrue(process.isAlive() && System.nanoTime() < end, "the victim does not get on");
      Thread.onSpinWait();
    }
    process.destroyForcibly(); // SIGKILL
    assertEquals(128 + 9, process.waitFor());
    return Integer.parseInt(printed(output).getLast());
  }

  /** Whole lines only. */
  private static List<String> printed(Path output) throws IOException {
    String text = Files.readString(output);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "4096, 64 MiB, 1, 1",
    "4096, 64 MiB, 4, 2",
    "4096, 256 KiB, 5, 3",
    "4096, 64 MiB, 16, 7",
    "65536, 64 MiB, 1, 4",
    "65536, 1 MiB, 3, 5",
    "1048576, 64 MiB, 1, 6"
  })
  void everythingAcceptedIsInTheFilesAfterAKill(
      int pageSize, String maxSize, int together, int seed) throws Exception {
    int lines = new Random(seed).nextInt(1, pageSize > 65536 ? 20 : 400);
    int accepted = killed(pageSize, maxSize, together, lines);
    List<Path> files = Recorded.files(directory);
    // Between two files there is none open.
    assertTrue(files.getLast().toString().matches(".*\\.dat(\\.open)?"), files.toString());
    List<Integer> numbers = Recorded.numbers(directory, 0);
    int found = Recorded.checkAccount(numbers);
    assertTrue(found >= accepted, found + " events found of " + accepted);
    assertTrue(
        found - accepted <= 2 * together * TickPages.perPage(pageSize), found + " " + accepted);

    Map<String, String> settings = Map.of("dir", directory.toString());
    GivenContext context = new GivenContext(2, pageSize, settings);
    SpliceConsumer.open(context, SpliceSettings.parse(settings, "victim")).close();
    assertEquals(List.of(), context.reports());
    List<Path> finished = Recorded.files(directory);
    assertTrue(finished.stream().allMatch(file -> file.toString().endsWith(".dat")));
    assertTrue(Files.size(finished.getLast()) <= Files.size(finished.getFirst()) + (64 << 20));
    assertEquals(numbers, Recorded.numbers(directory, 0));
    for (Path file : finished) {
      try (TraceFile trace = TraceFile.open(file)) {
        assertTrue(trace.metadata().headerEvent().endsWith("data max type_len  == 28\n"));
      }
    }
  }
}
