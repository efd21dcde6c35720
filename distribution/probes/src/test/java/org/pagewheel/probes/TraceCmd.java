package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs the real {@code trace-cmd}. */
final class TraceCmd {
  private TraceCmd() {}

  /** A report; the test fails if the tool has anything against the file. */
  static String report(Path file) throws Exception {
    Process process =
        new ProcessBuilder(List.of("trace-cmd", "report", file.toString()))
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    assertFalse(text.contains("FAILED TO PARSE") || text.contains("UNKNOWN"), text);
    return text;
  }
}
