package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoBundlesTest {
  private static final String EMPTY =
      "pagewheel: plugin a.jar is empty: a plugin is an OSGi bundle, as bnd makes it\n";

  @TempDir Path directory;
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream reported = new ByteArrayOutputStream();

  @BeforeEach
  void catchReports() {
    System.setErr(new PrintStream(reported, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void giveErrBack() {
    System.setErr(before);
  }

  private Path jar(Instant time) throws IOException {
    Path jar = directory.resolve("a.jar");
    if (!Files.exists(jar)) {
      Files.createFile(jar);
    }
    Files.setLastModifiedTime(jar, FileTime.from(time));
    return jar;
  }

  private void assertReported(String expected) {
    assertEquals(expected, reported.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatLiesThereIsReportedAtOnceAndOnce() throws Exception {
    jar(Instant.now().minusSeconds(3600));
    var watched = new NoBundles(List.of(directory));
    watched.look(false);
    assertReported(EMPTY);
    watched.look(true);
    assertReported(EMPTY);
  }

  /** The time lies ahead, so that no pause of this test makes it old. */
  @Test
  void whatIsBeingCopiedAtTheStartIsReportedWhenItStays() throws Exception {
    Instant ahead = Instant.now().plusSeconds(3600);
    jar(ahead);
    var watched = new NoBundles(List.of(directory));
    watched.look(false);
    assertReported("");
    jar(ahead.plusSeconds(1));
    watched.look(true);
    assertReported("");
    watched.look(true);
    assertReported(EMPTY);
  }

  /** A link to itself, to nothing, to a file and to a bundle, a directory, and a pipe. */
  @Test
  void oneThatIsWrongHidesNoneOfTheOthers() throws Exception {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path empty = Files.createFile(elsewhere.resolve("x"));
    Path bundle = elsewhere.resolve("b");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "b");
    new JarOutputStream(Files.newOutputStream(bundle), manifest).close();
    Files.createSymbolicLink(directory.resolve("a-loop.jar"), Path.of("a-loop.jar"));
    Files.createSymbolicLink(directory.resolve("b-bundle.jar"), bundle);
    Files.createSymbolicLink(directory.resolve("c-dangling.jar"), Path.of("nowhere"));
    Files.createDirectory(directory.resolve("d-directory.jar"));
    Files.createSymbolicLink(directory.resolve("e-linked.jar"), empty);
    assertEquals(0, new ProcessBuilder("mkfifo", directory + "/f-pipe.jar").start().waitFor());
    jar(Instant.now().minusSeconds(3600));
    var watched = new NoBundles(List.of(directory));
    watched.look(true);
    watched.look(true);
    watched.look(true);
    List<String> lines = reported.toString(StandardCharsets.UTF_8).lines().sorted().toList();
    String right = ": a plugin is an OSGi bundle, as bnd makes it";
    assertEquals(
        List.of(
            "pagewheel: plugin a-loop.jar is a link that leads to no file" + right,
            "pagewheel: plugin a.jar is empty" + right,
            "pagewheel: plugin c-dangling.jar is a link that leads to no file" + right,
            "pagewheel: plugin d-directory.jar is a directory" + right,
            "pagewheel: plugin e-linked.jar is empty" + right,
            "pagewheel: plugin f-pipe.jar is not a regular file" + right),
        lines);
  }
}
