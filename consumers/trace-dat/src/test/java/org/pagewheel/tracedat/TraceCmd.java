package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.pagewheel.consumer.testing.Recorded;

/** Runs the real {@code trace-cmd}, and finds the files to run it on. */
final class TraceCmd {
  private TraceCmd() {}

  /** What the command printed and how it ended; errors stand among the output. */
  record Result(int status, String text) {}

  static Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("trace-cmd"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Result(process.waitFor(), text);
  }

  /** The lines of {@code report -t}; the test fails if the tool has anything against the file. */
  static List<String> report(Path file, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("report", "-t"));
    arguments.addAll(List.of(more));
    arguments.add(file.toString());
    Result result = run(arguments.toArray(String[]::new));
    assertEquals(0, result.status(), result.text());
    return Recorded.withoutFlags(result.text()).lines().toList();
  }

  static void validate(Path file) throws Exception {
    Result result = run("dump", "--validate", file.toString());
    assertEquals(0, result.status(), result.text());
    assertEquals("File " + file + " is a valid trace-cmd file", result.text().strip());
    Result all = run("dump", "--all", file.toString());
    assertEquals(0, all.status(), all.text());
    assertFalse(all.text().contains("cannot") || all.text().contains("failed"), all.text());
  }

  /** A copy of a file among the test's resources. */
  static Path resource(Path directory, String name) throws IOException {
    Path copy = directory.resolve(Path.of(name).getFileName());
    try (InputStream in = stream(name)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
    }
    return copy;
  }

  /** The lines of a compressed text among the test's resources. */
  static List<String> recorded(String name) throws IOException {
    try (InputStream in = new GZIPInputStream(stream(name))) {
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).lines().toList();
    }
  }

  private static InputStream stream(String name) throws IOException {
    InputStream in = TraceCmd.class.getResourceAsStream("/" + name);
    if (in == null) {
      throw new IOException("no resource " + name);
    }
    return in;
  }
}
