package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.acceptance.Program.Result;

/** Exports for the real babeltrace2, beside what {@code trace-cmd} reads, and the JSON lines. */
class CtfIT {
  private static final Path SCRIPT =
      Path.of("..", "analysis", "src", "test", "babeltrace", "agree.py").toAbsolutePath();

  private static final int KILLS = 3;

  @TempDir Path directory;

  private Result pagewheel(String... words) throws Exception {
    return Program.pagewheel(directory, words);
  }

  private String agree(String trace) throws Exception {
    pagewheel("export", trace, "-o", trace + ".ctf").assertStatus(0);
    pagewheel("export", trace, "-o", trace + ".jsonl").assertStatus(0);
    String script = SCRIPT.normalize().toString();
    return Program.run(
            directory, "/usr/bin/python3", script, trace + ".ctf", trace + ".jsonl", wall(trace))
        .assertStatus(0)
        .out()
        .strip();
  }

  /** The difference between the clock and the time of day that the file itself has. */
  private String wall(String trace) throws Exception {
    return Files.readString(directory.resolve(trace), StandardCharsets.ISO_8859_1)
        .replaceFirst("(?s).*time of day = mono \\+ (-?\\d+) ns.*", "$1");
  }

  @Test
  void componentsOfEveryKindAndLossesAreTheSame() throws Exception {
    KindsProgram.record(directory, "kinds.dat");
    String[] counts = agree("kinds.dat").split(" ");
    List<String> report = Program.report(directory.resolve("kinds.dat"));
    long events =
        report.stream().filter(line -> line.matches(".*\\[\\d+] +\\d+\\.\\d+: .*")).count();
    assertEquals(events, Long.parseLong(counts[0]));
    assertTrue(events > 500, () -> "only " + events);
    long lost =
        report.stream()
            .filter(line -> line.endsWith("EVENTS DROPPED]"))
            .map(line -> line.replaceFirst(".*\\[(\\d*) ?EVENTS DROPPED\\]", "$1"))
            .mapToLong(number -> number.isEmpty() ? 1 : Long.parseLong(number)) // unknown: 1
            .sum();
    assertEquals(lost, Long.parseLong(counts[1]));
    assertTrue(lost > 0, "the ring was too small");
  }

  @Test
  void spansAreTheSame() throws Exception {
    SpansProgram.record(directory, "spans.dat");
    agree("spans.dat");
  }

  @Test
  void aDirectoryGoesIntoNoPipeAndReplacesNothing() throws Exception {
    Path kernel = Program.kernelTrace("boot");
    pagewheel("export", kernel.toString(), "--format", "ctf", "-o", "-")
        .assertStatus(2)
        .assertOneErrorLine("ctf is a directory of files: give a name for it instead of -");
    Files.createFile(Files.createDirectory(directory.resolve("full.ctf")).resolve("mine"));
    pagewheel("export", kernel.toString(), "-o", "full.ctf")
        .assertStatus(1)
        .assertOneErrorLine("the directory is not empty; give a new name");
    pagewheel("export", kernel.toString(), "-o", "/proc/none.ctf").assertStatus(1);
    assertEquals(List.of("full.ctf"), names());
  }

  /** A killed export leaves nothing under the name, or everything. */
  @Test
  void aKilledExportIsNoHalfDirectory() throws Exception {
    pagewheel("demo", "-n", "20000", "-o", "demo.dat").assertStatus(0);
    pagewheel("export", "demo.dat", "-o", "whole.ctf").assertStatus(0);
    String program = Program.home().resolve("pagewheel").toString();
    for (int i = 0; i < KILLS; i++) {
      Process export =
          new ProcessBuilder(program, "export", "demo.dat", "-o", "killed.ctf")
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("out").toFile())
              .start();
      int before = names().size();
      while (export.isAlive() && names().size() == before) {
        export.waitFor(1, TimeUnit.MILLISECONDS);
      }
      export.waitFor(1 + 20 * i, TimeUnit.MILLISECONDS);
      export.destroyForcibly().waitFor();
      if (names().contains("killed.ctf")) {
        Program.run(directory, "diff", "-r", "whole.ctf", "killed.ctf").assertStatus(0);
        break; // it was faster
      }
    }
    assertTrue(names().toString().contains("killed.ctf"), "none had begun");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
