package org.pagewheel.runtime.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.Random;
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
    assertProblem(pipe + ": cannot be read: it is not a regular file" + wanted, pipe);
    assertProblem(directory + ": cannot be read: it is a directory" + wanted, directory);
    Path device = Path.of("/dev/zero");
    assertProblem(device + ": cannot be read: it is not a regular file" + wanted, device);
    Path link = Files.createSymbolicLink(directory.resolve("link"), pipe);
    assertProblem(link + ": cannot be read: it is not a regular file" + wanted, link);
    Path file = write("a.conf", "include \"pipe\"");
    assertProblem(
        file + ":1: include \"pipe\": cannot be read: it is not a regular file" + wanted, file);
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
  void aKeyBelowSettingsSaysWhereItBelongs() throws Exception {
    Path file = write("a.conf", "pagewheel.buffers.main.spurious = 1");
    String problem = problems(file).getFirst();
    assertTrue(problem.startsWith(file + ":1: pagewheel.buffers.main.spurious: there is"), problem);
    assertTrue(problem.endsWith("; those of a backend belong in settings"), problem);
  }

  @Test
  void anObjectThatIsNoneIsOneLine() throws Exception {
    for (String key : List.of("pagewheel", "other")) {
      Path file = write("root.conf", "other = x\n\npagewheel = ${other}");
      assertProblem(
          file + ":1: pagewheel is a string, an object is needed",
          key.equals("other") ? file : write("root.conf", "pagewheel = x"));
    }
    Path list = write("list.conf", "[1, 2]");
    assertProblem(list + ":1: the file is a list, an object is needed", list);
    Path nothing = write("null.conf", "pagewheel = null");
    assertProblem(nothing + ":1: pagewheel is null, an object is needed", nothing);
    for (String key :
        List.of("defaults", "consumer-defaults", "source-defaults", "snapshots", "save")) {
      Path file = write("a.conf", "pagewheel {\n  " + key + " = 7\n}");
      assertProblem(file + ":2: pagewheel." + key + " = 7: an object { ... } would be right", file);
      file = write("b.conf", "pagewheel." + key + " = null");
      assertProblem("pagewheel." + key + " is missing: an object { ... } would be right", file);
    }
    assertEquals(List.of(), load(write("c.conf", "pagewheel.buffers = null")).buffers());
  }

  @Test
  void whatIsNestedTooDeepIsOneLine() throws Exception {
    String many = "pagewheel.buffers.main.events = \n" + "[".repeat(20_000);
    Path file = write("a.conf", many);
    assertProblem(file + ":2: more than 100 brackets are open; at most that would be right", file);
    file = write("b.conf", "# {{{\n\"\"\"\n[\n\"\"\" = \"\\\"[\"\n" + "{a".repeat(101));
    assertProblem(file + ":5: more than 100 brackets are open; at most that would be right", file);
    assertEquals(9, pages(write("c.conf", "#" + "[".repeat(200) + "\npagewheel.defaults.pages=9")));

    String deep =
        ": it is nested too deep, in brackets, in parts of a key or in references; at"
            + " most 100 would be right";
    file = write("d.conf", "pagewheel" + ".a".repeat(100_000) + " = 1");
    assertProblem(file + deep, file);
    StringBuilder chain = new StringBuilder("pagewheel.defaults.pages = ${a0}\n");
    for (int i = 0; i < 50_000; i++) {
      chain.append("a" + i + " = ${a" + (i + 1) + "}\n");
    }
    file = write("e.conf", chain + "a50000 = 7");
    assertProblem(file + deep, file);

    for (int i = 0; i < 60; i++) {
      write("n" + i + ".conf", "include \"n" + (i + 1) + ".conf\"");
    }
    file = directory.resolve("n0.conf");
    assertTrue(problems(file).getFirst().endsWith("this is an include in more than 50 others"));
  }

  @Test
  void whatIsWrittenWronglyIsReportedInOurWords() throws Exception {
    Map<String, String> wrong =
        Map.of(
            "pagewheel { a = ", ":1: a value is missing, there is end of file",
            "a = ${a}",
                ":1: ${a} refers to itself; the value itself, or another key, would be right",
            "\npagewheel.defaults.pages = ${pagewheel.b}",
                ":2: ${pagewheel.b} is neither a key nor a variable of the environment; if it"
                    + " may be missing, ${?...} would be right");
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      Path file = write("a.conf", each.getKey());
      assertProblem(file + each.getValue(), file);
    }
    assertTrue(problems(write("b.conf", "a = [1")).getFirst().matches(".*b\\.conf:1: .*"));
  }

  /** Whatever a file says, the answer is a configuration or problems of one line each. */
  @Test
  void noTextMakesTheParserFail() throws Exception {
    String good =
        Files.readString(Path.of(ConfigLoader.class.getResource("reference.conf").toURI()));
    String[] pieces = {
      "{",
      "}",
      "[",
      "]",
      "=",
      ":",
      "+=",
      "${",
      "${?a}",
      "\"",
      "\"\"\"",
      "null",
      "include ",
      "..",
      ",",
      "\n",
      "1e999",
      "-1",
      "url(",
      "\\",
      "\u0000",
      "x",
      "pagewheel.",
      "buffers = ",
      "[null]"
    };
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder(good.replaceAll("(?m)^ *#.*\n", ""));
      for (int change = random.nextInt(3); change >= 0; change--) {
        int at = random.nextInt(text.length());
        int end = Math.min(text.length(), at + random.nextInt(8));
        text.replace(at, end, pieces[random.nextInt(pieces.length)]);
      }
      Path file = write("a.conf", text.toString());
      try {
        load(file);
      } catch (ConfigurationException e) {
        for (String line : e.problems()) {
          assertFalse(line.matches("(?s).*(\n|[a-z]Exception|Config[A-Z]|[Tt]oken|bug).*"), line);
        }
      }
    }
  }

  @Test
  void theNameOfTheFileMayBeMissingToo() {
    Properties properties = new Properties();
    for (String empty : List.of("", " ")) {
      properties.setProperty(ConfigLoader.FILE, empty);
      ConfigurationException e =
          assertThrows(
              ConfigurationException.class,
              () -> ConfigLoader.load(Optional.empty(), properties, Map.of()));
      assertEquals(
          "-Dpagewheel.config is empty: the path of a file would be right", e.getMessage());
    }
    properties.setProperty(ConfigLoader.FILE, "a\0b");
    assertThrows(
        ConfigurationException.class,
        () -> ConfigLoader.load(Optional.empty(), properties, Map.of()));
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
