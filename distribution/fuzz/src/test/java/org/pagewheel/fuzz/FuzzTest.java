package org.pagewheel.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;

/**
 * Fuzzes every parser with Jazzer, shortly. For long: {@code -Dfuzz.seconds=600}, then each time
 * from another seed unless {@code -Dfuzz.seed} says which. What was interesting stays under {@code
 * target/corpus} and is where the next run begins; what breaks a parser stays under {@code
 * target/findings}.
 */
class FuzzTest {
  private static final long SECONDS = Long.getLong("fuzz.seconds", 8);

  /** 0 takes another one each time; the short form does the same each time. */
  private static final long SEED =
      Long.getLong("fuzz.seed", Long.getLong("fuzz.seconds") == null ? 1 : 0);

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path TRACES =
      Path.of("../../consumers/trace-dat/src/test/resources").toAbsolutePath().normalize();

  @TempDir Path seeds;

  @Test
  @Execution(CONCURRENT)
  void pages() throws Exception {
    assertNothingBreaks(PageTarget.class, 4097);
  }

  @Test
  @Execution(CONCURRENT)
  void ringFiles() throws Exception {
    assertNothingBreaks(RingFileTarget.class, 400);
  }

  @Test
  @Execution(CONCURRENT)
  void traceFiles() throws Exception {
    for (String name : List.of("golden/golden.v6.dat", "golden/golden.v7.dat", "kernel/boot.dat")) {
      Path file = TRACES.resolve(name);
      Files.copy(file, seeds.resolve(file.getFileName()));
    }
    assertNothingBreaks(TraceFileTarget.class, 20_000);
  }

  /** A fuzzer that finds nothing may be one that looks at nothing. */
  @Test
  @Execution(CONCURRENT)
  void aBugIsFound() throws Exception {
    Path log = seeds.resolve("log");
    int status = run(SeededBug.class, 64, 60, log);
    String text = Files.readString(log);
    assertEquals(77, status, text);
    assertTrue(text.contains("the seeded bug"), text);
  }

  private void assertNothingBreaks(Class<?> target, int maxLength) throws Exception {
    Path log = TARGET.resolve(target.getSimpleName() + ".log");
    int status = run(target, maxLength, SECONDS, log);
    String text = Files.readString(log);
    assertEquals(0, status, text);
    List<String> lines = text.lines().toList();
    assertTrue(lines.getLast().startsWith("Done "), text);
    System.out.println(target.getSimpleName() + ": " + lines.getLast());
  }

  private int run(Class<?> target, int maxLength, long seconds, Path log)
      throws IOException, InterruptedException {
    Path corpus = directory("corpus/" + target.getSimpleName());
    Path findings = directory("findings");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target.getName(),
                "--instrumentation_includes=org.pagewheel.**",
                "--reproducer_path=" + findings,
                "-artifact_prefix=" + findings + File.separator + target.getSimpleName() + "-",
                "-seed=" + SEED,
                "-max_total_time=" + seconds,
                "-max_len=" + maxLength,
                "-timeout=20",
                "-rss_limit_mb=0",
                corpus.toString()));
    command.add(seeds.toString());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(seconds + 120, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertTrue(ended, "the fuzzer did not end; its log is " + log);
    return process.exitValue();
  }

  private static Path directory(String name) throws IOException {
    return Files.createDirectories(TARGET.resolve(name));
  }
}
