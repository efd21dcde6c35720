package org.pagewheel.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the jar that applications depend on, in which Pagewheel's own Guice has another name. */
class OneJarIT {
  private static final Path OWN = Path.of("distribution", "guice");

  @TempDir Path directory;

  @Test
  void theApplicationsGuiceIsNotOurs() throws Exception {
    String libraries =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> !isOurs(Path.of(path)))
            .collect(Collectors.joining(File.pathSeparator));
    Path file = directory.resolve("shop.dat");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dguice_custom_class_loading=CHILD",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("one.jar") + File.pathSeparator + libraries,
                GuiceShop.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), out);
    assertEquals("1\n", out);
    Process report =
        new ProcessBuilder("trace-cmd", "report", file.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(report.getInputStream().readAllBytes());
    assertEquals(0, report.waitFor(), text);
    assertTrue(text.contains("by=the injector"), text);
  }

  /** A part of the one jar: a module of this build, a jar of it, or Typesafe Config. */
  private static boolean isOurs(Path entry) {
    Path root = Path.of("..", "..").toAbsolutePath().normalize();
    boolean isModule = entry.startsWith(root) && !entry.startsWith(root.resolve(OWN));
    String name = entry.getFileName().toString();
    return isModule || name.matches("(pagewheel-(?!guice)|config-)[^/]*\\.jar");
  }
}
