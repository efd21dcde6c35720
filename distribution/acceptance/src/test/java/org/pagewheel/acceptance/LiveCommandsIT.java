package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that watch and steer while it runs, and the completion of all of them. */
class LiveCommandsIT {
  private static final String CONFIG = "pagewheel.config";

  @TempDir static Path storage;
  @TempDir Path directory;
  private static Container container;
  private static Path config;

  @BeforeAll
  static void start() throws Exception {
    config = storage.resolve("pagewheel.conf");
    configure("");
    System.setProperty(CONFIG, config.toString());
    container = new Container(storage.resolve("felix"));
    Container.await("main records", () -> container.show("list").contains(" on "));
  }

  @AfterAll
  static void stop() throws Exception {
    System.clearProperty(CONFIG);
    container.close();
  }

  /** Writes the configuration; snapshots always go to the same place. */
  private static void configure(String more) throws Exception {
    Files.writeString(
        config, "pagewheel.snapshots.directory = \"%s\"\n%s".formatted(storage, more));
  }

  private static List<Path> snapshots(String buffer) throws Exception {
    try (Stream<Path> files = Files.list(storage)) {
      return files
          .filter(file -> file.getFileName().toString().matches(buffer + "-\\d{8}-.*\\.dat"))
          .toList();
    }
  }

  @Test
  void topPrintsRatesAndLossesAsOftenAsItIsTold() throws Exception {
    container.execute("create topped pages=4 cpus=1");
    String text = container.show("top topped -n 3 -i 20ms");
    List<String> lines = text.lines().toList();
    assertEquals(3, lines.stream().filter(line -> line.startsWith("buffer ")).count(), text);
    assertEquals(3, lines.stream().filter(line -> line.startsWith("topped ")).count(), text);
    assertTrue(text.contains("events/s"), text);
    assertTrue(text.contains("refused/s"), text);
    assertFalse(text.contains("main"), text);
    assertFalse(text.contains("\u001b"), "no terminal, no escapes");
    container.execute("attach topped stats name=counted");
    assertTrue(container.show("top -n 1 -i 10ms").contains("topped/counted"));
    container.execute("destroy topped");
  }

  @Test
  void aSnapshotIsNamedAfterTheTime() throws Exception {
    container.execute("create frozen pages=4 cpus=1");
    container.execute("mark frozen in this moment");
    String said = container.show("snapshot frozen");
    assertTrue(said.startsWith("wrote "), said);
    Path file = Path.of(said.substring("wrote ".length()).strip());
    assertEquals(List.of(file), snapshots("frozen"));
    assertTrue(Program.report(file).stream().anyMatch(line -> line.contains("in this moment")));
    Path named = directory.resolve("named.dat");
    container.execute("snapshot frozen main -o " + named);
    assertTrue(Program.report(named).stream().anyMatch(line -> line.contains("main:")));
    Path all = directory.resolve("all.dat");
    String saved = container.show("save " + all);
    assertTrue(saved.contains("of main, jvm, frozen"), saved);
    assertTrue(Program.report(all).stream().anyMatch(line -> line.contains("frozen:")));
    container.execute("destroy frozen");
  }

  @Test
  void aTriggerStopsRecordingOrTakesASnapshot() throws Exception {
    container.execute("create watched pages=4 cpus=1");
    container.execute("trigger watched ftrace:print 'traceoff:1 if buf ~ \"*enough*\"'");
    String set = container.show("trigger watched ftrace:print snapshot 'if buf == \"look here\"'");
    assertTrue(
        set.lines().anyMatch(l -> l.matches("watched +ftrace:print +traceoff +.* 0 +1 +0 *")), set);
    container.execute("mark watched look here");
    Container.await("the snapshot", () -> snapshots("watched").size() == 1);
    container.execute("mark watched this is enough");
    assertTrue(container.show("list").lines().anyMatch(l -> l.matches("watched .* off .*")));
    assertTrue(container.show("trigger").contains("watched"));
    String left = container.show("trigger watched ftrace:print '!traceoff if buf ~ \"*enough*\"'");
    assertFalse(left.contains("traceoff"), left);
    container.execute("destroy watched");
  }

  @Test
  void reloadAppliesWhatHasChanged() throws Exception {
    configure("pagewheel.buffers.loaded { pages = 8, cpus = 1 }");
    String said = container.show("reload");
    assertTrue(said.contains("buffer loaded: made"), said);
    container.execute("mark loaded stays");
    configure("pagewheel.buffers.loaded { pages = 16, cpus = 1, backend = lockfree }");
    said = container.show("reload");
    assertTrue(said.contains("buffer loaded: backend lockfree"), said);
    assertTrue(container.show("cat loaded").contains("stays"));
    assertTrue(container.show("config loaded.pages").contains(config + ":2"));

    configure("pagewheel.buffers.loaded { pages = 16, cpus = 1\n backend = lockfre }");
    Exception wrong = assertThrows(Exception.class, () -> container.execute("reload"));
    assertEquals(
        config
            + ":3: pagewheel.buffers.loaded.backend = \"lockfre\": there is no backend lockfre,"
            + " did you mean lockfree?",
        wrong.toString());
    assertTrue(container.show("list").contains("loaded"));

    configure("");
    assertTrue(container.show("reload").contains("buffer loaded: closed"));
    assertTrue(container.show("reload").contains("nothing has changed"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "top nowhere|there is no buffer nowhere",
        "top -n|no value after -n",
        "top -n x|-n must be a whole number",
        "top -i soon|-i = soon: a time such as",
        "top -i 1ms|shorter than 10 ms",
        "snapshot nowhere|there is no buffer nowhere",
        "snapshot main -o /nowhere/x.dat|/nowhere",
        "trigger main osgi:service|an action is missing; usage: trigger",
        "trigger main osgi:service explode|there is no action explode",
        "trigger nowhere|there is no buffer nowhere",
        "trigger main osgi:service '!traceoff'|has no trigger osgi:service traceoff",
        "trigger main ftrace:print 'traceoff if bfu == x'|did you mean buf?",
        "reload now|too many arguments"
      })
  void aMistakeGetsOneLineThatSaysWhatIsRight(String command, String part) {
    String said = container.complaint(command);
    assertTrue(said.contains(part), said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list",
        "show",
        "create",
        "destroy",
        "on",
        "off",
        "clear",
        "cpus",
        "swap",
        "resize",
        "page-size",
        "mode",
        "clock",
        "snapshot",
        "save",
        "cat",
        "tail",
        "top",
        "stats",
        "events",
        "enable",
        "disable",
        "mark",
        "backends",
        "consumers",
        "attach",
        "detach",
        "config",
        "reload",
        "trigger",
        "sources",
        "recover",
        "follow",
        "demo",
        "replay"
      })
  void everyCommandHasHelpAndIsKnownToTheCompletion(String command) throws Exception {
    String help = container.show("help ring:" + command);
    assertTrue(help.startsWith("ring:" + command + " - "), help);
    assertTrue(help.lines().toList().get(1).startsWith("usage: ring:" + command), help);
    assertFalse(help.contains("String"), help);
    List<?> completed = (List<?>) container.execute("ring-completion:commands");
    assertTrue(completed.contains(command), completed::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "ring:show |main",
        "show |main",
        "swap main |lockfree",
        "create x |backend=heap",
        "mode main |discard",
        "clock main |mono",
        "page-size main |16KiB",
        "swap main offheap |file=",
        "swap main lockfree |memory=",
        "attach main |splice",
        "attach main splice |max-size=",
        "attach main splice |queue=",
        "detach main |seen",
        "enable main |osgi:*",
        "disable main osgi:* |osgi:*",
        "trigger main osgi:* |snapshot",
        "save x.dat |main",
        "top |main",
        "config |pagewheel.buffers.main.pages"
      })
  void theTabulatorKeyKnowsWhatCanStandThere(String line, String candidate) throws Exception {
    if (candidate.equals("seen")) {
      container.execute("attach main stats name=seen");
    }
    List<?> candidates = container.complete(line);
    assertTrue(candidates.contains(candidate), candidates::toString);
    if (candidate.equals("seen")) {
      container.execute("detach main seen");
    }
  }

  @Test
  void whatNoCommandTakesIsNotCompleted() throws Exception {
    assertEquals(List.of(), container.complete("list "));
    assertEquals(List.of(), container.complete("resize main "));
    assertEquals(List.of(), container.complete("echo "));
  }

  @Test
  void resultsGoThroughAPipe() throws Exception {
    List<String> lines =
        Program.pagewheel(
                directory,
                "-c",
                "ring:mark main here; ring:stats main | grep overrun; ring:show main | grep reader;"
                    + " ring:top main -n 1 -i 10ms | grep events; ring:config pages | grep main")
            .assertStatus(0)
            .lines();
    assertTrue(lines.stream().anyMatch(line -> line.startsWith("commit overrun")), lines::toString);
    assertTrue(lines.stream().noneMatch(line -> line.startsWith("entries")), lines::toString);
    assertTrue(lines.stream().anyMatch(line -> line.contains("reader")), lines::toString);
    assertTrue(lines.stream().anyMatch(line -> line.contains("events/s")), lines::toString);
    assertTrue(lines.stream().anyMatch(line -> line.contains("main.pages")), lines::toString);
    assertTrue(lines.stream().noneMatch(line -> line.contains("\u001b")), lines::toString);
  }

  @Test
  void aContainerSavesAtItsEnd() throws Exception {
    Path last = directory.resolve("last.dat");
    Program.pagewheel(
            directory,
            "-Dpagewheel.save.on-exit=" + last,
            "-Dpagewheel.save.on-out-of-memory=" + directory.resolve("memory.dat"),
            "-c",
            "ring:mark main the last words")
        .assertStatus(0);
    assertTrue(Program.report(last).stream().anyMatch(line -> line.contains("the last words")));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(last), files.toList(), "the rehearsal leaves nothing behind");
    }
  }

  /** Bundles stop one by one, that of the sources before the runtime, which saves. */
  @Test
  void whatTheSourcesRecordedIsSavedToo() throws Exception {
    Path last = directory.resolve("last.dat");
    Program.pagewheel(
            directory,
            "-Dpagewheel.save.on-exit=" + last,
            "-c",
            "ring:tail jvm 1; ring:mark jvm the last words")
        .assertStatus(0);
    List<String> report = Program.report(last);
    assertEquals(1, report.stream().filter(line -> line.contains("the last words")).count());
    assertTrue(report.stream().anyMatch(line -> line.contains("jvm:")), report::toString);
  }

  @Test
  void whatCannotBeSavedAtTheEndIsOneLineAndAStatus() throws Exception {
    for (String last : List.of("/dev/full", "/proc/last.dat", directory.toString())) {
      Program.Result ended =
          Program.pagewheel(
              directory, "-Dpagewheel.save.on-exit=" + last, "-c", "ring:mark main the last words");
      ended.assertStatus(1);
      String line = "pagewheel: the buffers could not be saved to " + last + ": ";
      assertEquals(1, ended.err().lines().count(), ended.err());
      assertTrue(ended.err().startsWith(line), ended.err());
    }
  }

  @Test
  void aContainerThatIsTerminatedSavesToo() throws Exception {
    Path last = directory.resolve("last.dat");
    Process recorder =
        new ProcessBuilder(
                Program.home().resolve("pagewheel").toString(),
                "-Dpagewheel.save.on-exit=" + last,
                "-c",
                "ring:mark main the last words; echo ready; ring:tail main")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("tail.txt").toFile())
            .start();
    try {
      Path printed = directory.resolve("tail.txt");
      Container.await("it records", () -> Files.readString(printed).contains("ready"));
      recorder.destroy();
      assertTrue(recorder.waitFor(120, TimeUnit.SECONDS));
    } finally {
      recorder.destroyForcibly().waitFor();
    }
    assertTrue(Program.report(last).stream().anyMatch(line -> line.contains("the last words")));
  }
}
