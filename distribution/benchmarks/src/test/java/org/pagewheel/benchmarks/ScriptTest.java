package org.pagewheel.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The script itself, as far as it goes without a build. */
class ScriptTest {
  @Test
  void anUnknownOptionIsOneLineAndStatus2() throws IOException, InterruptedException {
    Process script =
        new ProcessBuilder(Path.of("run").toAbsolutePath().toString(), "--quick", "--fast")
            .redirectErrorStream(true)
            .start();
    String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, script.waitFor());
    assertEquals(
        "run: unknown option --fast; usage: run [--quick] [--tsv] [--list] [PATTERN]\n", said);
  }
}
