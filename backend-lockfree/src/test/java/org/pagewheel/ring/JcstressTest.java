package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the races of {@link ReserveStress} and {@link TakeStress} and the litmus tests of {@link
 * OrderStress} with jcstress, shortly. For long: {@code -Djcstress.iterations=20
 * -Djcstress.millis=5000}.
 */
class JcstressTest {
  private static final String RACES = "org.pagewheel.ring.(Reserve|Take|Order)Stress";
  private static final int RACE_COUNT = 16;
  private static final Set<String> MISTAKES =
      Set.of("ZeroBeforeBusy", "FormBeforeTake", "MemoBeforePayload");

  /** Flags of our own have jcstress start one JVM a race instead of four. */
  private static final List<String> ONE_WAY = List.of("--jvmArgs", "-Xmx512m");

  /** A race is a matter of luck, so who does not find it tries again. */
  private static final int MAX_TRIES = 30;

  @TempDir Path directory;

  @Test
  void noRaceHasAForbiddenOutcome() throws IOException, InterruptedException {
    int iterations = Integer.getInteger("jcstress.iterations", 1);
    int millis = Integer.getInteger("jcstress.millis", 300);
    Path log = directory.resolve("log");
    List<String> what = new ArrayList<>(List.of("-t", RACES));
    if (iterations == 1) {
      what.addAll(ONE_WAY); // the long form compiles each race in all ways
    }
    int exit = run(log, iterations, millis, what);
    String text = Files.readString(log);
    assertEquals(0, exit, text);
    assertTrue(text.contains("Failed tests: No matches"), text);
    assertTrue(text.contains("Error tests: No matches"), text);
    Matcher all = Pattern.compile("All remaining tests: (\\d+) matching").matcher(text);
    assertTrue(all.find(), text);
    assertEquals(RACE_COUNT, Integer.parseInt(all.group(1)) + interesting(text), text);
  }

  /** The looks of the litmus tests find what they are for: see {@link OrderMistakes}. */
  @Test
  void aMistakeInTheOrderIsFound() throws IOException, InterruptedException {
    Set<String> missing = new TreeSet<>(MISTAKES);
    String text = "";
    for (int i = 0; i < MAX_TRIES && !missing.isEmpty(); i++) {
      Path log = directory.resolve("log-" + i);
      String tests = "org.pagewheel.ring.OrderMistakes.(" + String.join("|", missing) + ")";
      List<String> what = new ArrayList<>(List.of("-t", tests));
      what.addAll(ONE_WAY);
      run(log, 1, 300, what);
      text = Files.readString(log);
      assertTrue(text.contains("Error tests: No matches"), text);
      Matcher failed = Pattern.compile("\\[FAILED\\] \\S+\\.(\\w+)\\s").matcher(text);
      while (failed.find()) {
        missing.remove(failed.group(1));
      }
    }
    assertEquals(Set.of(), missing, text);
  }

  private int run(Path log, int iterations, int millis, List<String> more)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("org.openjdk.jcstress.Main");
    command.addAll(List.of("-f", "1", "-fsm", "1"));
    command.addAll(List.of("-iters", "" + iterations, "-time", "" + millis));
    command.addAll(List.of("-sc", "false", "-af", "NONE"));
    command.addAll(List.of("-strideSize", "16", "-strideCount", "8"));
    command.addAll(List.of("-r", directory + File.separator));
    command.addAll(more);
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.HOURS);
    process.destroyForcibly();
    assertTrue(ended, "jcstress did not end");
    return process.exitValue();
  }

  private static int interesting(String text) {
    Matcher interesting = Pattern.compile("Interesting tests: (\\d+) matching").matcher(text);
    return interesting.find() ? Integer.parseInt(interesting.group(1)) : 0;
  }
}
