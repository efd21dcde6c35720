package org.pagewheel.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs that may not be installed. */
final class Tool {
  private Tool() {}

  /**
   * Runs one to its end; its errors go to our standard error.
   *
   * @param command the program and its arguments
   * @param from the package that has it
   * @return what it printed
   * @throws IOException if it is missing or failed; the message is one line
   */
  static List<String> run(List<String> command, String from)
      throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new IOException("there is no " + command.getFirst() + " (" + from + ")", e);
    }
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0) {
      throw new IOException(command.getFirst() + " ended with status " + status);
    }
    return text.lines().toList();
  }
}
