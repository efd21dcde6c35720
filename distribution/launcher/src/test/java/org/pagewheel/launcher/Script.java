package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs as a user does: as processes of their own, with an environment of their own. */
final class Script {
  /** For a machine that does much else. */
  private static final long SECONDS = 300;

  /** What a program left behind. */
  record Result(int status, String out, String err) {
    void assertStatus(int expected) {
      assertEquals(expected, status, this::toString);
    }

    /** The error stream holds this one line and nothing else. */
    void assertErrorLine(String expected) {
      assertEquals(expected + System.lineSeparator(), err, this::toString);
    }

    void assertNoTrace() {
      assertTrue(Stream.of(out, err).noneMatch(text -> text.contains("\tat ")), this::toString);
    }
  }

  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();

  /**
   * Programs run in the directory and keep their temporary files below it. Their archives of
   * classes are for all tests: to make one takes longer than most of them.
   */
  Script(Path directory) throws IOException {
    this.directory = directory;
    Path temporary = Files.createDirectories(directory.resolve("tmp"));
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", directory.toString());
    environment.put("XDG_CACHE_HOME", Path.of("target", "class-archives").toAbsolutePath() + "");
    environment.put("PAGEWHEEL_JAVA", System.getProperty("java.home"));
    environment.put("PAGEWHEEL_OPTS", "-Djava.io.tmpdir=" + temporary);
  }

  /** The home that the build has just assembled. */
  static Path home() {
    return Path.of("target", "home").toAbsolutePath();
  }

  Path temporary() {
    return directory.resolve("tmp");
  }

  Script with(String key, String value) {
    environment.put(key, value);
    return this;
  }

  Script without(String key) {
    environment.remove(key);
    return this;
  }

  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  Process start(String... command) throws IOException {
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder
        .redirectOutput(directory.resolve("out").toFile())
        .redirectError(directory.resolve("err").toFile())
        .start();
  }

  Result run(String... command) throws IOException, InterruptedException {
    return feed("", command);
  }

  /** Runs a program with this text on its standard input. */
  Result feed(String input, String... command) throws IOException, InterruptedException {
    Process process = start(command);
    try (var stdin = process.outputWriter()) {
      stdin.write(input);
    } catch (IOException e) {
      // It ended without reading all of it.
    }
    return await(process);
  }

  Result await(Process process) throws IOException, InterruptedException {
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    var result =
        new Result(
            process.exitValue(),
            Files.readString(directory.resolve("out")),
            Files.readString(directory.resolve("err")));
    assertTrue(ended, () -> "still running after %d s: %s".formatted(SECONDS, result));
    return result;
  }

  /** The directories for temporary files that running programs hold just now. */
  List<Path> caches() throws IOException {
    try (var files = Files.list(temporary())) {
      return files.filter(file -> file.getFileName().toString().startsWith("pagewheel-")).toList();
    }
  }

  /** Writes an executable shell script. */
  static Path program(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(target.getParent());
        if (!Files.isDirectory(file)) {
          Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
