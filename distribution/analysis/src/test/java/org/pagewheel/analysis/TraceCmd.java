package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.consumer.testing.Recorded;

/** Asks the real {@code trace-cmd}. */
final class TraceCmd {
  private TraceCmd() {}

  /** The lines of {@code report -N}, that is without plugins; what the file is comes first. */
  static List<String> report(Path file, String... more) throws Exception {
    List<String> command = new ArrayList<>(List.of("trace-cmd", "report", "-N"));
    command.addAll(List.of(more));
    command.add(file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return Recorded.withoutFlags(text).lines().filter(line -> !line.startsWith("cpus=")).toList();
  }
}
