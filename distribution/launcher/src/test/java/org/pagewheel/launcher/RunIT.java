package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pagewheel run} as a supervisor and an operator see it. */
class RunIT {
  /** Takes datagrams, which Java cannot, and prints each. */
  private static final String SUPERVISOR =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(chr(0) + sys.argv[1][1:] if sys.argv[1][0] == '@' else sys.argv[1])
      print('bound', flush=True)
      s.settimeout(300)
      while True:
          print(s.recv(4096).decode(), flush=True)
      """;

  @TempDir Path directory;

  private final String pagewheel = Script.home().resolve("pagewheel").toString();
  private final List<Process> started = new ArrayList<>();
  private Script script;

  @BeforeEach
  void privateState() throws Exception {
    script = new Script(directory).with("XDG_STATE_HOME", directory.resolve("state").toString());
  }

  private Process supervisor(String socket) throws Exception {
    return started(
        new ProcessBuilder("python3", "-c", SUPERVISOR, socket)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  private Process started(Process process) {
    started.add(process);
    return process;
  }

  /** What a failed test has left would go on for ever. */
  @AfterEach
  void endAll() {
    started.forEach(Process::destroyForcibly);
  }

  private Path ring() {
    return directory.resolve("state/pagewheel/main.ring");
  }

  /** A path, and an abstract name. */
  @ParameterizedTest
  @ValueSource(strings = {"/", "@"})
  void aSupervisorHearsWhenItIsReadyAndWhenItStops(String kind) throws Exception {
    String socket =
        kind.equals("/")
            ? directory.resolve("notify").toString()
            : "@pagewheel-" + ProcessHandle.current().pid();
    Process supervisor = supervisor(socket);
    try (BufferedReader heard = supervisor.inputReader()) {
      assertEquals("bound", heard.readLine());
      Process process = started(script.with("NOTIFY_SOCKET", socket).start(pagewheel, "run"));
      assertEquals("READY=1", heard.readLine());
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(ring().getParent())));
      assertTrue(Files.size(ring()) < 80 << 20, "bounded");
      process.destroy();
      assertEquals("STOPPING=1", heard.readLine());
      Script.Result result = script.await(process);
      assertEquals("", result.err());
      result.assertStatus(143);
    }
  }

  /** Any time will do. */
  @ParameterizedTest
  @ValueSource(ints = {0, 50, 100, 200, 400, 800})
  void aSignalDuringTheStartEndsIt(int millis) throws Exception {
    Process process = started(script.start(pagewheel, "run"));
    while (script.caches().isEmpty()) { // the JVM reports signals of its first moments itself
      assertTrue(process.isAlive());
      TimeUnit.MILLISECONDS.sleep(1);
    }
    TimeUnit.MILLISECONDS.sleep(millis);
    process.destroy();
    Script.Result result = script.await(process);
    assertEquals("", result.err());
    result.assertStatus(143);
  }

  /** What another process has seen of the ring before the kill is in the trace after it. */
  @Test
  void aKillLosesNothing() throws Exception {
    String socket = directory.resolve("notify").toString();
    Process supervisor = supervisor(socket);
    try (BufferedReader heard = supervisor.inputReader()) {
      assertEquals("bound", heard.readLine());
      Process process = started(script.with("NOTIFY_SOCKET", socket).start(pagewheel, "run"));
      assertEquals("READY=1", heard.readLine());
      Path seen = directory.resolve("seen");
      var follow = new ProcessBuilder(pagewheel, "follow", ring().toString());
      follow.environment().putAll(script.environment());
      Process follower = started(follow.redirectOutput(seen.toFile()).start());
      while (Files.size(seen) == 0) {
        assertTrue(follower.isAlive() && process.isAlive(), "before any event was seen");
        TimeUnit.MILLISECONDS.sleep(20);
      }
      process.destroyForcibly();
      assertTrue(follower.waitFor(300, TimeUnit.SECONDS));
      script.run(pagewheel, "recover", ring().toString(), "-o", "out.dat").assertStatus(0);
      List<String> events = Files.readAllLines(seen);
      String end = events.removeLast();
      assertTrue(end.contains(" is dead"), end);
      assertTrue(events.size() > 20, events::toString);
      List<String> report =
          script.run("trace-cmd", "report", "out.dat").out().lines().map(RunIT::plain).toList();
      for (String event : events) {
        assertTrue(report.contains(plain(event)), event);
      }
    }
  }

  /** Versions of trace-cmd put blanks and flags between the columns. */
  private static String plain(String line) {
    return line.strip().replaceAll("\\s+", " ");
  }

  @Test
  void aChosenBackendIsKept() throws Exception {
    var notify = directory.resolve("notify").toString();
    Process supervisor = supervisor(notify);
    try (BufferedReader heard = supervisor.inputReader()) {
      assertEquals("bound", heard.readLine());
      Process process =
          started(
              script
                  .with("NOTIFY_SOCKET", notify)
                  .start(pagewheel, "run", "-Dpagewheel.buffers.main.backend=heap"));
      assertEquals("READY=1", heard.readLine());
      process.destroy();
      assertEquals("", script.await(process).err());
      assertTrue(Files.notExists(ring()));
    }
  }

  @Test
  void whatOthersCouldChangeIsRefused() throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    var result = script.with("XDG_STATE_HOME", open.toString()).run(pagewheel, "run");
    result.assertStatus(1);
    result.assertErrorLine(
        "pagewheel: %s, for rings, can be changed by others than root and this user: set"
                .formatted(open.toRealPath())
            + " XDG_STATE_HOME");
    Path state = Files.createDirectory(directory.resolve("linked"));
    Files.createSymbolicLink(state.resolve("pagewheel"), Files.createDirectory(state.resolve("x")));
    result = script.with("XDG_STATE_HOME", state.toString()).run(pagewheel, "run");
    result.assertStatus(1);
    assertTrue(
        result.err().endsWith("/pagewheel, for rings, is not a directory\n"), result::toString);
  }

  @Test
  void twoDoNotShareARing() throws Exception {
    String socket = directory.resolve("notify").toString();
    Process supervisor = supervisor(socket);
    try (BufferedReader heard = supervisor.inputReader()) {
      assertEquals("bound", heard.readLine());
      Process first = started(script.with("NOTIFY_SOCKET", socket).start(pagewheel, "run"));
      assertEquals("READY=1", heard.readLine());
      Path other = Files.createDirectory(directory.resolve("other"));
      var second =
          new Script(other)
              .with("XDG_STATE_HOME", directory.resolve("state").toString())
              .run(pagewheel, "run");
      second.assertStatus(1);
      assertTrue(second.err().contains("is being written by a living process"), second::toString);
      first.destroy();
      script.await(first).assertStatus(143);
    }
  }
}
