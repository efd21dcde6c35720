package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sources in programs without a container. */
class EmbeddedSourcesIT {
  @TempDir Path directory;

  private Program.Result run(String conduct) throws Exception {
    return Program.run(
        directory,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        EmbeddedProgram.class.getName(),
        conduct);
  }

  @Test
  void aProgramEndsThoughItClosesNothing() throws Exception {
    var result = run("leave");
    result.assertStatus(0);
    assertEquals("main ends", result.out().strip());
  }

  @Test
  void anApplicationThatIsUnloadedIsCollected() throws Exception {
    var result = run("unload");
    result.assertStatus(0);
    assertEquals("unloaded", result.out().strip());
  }
}
