package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example plugins, as a stranger builds and uses them, and the guides to them. */
class ExamplesIT {
  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
  private static final Path BACKEND = EXAMPLES.resolve("backend/target/turnstile-1.0.0.jar");
  private static final Path CONSUMER = EXAMPLES.resolve("consumer/target/tally-1.0.0.jar");

  @TempDir Path directory;

  @Test
  void theCodeInTheGuidesIsThatOfTheExamples() throws IOException {
    String code;
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      code =
          files
              .filter(file -> file.toString().matches(".*\\.(java|conf)"))
              .map(ExamplesIT::withoutIndent)
              .collect(Collectors.joining("\n"));
    }
    Matcher blocks =
        Pattern.compile("```(?:java|hocon)\n(.*?)```", Pattern.DOTALL).matcher(guide());
    int found = 0;
    for (; blocks.find(); found++) {
      String block = blocks.group(1).lines().map(String::strip).collect(Collectors.joining("\n"));
      assertTrue(code.contains(block), "not in the examples:\n" + block);
    }
    assertTrue(found >= 10, "only " + found + " blocks of code in the guides");
  }

  private static String withoutIndent(Path file) {
    try {
      return Files.readString(file).lines().map(String::strip).collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String guide() throws IOException {
    return Files.readString(EXAMPLES.resolve("README.md"));
  }

  /** A copy elsewhere, with nothing of ours but what {@code mvn -pl api -am install} publishes. */
  @ParameterizedTest
  @CsvSource({"backend, turnstile", "consumer, tally", "json, jsonlines"})
  void aCopyIsBuiltByItself(String project, String name) throws Exception {
    Path copy = directory.resolve(name);
    Program.run(directory, "cp", "-r", EXAMPLES.resolve(project).toString(), copy.toString());
    Program.run(directory, "rm", "-rf", copy.resolve("target").toString());
    Path repository = Path.of("target", "repository").toAbsolutePath();
    Program.run(directory, "rm", "-rf", repository.toString()).assertStatus(0); // links, not files
    LocalRepository.withTheApiAlone(repository);
    Program.run(
            copy, "mvn", "-o", "-q", "-DskipTests", "-Dmaven.repo.local=" + repository, "package")
        .assertStatus(0);
    assertTrue(Files.exists(copy.resolve("target").resolve(name + "-1.0.0.jar")));
  }

  private static String commands(String of) throws IOException {
    return commands("Write a " + of, of);
  }

  /** The commands that a guide gives for the shell. */
  static String commands(String title, String of) throws IOException {
    String text = guide();
    int chapter = text.indexOf("## " + title);
    assertTrue(chapter >= 0);
    int end = text.indexOf("\n## ", chapter);
    return text.substring(chapter, end < 0 ? text.length() : end)
        .lines()
        .filter(line -> line.startsWith("    ring> "))
        .map(line -> line.substring("    ring> ".length()))
        .map(line -> line.replaceFirst("file:/home/me/\\w+/", "file:" + EXAMPLES + "/" + of + "/"))
        .collect(Collectors.joining("\n"));
  }

  @Test
  void theBackendIsInstalledFromTheShellAsItsGuideSays() throws Exception {
    var result = Program.pagewheel(directory, "-c", commands("backend") + "\nring:list");
    result.assertStatus(0);
    assertEquals("", result.err());
    assertTrue(
        result.lines().stream().anyMatch(l -> l.startsWith("main    turnstile")), result::out);
    assertHello("turnstile.dat");
  }

  /** What was recorded through the backend, by the real trace-cmd. */
  private void assertHello(String file) throws Exception {
    List<String> report = Program.report(directory.resolve(file));
    assertTrue(report.stream().anyMatch(line -> line.contains("mark: hello")), report::toString);
  }

  @Test
  void theConsumerIsInstalledFromTheShellAsItsGuideSays() throws Exception {
    var result = Program.pagewheel(directory, "-c", commands("consumer"));
    result.assertStatus(0);
    assertEquals("", result.err());
    assertTrue(result.lines().stream().anyMatch(l -> l.matches("main +tally +tally +running.*")));
    assertCounted();
  }

  /** A stranger's bundle tells its settings as ours do, with the file beside its class. */
  @Test
  void aMisspeltSettingOfTheConsumerIsNamedWithTheRightOne() throws Exception {
    Path config = directory.resolve("pagewheel.conf");
    Files.writeString(
        config, "pagewheel.buffers.main.consumers.count {\n  type = tally, flie = main.jsonl\n}\n");
    var result =
        Program.pagewheel(
            directory,
            "-Dpagewheel.config=" + config,
            "-c",
            "felix:install file:%1$s\nfelix:start file:%1$s\nring:consumers\nring:config count"
                .formatted(CONSUMER));
    String wrong = config + ":2: pagewheel.buffers.main.consumers.count.flie: there is no such key";
    assertTrue(result.out().contains(wrong + ", did you mean file?"), result::out);
    assertTrue(result.out().contains("reference.conf of consumer tally:4"), result::out);
  }

  private void assertCounted() throws IOException {
    List<String> lines = Files.readAllLines(directory.resolve("main.jsonl"));
    assertTrue(lines.stream().anyMatch(l -> l.contains("\"ftrace:print\":1")), lines::toString);
  }

  /**
   * Both are dropped into the directory of a running program, and used as soon as they are there.
   */
  @Test
  void droppedIntoThePluginsFolderTheyAreThere() throws Exception {
    Path home = directory.resolve("home");
    Program.run(directory, "cp", "-r", Program.home().toString(), home.toString()).assertStatus(0);
    String program =
        """
        until { ((ring:backends) toString) contains turnstile } { sleep 1 }
        ring:swap main turnstile
        until { ((felix:lb -s) toString) contains com.example.tally } { sleep 1 }
        ring:attach main tally file=main.jsonl
        ring:mark main hello
        ring:save dropped.dat
        ring:detach main tally
        ring:list
        """;
    ProcessBuilder builder =
        new ProcessBuilder(home.resolve("pagewheel").toString(), "-c", program)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile());
    builder.environment().put("PAGEWHEEL_JAVA", System.getProperty("java.home"));
    Process process = builder.start();
    try {
      TimeUnit.SECONDS.sleep(1);
      for (Path jar : List.of(CONSUMER, BACKEND)) {
        Files.copy(jar, home.resolve("plugins").resolve(jar.getFileName()));
      }
      boolean ended = process.waitFor(180, TimeUnit.SECONDS);
      String out = Files.readString(directory.resolve("out"));
      assertTrue(ended, out);
      assertEquals(0, process.exitValue(), out);
      assertTrue(out.contains("main    turnstile"), out);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertHello("dropped.dat");
    assertCounted();
  }
}
