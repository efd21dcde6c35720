package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ps}, {@code ctl} and {@code shell} as a user has them, on a process that records. */
@Timeout(600)
class ControlIT {
  /** Not by PATH: the first one there may be root's alone. */
  private static final String PYTHON = "/usr/bin/python3";

  /** Connects, and prints what it gets until the end. */
  private static final String CLIENT =
      """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
      s.connect(sys.argv[1])
      print('connected', flush=True)
      try:
          print(len(s.recv(100)), flush=True)
      except ConnectionResetError:
          print(0, flush=True)
      """;

  /** Listens under a name, greets as a process of ours would, and answers nothing. */
  private static final String SERVER =
      """
      import os, socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
      s.bind(sys.argv[1])
      s.listen(5)
      print('listens', flush=True)
      while True:
          c, _ = s.accept()
          try:
              c.sendall(b'V\\0\\0\\0\\x011')
              print(len(c.recv(100)), flush=True)
          except OSError:
              print(0, flush=True)
      """;

  private final String pagewheel = Script.home().resolve("pagewheel").toString();
  private Path directory;
  private Script script;
  private Script other;
  private Process recorder;

  /** Names of sockets are short: at most 107 bytes. */
  @BeforeEach
  void record() throws Exception {
    directory = Files.createTempDirectory(Path.of("/tmp"), "pw").toRealPath();
    script = in("client");
    other = in("recorder");
    recorder = other.start(pagewheel, "run");
    while (sockets().isEmpty()) {
      assertTrue(recorder.isAlive());
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private Script in(String name) throws IOException {
    return new Script(Files.createDirectory(directory.resolve(name)))
        .with("XDG_STATE_HOME", directory.resolve("state").toString());
  }

  @AfterEach
  void end() throws Exception {
    recorder.destroyForcibly().waitFor();
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private Path place() {
    return directory.resolve("state/pagewheel/control");
  }

  private List<Path> sockets() throws IOException {
    if (!Files.isDirectory(place())) {
      return List.of();
    }
    try (var files = Files.list(place())) {
      return files.filter(file -> file.toString().endsWith(".sock")).toList();
    }
  }

  private String pid() {
    return Long.toString(recorder.pid());
  }

  @Test
  void oneSeesWhatRecordsAndRunsCommandsThere() throws Exception {
    assertEquals(List.of(place().resolve(pid() + ".sock")), sockets());
    var ps = script.run(pagewheel, "ps");
    ps.assertStatus(0);
    assertTrue(
        ps.out().lines().anyMatch(l -> l.matches(pid() + " +pagewheel run +\\S+ +main,jvm .* on")),
        ps::toString);
    var json = script.run(pagewheel, "ps", "--json");
    assertTrue(json.out().startsWith("[{\"pid\":\"" + pid() + "\",\"command\":"), json::toString);

    var commands =
        script.run(pagewheel, "ctl", pid(), "ring:mark main 'from afar'; ring:cat main 1000");
    commands.assertStatus(0);
    assertTrue(commands.out().contains("mark: from afar\n"), commands::toString);
    assertEquals("", commands.err());

    var failed = script.run(pagewheel, "ctl", pid(), "save", "/nothere/x.dat");
    failed.assertStatus(1);
    assertTrue(failed.err().startsWith("pagewheel: "), failed::toString);
    assertTrue(failed.err().contains("/nothere"), failed::toString);
    var wrong = script.run(pagewheel, "ctl", pid(), "ring:show nosuch");
    wrong.assertStatus(2);
    wrong.assertErrorLine("pagewheel: there is no buffer nosuch: there are jvm, main");
    var nobody = script.run(pagewheel, "ctl", "1", "ring:list");
    nobody.assertStatus(1);
    nobody.assertErrorLine("pagewheel: process 1 has no control socket; these do: " + pid());
    script.run(pagewheel, "ctl", pid()).assertStatus(2);

    var lines =
        script.feed(
            "mark main 'by a script'\nring:cat main 1\nnosuch\n", pagewheel, "shell", pid());
    lines.assertStatus(1);
    assertTrue(lines.out().endsWith("mark: by a script\n"), lines::toString);
    assertTrue(lines.err().endsWith("pagewheel: one line failed\n"), lines::toString);
  }

  /** SIGINT ends what runs there, too; so does a kill of the client. */
  @Test
  void whatStreamsEndsWithItsClient() throws Exception {
    for (String signal : List.of("INT", "KILL")) {
      Process tail = script.start(pagewheel, "ctl", pid(), "ring:tail main");
      while (threads() < 1) {
        assertTrue(tail.isAlive());
        TimeUnit.MILLISECONDS.sleep(20);
      }
      new ProcessBuilder("kill", "-" + signal, Long.toString(tail.pid())).start().waitFor();
      assertEquals(signal.equals("INT") ? 130 : 137, tail.waitFor());
      while (threads() > 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  /** How many commands of clients run in the recorder. */
  private long threads() throws Exception {
    Process jstack =
        new ProcessBuilder(System.getProperty("java.home") + "/bin/jstack", pid())
            .redirectErrorStream(true)
            .start();
    try (var lines = jstack.inputReader()) {
      return lines.lines().filter(line -> line.matches("\"pagewheel-control-\\d+\".*")).count();
    }
  }

  @Test
  void aDeadProcessIsForgotten() throws Exception {
    recorder.destroyForcibly().waitFor();
    assertEquals(1, sockets().size());
    var ps = script.run(pagewheel, "ps");
    ps.assertStatus(0);
    assertEquals("no process of yours records; pagewheel run, for example, makes one\n", ps.out());
    assertEquals(List.of(), sockets());
  }

  @Test
  void whoEndsInGoodOrderTakesTheSocketAlong() throws Exception {
    recorder.destroy();
    other.await(recorder).assertStatus(143);
    assertEquals(List.of(), sockets());
  }

  @Test
  void itCanBeTurnedOff() throws Exception {
    var result =
        script.run(
            pagewheel,
            "-Dpagewheel.control.enabled=false",
            "-c",
            "ring:ps; config control.enabled");
    result.assertStatus(0);
    assertEquals(1, sockets().size());
    assertTrue(result.out().contains(pid()), result::toString);
    assertTrue(result.out().lines().filter(line -> line.contains("pagewheel -c")).count() == 0);
  }

  /** With the directory and the socket opened to all by mistake, the kernel's word still counts. */
  @Test
  void anotherUserIsHungUpOn() throws Exception {
    for (Path each = place(); !each.equals(directory.getParent()); each = each.getParent()) {
      Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Path socket = sockets().getFirst();
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertEquals(List.of("connected", "0"), asNobody(CLIENT, socket));
    script.run(pagewheel, "ctl", pid(), "ring:list").assertStatus(0);
  }

  private static List<String> asNobody(String program, Path socket) throws Exception {
    Process process =
        new ProcessBuilder(
                "setpriv", "--reuid=nobody", "--clear-groups", PYTHON, "-c", program, "" + socket)
            .redirectErrorStream(true)
            .start();
    try (var lines = process.inputReader()) {
      return lines.lines().toList();
    }
  }

  /** A socket of ours by its name and owner, behind which another user's process listens. */
  @Test
  void anotherUsersProcessGetsNoCommands() throws Exception {
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path socket = open.resolve("99999.sock");
    Process process =
        new ProcessBuilder(
                "setpriv", "--reuid=nobody", "--clear-groups", PYTHON, "-c", SERVER, "" + socket)
            .redirectErrorStream(true)
            .start();
    try (var heard = process.inputReader()) {
      assertEquals("listens", heard.readLine());
      Files.setAttribute(socket, "unix:uid", 0);
      Files.move(socket, place().resolve("99999.sock"));
      var result = script.run(pagewheel, "ctl", "99999", "ring:list");
      result.assertStatus(1);
      result.assertErrorLine(
          "pagewheel: " + place().resolve("99999.sock") + " does not belong to this user");
      assertEquals("0", heard.readLine(), "nothing was sent");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
