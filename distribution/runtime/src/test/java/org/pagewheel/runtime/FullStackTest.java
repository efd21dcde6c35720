package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An application that survives a full stack or a full heap while it records goes on recording. Real
 * ones, in a JVM of its own; {@code ErrorPromises} makes one at each call. {@code -Dfull.stacks=N}
 * and {@code -Dfull.heaps=N} set how often.
 */
@Timeout(600)
class FullStackTest {
  private static final long MAX_NANOS = 10_000_000_000L;
  private static final int STACKS = Integer.getInteger("full.stacks", 200);
  private static final int HEAPS = Integer.getInteger("full.heaps", 10);
  private static final Pattern END = Pattern.compile("written (\\d+), saved after (\\d+)");

  @TempDir Path directory;

  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource({
    "heap,overwrite",
    "heap,discard",
    "lockfree,overwrite",
    "lockfree,discard",
    "offheap,overwrite",
    "offheap,discard"
  })
  void recordsOnAfterFullStacks(String backend, String mode) throws Exception {
    recordsOn(backend, mode, "stack", STACKS, "-Xmx64m");
  }

  /** Before any class was compiled: then every call takes stack. */
  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource({"heap,overwrite", "lockfree,overwrite", "offheap,overwrite"})
  void recordsOnAfterFullStacksOfAnInterpreter(String backend, String mode) throws Exception {
    recordsOn(backend, mode, "stack", STACKS / 20, "-Xint");
  }

  @ParameterizedTest
  @Execution(CONCURRENT)
  @CsvSource({
    "heap,overwrite",
    "heap,discard",
    "lockfree,overwrite",
    "lockfree,discard",
    "offheap,overwrite",
    "offheap,discard"
  })
  void recordsOnAfterFullHeaps(String backend, String mode) throws Exception {
    recordsOn(backend, mode, "heap", HEAPS, "-Xmx24m");
  }

  private void recordsOn(String backend, String mode, String what, int times, String option)
      throws Exception {
    Path output = directory.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "--enable-native-access=ALL-UNNAMED",
                    "-XX:+UseSerialGC",
                    "-Dpagewheel.buffers.main.backend=" + backend,
                    "-Dpagewheel.buffers.main.mode=" + mode,
                    "-Dpagewheel.buffers.main.pages=16",
                    option,
                    FullStackChild.class.getName(),
                    what,
                    String.valueOf(times)))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(300, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    String text = Files.readString(output);
    assertTrue(ended, () -> "hangs: " + text);
    Matcher end = END.matcher(text);
    assertTrue(end.find(), text);
    assertTrue(Integer.parseInt(end.group(1)) >= 99_000, text);
    assertTrue(Long.parseLong(end.group(2)) < MAX_NANOS, text);
    assertTrue(text.contains("unaccounted 0\n"), text);
    assertEquals(0, process.exitValue(), text);
    assertTrue(Files.size(directory.resolve("trace.dat")) > 0, text);
  }
}
