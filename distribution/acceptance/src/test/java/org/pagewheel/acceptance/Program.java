package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs, Pagewheel's own start script first of all, as a user does. */
final class Program {
  /** A guard against what hangs; builds run here too, on machines that are busy. */
  private static final long SECONDS = 600;

  private Program() {}

  /** What a program left behind. */
  record Result(int status, String out, String err) {
    Result assertStatus(int expected) {
      assertEquals(expected, status, this::toString);
      return this;
    }

    /** One line tells what is wrong, and it holds this. */
    void assertOneErrorLine(String part) {
      assertEquals(1, err.lines().count(), this::toString);
      assertTrue(err.contains(part), this::toString);
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }

  /** The home that the build has assembled. */
  static Path home() {
    return Path.of("..", "launcher", "target", "home").toAbsolutePath().normalize();
  }

  /** A trace of a real kernel. */
  static Path kernelTrace(String name) {
    return Path.of("..", "..", "consumers", "trace-dat", "src", "test", "resources", "kernel")
        .resolve(name + ".dat")
        .toAbsolutePath()
        .normalize();
  }

  /** Runs Pagewheel in a directory. */
  static Result pagewheel(Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(home().resolve("pagewheel").toString()));
    command.addAll(List.of(arguments));
    return run(directory, command.toArray(String[]::new));
  }

  /** Runs a program in a directory, with nothing on its standard input. */
  static Result run(Path directory, String... command) throws Exception {
    Path out = Files.createTempFile("program", ".out");
    Path err = Files.createTempFile("program", ".err");
    try {
      var builder = new ProcessBuilder(command).directory(directory.toFile());
      builder.environment().put("PAGEWHEEL_JAVA", System.getProperty("java.home"));
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      var result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      assertTrue(ended, () -> "still running after " + SECONDS + " s: " + result);
      return result;
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** What trace-cmd prints; fails if it has anything against the file. */
  static List<String> report(Path file) throws IOException, Exception {
    Path directory = file.toAbsolutePath().getParent();
    run(directory, "trace-cmd", "dump", "--validate", file.toString()).assertStatus(0);
    Result result = run(directory, "trace-cmd", "report", "-t", file.toString()).assertStatus(0);
    assertEquals("", result.err());
    assertTrue(!result.out().contains("FAILED TO PARSE"), result::out);
    assertTrue(!result.out().contains("UNKNOWN EVENT"), result::out);
    return result.lines();
  }
}
