package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;

/** The commands of scope ring in a real session in a real container. */
class CommandsIT {
  @TempDir static Path storage;
  @TempDir Path directory;
  private static Container container;

  @BeforeAll
  static void start() throws Exception {
    container = new Container(storage.resolve("felix"));
    Container.await("main records", () -> container.show("list").contains(" on "));
  }

  @AfterAll
  static void stop() throws Exception {
    container.close();
  }

  @Test
  void everyBundleStarts() {
    for (Bundle bundle : container.bundles()) {
      assertEquals(Bundle.ACTIVE, bundle.getState(), bundle::getSymbolicName);
    }
  }

  /**
   * A line of an event without its thread's name: Gogo's threads change theirs with each command.
   */
  private static String afterThread(Object line) {
    return line.toString().replaceFirst("^.*?(?=-\\d+ +\\[)", "");
  }

  @Test
  void aBufferIsMadeWrittenReadAndForgotten() throws Exception {
    assertEquals(
        "one: backend lockfree, mode discard, 8 pages of 8,192 bytes, 2 CPUs, clock mono, on",
        container.show("create one mode=discard pages=8 page-size=8192 cpus=2"));
    container.execute("mark one hello, ring");
    container.execute("mark one and again");
    List<?> lines = (List<?>) container.execute("cat one");
    assertEquals(2, lines.size());
    assertTrue(lines.get(0).toString().endsWith("hello, ring"), lines::toString);
    List<?> newest = (List<?>) container.execute("cat one 1");
    assertEquals(1, newest.size());
    assertEquals(afterThread(lines.get(1)), afterThread(newest.getFirst()), "the newest");
    assertEquals(2, ((List<?>) container.execute("cat one 'ftrace:*' from=1h")).size());
    assertEquals(List.of(), container.execute("cat one 'osgi:*' to=1h"));

    container.execute("off one");
    var refused = assertThrows(Exception.class, () -> container.execute("mark one lost"));
    assertTrue(refused.toString().startsWith("buffer one refused the mark: "), refused::toString);
    String stats = container.show("stats one");
    assertTrue(stats.contains("attempted 3 = written 2 + refused 1 (disabled 1)"), stats);
    assertTrue(stats.contains("written 2 = read 0 + unread 2 + overrun 0"), stats);
    assertTrue(stats.lines().anyMatch(line -> line.matches("entries +2 +.*")), stats);
    container.execute("on one");

    String list = container.show("list");
    assertTrue(
        list.lines().anyMatch(l -> l.matches("one +lockfree +discard +8 +8192 +2 +mono +on +2 +1")),
        list);
    String drawing = container.show("show one");
    assertTrue(drawing.contains("reader"), drawing);
    assertTrue(drawing.contains("tail"), drawing);
    drawing.lines().forEach(line -> assertTrue(line.length() <= 100, drawing));

    Path file = directory.resolve("one.dat");
    String saved = container.show("save " + file + " one");
    assertTrue(saved.startsWith("wrote " + file + ": 2 events of one, "), saved);
    List<String> report = Program.report(file);
    assertTrue(report.getLast().endsWith("and again"), report::toString);

    container.execute("destroy one");
    assertTrue(container.show("list").lines().noneMatch(line -> line.startsWith("one ")));
  }

  @Test
  void oneCpuCanBeAskedFor() throws Exception {
    assertTrue(container.show("show main 0").contains("CPU 0: "));
    assertTrue(container.show("stats main 0").contains("cpu 0"));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("show nothere", "there is no buffer nothere"),
        Arguments.of("stats mian", "main"),
        Arguments.of("show", "usage: show BUFFER [CPU]"),
        Arguments.of("show main 99", "its CPUs are 0 to "),
        Arguments.of("show main x", "the CPU must be a whole number"),
        Arguments.of("cat main many", "N must be a whole number"),
        Arguments.of("create two mode=sideways", "overwrite, discard"),
        Arguments.of("create two backend=nix", "heap"),
        Arguments.of("create two pages=1", "from 2"),
        Arguments.of("create two page-size=5000", "power of two"),
        Arguments.of("create two pgaes=8", "pages"),
        Arguments.of("create main", "there is a buffer main already"),
        Arguments.of("destroy nothere", "there is no buffer nothere"),
        Arguments.of("mark main", "usage: mark [--json] BUFFER TEXT..."),
        Arguments.of("save", "usage: save FILE [BUFFER...]"),
        Arguments.of("save /nothere/x.dat", "/nothere"),
        Arguments.of("list all", "too many arguments, from 'all' on"),
        Arguments.of("demo -x", "unknown option -x, there is -n and -o"),
        Arguments.of("replay", "usage: replay IN.dat -o OUT.dat"),
        Arguments.of("replay a.dat", "no output is named with -o"),
        Arguments.of("replay nothere.dat -o out.dat", "nothere.dat: there is no such file"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeGetsOneLineThatSaysWhatIsRight(String command, String part) throws Exception {
    String said = container.complaint(command);
    assertTrue(said.contains(part), said);
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(), files.toList());
    }
  }
}
