package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the real {@code trace-cmd}. */
final class TraceCmd {
  private TraceCmd() {}

  /** What it prints; the test fails if it ends with an error. */
  static String run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("trace-cmd"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  /** The lines of a report; the test fails if the tool has anything against the file. */
  static List<String> report(Path file) throws Exception {
    run("dump", "--validate", file.toString());
    String report = run("report", "-t", file.toString());
    assertFalse(report.contains("FAILED TO PARSE"), report);
    return report.lines().toList();
  }
}
