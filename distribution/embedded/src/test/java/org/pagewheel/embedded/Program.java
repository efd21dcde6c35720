package org.pagewheel.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** Programs of strangers: compiled against the jar alone, run with no flag. */
final class Program {
  /** What is published. */
  static final Path JAR = Path.of(System.getProperty("pagewheel.jar"));

  private static final Path SOURCES = Path.of("src", "test", "resources", "programs");
  private static final long SECONDS = 120;

  /** As the JDK prints it where nothing is configured. */
  private static final Pattern NO_NATIVE_ACCESS =
      Pattern.compile("[^\\n]* org\\.pagewheel\\nINFO: no native access: [^\\n]*=(\\S+)\\n");

  private Program() {}

  /** Compiles what lies in some of the directories with programs. */
  static void compile(List<String> names, Path into, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-d", into.toString(), "-Xlint:all", "-Werror"));
    for (String name : names) {
      try (Stream<Path> sources = Files.walk(SOURCES.resolve(name))) {
        sources.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
      }
    }
    tool("javac", arguments.toArray(String[]::new));
  }

  static void tool(String name, String... arguments) {
    int status = ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments);
    assertEquals(0, status, () -> name + " " + String.join(" ", arguments));
  }

  /** Runs with the JVM of this test. */
  static String java(Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return run(directory, command.toArray(String[]::new));
  }

  /** Runs a program that succeeds and complains of nothing but that it has no native access. */
  static String run(Path directory, String... command) throws Exception {
    Path out = directory.resolve("out.txt");
    Path err = directory.resolve("err.txt");
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    assertTrue(ended, "still running after " + SECONDS + " s");
    assertEquals("", NO_NATIVE_ACCESS.matcher(Files.readString(err)).replaceFirst(""));
    assertEquals(0, process.exitValue());
    return Files.readString(out);
  }

  /** To which modules the last program wants native access to be granted, as it logged. */
  static List<String> refused(Path directory) throws Exception {
    Matcher logged = NO_NATIVE_ACCESS.matcher(Files.readString(directory.resolve("err.txt")));
    return logged.results().map(line -> line.group(1)).toList();
  }

  /** What trace-cmd makes of the file. */
  static String report(Path directory, String file) throws Exception {
    return run(directory, "trace-cmd", "report", file);
  }
}
