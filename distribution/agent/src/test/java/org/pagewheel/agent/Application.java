package org.pagewheel.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A JVM of a stranger's that runs with the agent. */
final class Application implements AutoCloseable {
  static final Path AGENT = Path.of(System.getProperty("pagewheel.agent.jar"));

  private static final Path SOURCES = Path.of("src", "test", "resources", "programs");
  private static final long SECONDS = 300;
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private final Path directory;
  private final Process process;
  private final BufferedReader out;

  private Application(Path directory, Process process) {
    this.directory = directory;
    this.process = process;
    this.out = process.inputReader();
  }

  /** Starts one, and waits for its first line. */
  static Application start(Path directory, String... arguments) throws IOException {
    ProcessBuilder builder = builder(directory, JAVA.toString(), arguments);
    Process process = builder.redirectError(directory.resolve("err").toFile()).start();
    Application application = new Application(directory, process);
    assertEquals("main", application.out.readLine(), application::errors);
    return application;
  }

  private static ProcessBuilder builder(Path directory, String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().remove("XDG_RUNTIME_DIR");
    builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
    return builder;
  }

  static String javaagent() {
    return "-javaagent:" + AGENT;
  }

  /** Compiles what lies in some of the directories with programs. */
  static Path compile(Path directory, String classPath, String... names) throws IOException {
    Path classes = directory.resolve("classes-" + String.join("-", names));
    List<String> arguments = new ArrayList<>(List.of("-d", classes.toString()));
    arguments.addAll(List.of("-cp", classPath));
    for (String name : names) {
      try (Stream<Path> sources = Files.walk(SOURCES.resolve(name))) {
        sources.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
      }
    }
    tool("javac", arguments.toArray(String[]::new));
    return classes;
  }

  static void tool(String name, String... arguments) {
    int status = ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments);
    assertEquals(0, status, () -> name + " " + String.join(" ", arguments));
  }

  String errors() {
    try {
      return Files.readString(directory.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  String pid() {
    return Long.toString(process.pid());
  }

  /** Its sockets; there is one when it records. */
  List<Path> sockets() throws IOException {
    Path place = directory.resolve("state/pagewheel/control");
    if (!Files.isDirectory(place)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(place)) {
      return files.filter(file -> file.toString().endsWith(".sock")).toList();
    }
  }

  Application awaitSocket() throws Exception {
    while (sockets().isEmpty()) {
      assertTrue(process.isAlive(), this::errors);
      TimeUnit.MILLISECONDS.sleep(20); // the failsafe plugin's time is the limit
    }
    return this;
  }

  Path ring() {
    return directory.resolve("state/pagewheel/agent-" + pid() + "/main.ring");
  }

  /** Runs commands in it as {@code pagewheel ctl} does. */
  String ctl(String commands) throws Exception {
    return command("ctl", pid(), commands);
  }

  String command(String... words) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.add("--enable-native-access=ALL-UNNAMED");
    arguments.add(Command.class.getName());
    arguments.addAll(List.of(words));
    return run(JAVA.toString(), arguments.toArray(String[]::new));
  }

  /** Runs a program that succeeds. */
  String run(String program, String... arguments) throws Exception {
    Path text = Files.createTempFile(directory, "command", ".out");
    ProcessBuilder builder = builder(directory, program, arguments);
    Process command = builder.redirectErrorStream(true).redirectOutput(text.toFile()).start();
    boolean ended = command.waitFor(SECONDS, TimeUnit.SECONDS);
    command.destroyForcibly().waitFor();
    String printed = Files.readString(text);
    assertTrue(ended, printed);
    assertEquals(0, command.exitValue(), printed);
    return printed;
  }

  /** Lets it do something, and returns the line that it prints then. */
  String ask() throws IOException {
    process.outputWriter().write('?');
    process.outputWriter().flush();
    return out.readLine();
  }

  /** Lets it end by itself, and returns what it prints. */
  List<String> end() throws Exception {
    process.outputWriter().close();
    List<String> lines = out.lines().toList();
    assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), this::errors);
    return lines;
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
