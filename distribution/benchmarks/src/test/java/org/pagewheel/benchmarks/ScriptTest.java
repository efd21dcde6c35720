package org.pagewheel.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts themselves, as far as they go without a build. */
class ScriptTest {
  private record Said(int status, String text) {}

  private static Said run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process script = builder.redirectErrorStream(true).start();
    String text = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(script.waitFor(), text);
  }

  private static String script(String name) {
    return Path.of(name).toAbsolutePath().toString();
  }

  @Test
  void anUnknownOptionIsOneLineAndStatus2() throws IOException, InterruptedException {
    Said said = run(new ProcessBuilder(script("run"), "--quick", "--fast"));
    assertEquals(
        new Said(
            2,
            "run: unknown option --fast; usage: run [--quick] [--tsv] [--list] [--where]"
                + " [PATTERN]\n"),
        said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"peers/kernel", "peers/lttng"})
  void aPeerTakesNoArguments(String peer) throws IOException, InterruptedException {
    Said said = run(new ProcessBuilder(script(peer), "--fast"));
    assertEquals(new Said(2, peer + ": takes no arguments, not --fast\n"), said);
  }

  /** A machine with the usual commands, without a compiler and without LTTng. */
  @ParameterizedTest
  @ValueSource(strings = {"peers/kernel", "peers/lttng"})
  void aPeerThatCannotRunSaysWhatIsMissing(String peer, @TempDir Path commands)
      throws IOException, InterruptedException {
    for (String command : List.of("sh", "dirname", "readlink", "uname", "id")) {
      Files.createSymbolicLink(commands.resolve(command), Path.of("/usr/bin", command));
    }
    ProcessBuilder builder = new ProcessBuilder(script(peer));
    builder.environment().put("PATH", commands.toString());
    Said said = run(builder);
    assertEquals(1, said.status(), said.text());
    assertTrue(
        said.text().matches(peer + " cannot run: (there is no C compiler|only root may).*\n"),
        said.text());
  }
}
