package org.pagewheel.runtime.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.runtime.ConfigurationException;

/** Where a configuration may come from: regular files, and the environment if it is asked. */
class ConfigFileTest {
  private static final long HANG_SECONDS = 60;

  @TempDir Path directory;

  private Path write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static Settings load(Path file) {
    return ConfigLoader.load(Optional.of(file), new Properties(), Map.of());
  }

  private static int pages(Path file) {
    return load(file).buffers().getFirst().config().pages();
  }

  /** On a thread of its own: to read a pipe takes for ever. */
  private static List<String> problems(Path file) throws Exception {
    var loading =
        new FutureTask<>(() -> assertThrows(ConfigurationException.class, () -> load(file)));
    Thread.ofPlatform().daemon().start(loading);
    return loading.get(HANG_SECONDS, TimeUnit.SECONDS).problems();
  }

  private static void assertProblem(String expected, Path file) throws Exception {
    assertEquals(List.of(expected), problems(file));
  }

  @Test
  void anIncludedFileLiesWhereThePathBeginsAtTheOther() throws Exception {
    write("sub/part.conf", "include \"deeper/more.conf\"");
    write("sub/deeper/more.conf", "pagewheel.buffers.main.pages = 99");
    assertEquals(99, pages(write("a.conf", "include \"sub/part.conf\"")));
    assertEquals(99, pages(write("b.conf", "include file(\"sub/part.conf\")")));
    assertEquals(99, pages(write("c.conf", "include required(file(\"sub/part\"))")));
    write("d.json", "{\"pagewheel\": {\"buffers\": {\"main\": {\"pages\": 98}}}}");
    assertEquals(98, pages(write("e.conf", "include \"d\"")));
    write("main.conf", "pages = 97");
    assertEquals(97, pages(write("f.conf", "pagewheel.buffers.main { include \"main.conf\" }")));
  }

  @Test
  void whatIsWrongInAnIncludedFileIsReportedThere() throws Exception {
    Path part = write("part.conf", "\n\npagewheel.buffers.main.pages = 1");
    assertProblem(
        part
            + ":3: pagewheel.buffers.main.pages = 1: a whole number from 2 to 1048576 would be"
            + " right",
        write("a.conf", "include \"part.conf\""));
  }

  @Test
  void oneThatIsMissingIsAMistake() throws Exception {
    Path file = write("a.conf", "# more\ninclude \"prat.conf\"");
    assertProblem(
        file
            + ":2: include \"prat.conf\": cannot be read: there is no such file; a file in HOCON"
            + " is wanted",
        file);
  }

  @Test
  void nothingIsAskedOfTheNetwork() throws Exception {
    try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + listener.getLocalPort() + "/x";
      for (String include :
          List.of(
              "include url(\"" + url + "\")",
              "include required(url(\"" + url + "\"))",
              "include \"" + url + "\"")) {
        Path file = write("a.conf", "\n" + include);
        assertProblem(
            "%s:2: include \"%s\": only files are included; the path of one would be right"
                .formatted(file, url),
            file);
      }
      for (String other : List.of("file:/etc/passwd", "jar:http://127.0.0.1/x!/y", "ftp://h/x")) {
        Path file = write("a.conf", "include \"" + other + "\"");
        assertTrue(problems(file).getFirst().contains("only files are included"));
      }
      assertTrue(
          problems(write("a.conf", "include classpath(\"x.conf\")"))
              .getFirst()
              .contains("only files are included"));
      listener.setSoTimeout(1);
      assertThrows(java.net.SocketTimeoutException.class, listener::accept, "nobody came");
    }
  }

  @Test
  void onlyARegularFileIsRead() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    String wanted = "; a file in HOCON is wanted";
    assertProblem(pipe + ": cannot be read: it is no regular file" + wanted, pipe);
    assertProblem(directory + ": cannot be read: it is a directory" + wanted, directory);
    Path device = Path.of("/dev/zero");
    assertProblem(device + ": cannot be read: it is no regular file" + wanted, device);
    Path link = Files.createSymbolicLink(directory.resolve("link"), pipe);
    assertProblem(link + ": cannot be read: it is no regular file" + wanted, link);
    Path file = write("a.conf", "include \"pipe\"");
    assertProblem(
        file + ":1: include \"pipe\": cannot be read: it is no regular file" + wanted, file);
    Path large = directory.resolve("large.conf");
    try (var sparse = new java.io.RandomAccessFile(large.toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }
    assertProblem(large + ": cannot be read: it is larger than 4 MiB" + wanted, large);
  }

  @Test
  void circlesAndAvalanchesEnd() throws Exception {
    Path self = write("self.conf", "include \"other.conf\"");
    write("other.conf", "include \"self.conf\"");
    assertTrue(problems(self).getFirst().endsWith("include \"self.conf\": it includes itself"));
    for (int i = 0; i < 20; i++) {
      String next = "include \"n" + (i + 1) + ".conf\"\n";
      write("n" + i + ".conf", next + next);
    }
    write("n20.conf", "");
    assertTrue(problems(directory.resolve("n0.conf")).getFirst().contains("more than 1000 files"));
  }

  @Test
  void aVariableOfTheEnvironmentIsLookedUpByItsName() throws Exception {
    String name = System.getenv().containsKey("PATH") ? "PATH" : "HOME";
    Settings settings = load(write("a.conf", "pagewheel.buffers.main.file = ${" + name + "}"));
    assertEquals(
        System.getenv(name), settings.buffers().getFirst().config().settings().get("file"));
    assertEquals(
        33,
        pages(
            write(
                "b.conf",
                "pagewheel.buffers.main { pages = 33, pages = ${?PAGEWHEEL_NO_SUCH_VARIABLE} }")));
    assertEquals(
        34, // the configuration's own key comes first
        pages(write("c.conf", name + " = 34\npagewheel.buffers.main.pages = ${" + name + "}")));
    assertTrue(
        problems(write("d.conf", "pagewheel.save.on-exit = ${PAGEWHEEL_NO_SUCH_VARIABLE}"))
            .getFirst()
            .contains("PAGEWHEEL_NO_SUCH_VARIABLE"));
  }

  @Test
  void aKeyOutsideIsReportedUnlessItIsReferredTo() throws Exception {
    Path file = write("a.conf", "place = /x\npagewheel.snapshots.directory = ${place}/y");
    assertEquals(Path.of("/x/y"), load(file).snapshots().directory());
    file = write("b.conf", "buffers.main.pages = 7\nsources.jmv.enabled = false\npagewhel = {}");
    assertEquals(
        List.of(
            file + ":1: buffers: there is no such key, did you mean pagewheel.buffers?",
            file + ":2: sources: there is no such key, did you mean pagewheel.sources?",
            file + ":3: pagewhel: there is no such key, did you mean pagewheel?"),
        problems(file));
    var overridden =
        assertThrows(
            ConfigurationException.class,
            () ->
                ConfigLoader.load(
                    Optional.empty(), new Properties(), Map.of("buffers.main.pages", "7")));
    assertEquals(
        List.of(
            "override buffers.main.pages: there is no such key, did you mean pagewheel.buffers?"),
        overridden.problems());
  }
}
