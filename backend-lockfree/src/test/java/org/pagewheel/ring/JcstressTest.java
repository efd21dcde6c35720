package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the races of {@link ReserveStress} and {@link TakeStress} with jcstress, shortly. For long:
 * {@code -Djcstress.iterations=20 -Djcstress.millis=5000}.
 */
class JcstressTest {
  private static final int RACES = 12;

  @TempDir Path directory;

  @Test
  void noRaceHasAForbiddenOutcome() throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    "org.openjdk.jcstress.Main",
                    "-f",
                    "1",
                    "-fsm",
                    "1",
                    "-iters",
                    System.getProperty("jcstress.iterations", "1"),
                    "-time",
                    System.getProperty("jcstress.millis", "300"),
                    "-sc",
                    "false",
                    "-af",
                    "NONE",
                    "-strideSize",
                    "16",
                    "-strideCount",
                    "8",
                    "-r",
                    directory + File.separator,
                    "-t",
                    "org.pagewheel.ring"))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.HOURS);
    process.destroyForcibly();
    String text = Files.readString(log);
    assertTrue(ended, "jcstress did not end");
    assertEquals(0, process.exitValue(), text);
    assertTrue(text.contains("Failed tests: No matches"), text);
    assertTrue(text.contains("Error tests: No matches"), text);
    Matcher all = Pattern.compile("All remaining tests: (\\d+) matching").matcher(text);
    assertTrue(all.find(), text);
    assertEquals(RACES, Integer.parseInt(all.group(1)) + interesting(text), text);
  }

  private static int interesting(String text) {
    Matcher interesting = Pattern.compile("Interesting tests: (\\d+) matching").matcher(text);
    return interesting.find() ? Integer.parseInt(interesting.group(1)) : 0;
  }
}
