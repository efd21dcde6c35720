package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that change what lies beneath a buffer, or plug into it, in a real session. */
class RingCommandsIT {
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
  void everyMarkSurvivesEveryReplacement() throws Exception {
    container.execute("create swapped pages=16 cpus=1");
    Path ring = directory.resolve("ring");
    String[] replacements = {
      "swap swapped lockfree",
      "page-size swapped 16KiB",
      "swap swapped offheap file=" + ring,
      "resize swapped 12", // in the same file: that of the ring before goes out of its way
      "swap swapped heap",
      "resize swapped 8",
      "swap swapped lockfree memory=heap",
      "mode swapped discard"
    };
    int marks = 0;
    for (String replacement : replacements) {
      container.execute("mark swapped " + marks++);
      String now = container.show(replacement);
      assertTrue(now.startsWith("swapped: backend "), now);
    }
    container.execute("mark swapped " + marks++);
    List<?> lines = (List<?>) container.execute("cat swapped");
    List<String> texts =
        lines.stream().map(Object::toString).filter(line -> line.contains("mark: ")).toList();
    List<String> expected = IntStream.range(0, marks).mapToObj(i -> "mark: " + i).toList();
    List<String> found =
        texts.stream().map(line -> line.substring(line.indexOf("mark: ")).strip()).toList();
    assertEquals(expected, found);
    container.execute("destroy swapped");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "swap main nope|there is no backend nope: there are heap, lockfree, offheap",
        "swap nowhere heap|nowhere",
        "resize main many|many",
        "resize main 1|pages",
        "page-size main 5000|5000",
        "page-size main|usage: page-size BUFFER BYTES",
        "mode main sideways|sideways",
        "clock main cuckoo|cuckoo",
        "swap main offheap file=/nowhere/ring|there is no directory /nowhere",
        "attach main nope|there is no consumer type nope",
        "attach main splise|there is no consumer type splise, did you mean splice?",
        "attach main splice name=../x|\"../x\" is not a name for a consumer: at most 40 lower-case",
        "create ../x|\"../x\" is not a name for a buffer: at most 40 lower-case letters",
        "create x a..b=3|a..b: not a valid key",
        "create x kep=1 backend=offheap|kep: there is no such key, did you mean keep?",
        "create x keep=0 backend=offheap file=r|keep",
        "swap main offheap kep=1|kep: there is no such key, did you mean keep?",
        "swap main heap on=false|on is of the buffer, not of its ring",
        "swap main heap cpu-mask=0|cpu-mask is of the buffer, not of its ring",
        "swap main heap pages=1|pages = 1: a whole number",
        "attach main splice colour=red|colour",
        "detach main nobody|nobody",
        "enable main a:b:c:d|a:b:c:d",
        "recover /nowhere/ring -o out.dat|there is no file /nowhere/ring",
        "follow /etc/hostname|it is not a ring"
      })
  void whatIsWrongIsSaidInOneLineAndChangesNothing(String command, String part) throws Exception {
    List<String> before = buffers();
    String said = container.complaint(command);
    assertTrue(said.contains(part), said);
    assertEquals(before, buffers());
  }

  /** A terabyte; where a disk has that, a ring of ours is not the reason for it to be full. */
  @Test
  void aRingThatTheDiskCannotHoldChangesNothing() throws Exception {
    Path ring = directory.resolve("ring");
    container.execute(
        "create huge backend=offheap settings.spares=1 pages=4 page-size=256KiB cpus=64 file="
            + ring);
    container.execute("mark huge before");
    List<String> before = buffers();
    String said = container.complaint("resize huge 60000");
    assertTrue(said.contains("buffer huge: backend offheap"), said);
    assertTrue(said.contains("the disk has room for"), said);
    assertEquals(before, buffers());
    container.execute("mark huge after");
    assertTrue(container.show("cat huge").contains("before"));
    assertTrue(container.show("cat huge").contains("after"));
    container.execute("destroy huge");
  }

  /**
   * Name, backend, mode, pages, page size, CPUs, clock and state of all; what they hold changes.
   */
  private static List<String> buffers() throws Exception {
    return container
        .show("list")
        .lines()
        .map(line -> String.join(" ", List.of(line.split(" +")).subList(0, 8)))
        .toList();
  }

  /** Every key that a buffer of the configuration has, and not only those of its ring. */
  @Test
  void aBufferIsMadeAsItIsTold() throws Exception {
    container.execute(
        "create told pages=8 cpus=1 on=false 'events=osgi:bundle*' consumers.seen.type=stats"
            + " 'triggers=osgi:* traceoff'");
    assertTrue(
        container.show("list").lines().anyMatch(l -> l.matches("told +lockfree .* off +0 +0.*")),
        container.show("list"));
    assertTrue(
        container.show("events told").lines().anyMatch(l -> l.matches("osgi:service.* off")),
        container.show("events told"));
    assertTrue(
        container.show("consumers").lines().anyMatch(l -> l.matches("told +seen +stats +.*")),
        container.show("consumers"));
    assertTrue(container.show("trigger told").contains("traceoff"));
    container.execute("destroy told");
  }

  @Test
  void aConsumerIsAttachedAndDetached() throws Exception {
    container.execute("create spliced pages=8 cpus=1");
    container.execute("attach spliced splice name=disk dir=" + directory);
    container.execute("mark spliced on the disk");
    assertTrue(container.show("consumers").contains("disk"));
    container.execute("detach spliced disk");
    try (Stream<Path> files = Files.list(directory)) {
      Path file = files.filter(each -> each.toString().endsWith(".dat")).findFirst().orElseThrow();
      assertTrue(Program.report(file).stream().anyMatch(line -> line.contains("on the disk")));
    }
    container.execute("destroy spliced");
  }

  @Test
  void eventTypesAreSwitchedByPattern() throws Exception {
    container.execute("disable main 'osgi:service*'");
    assertTrue(container.show("events main").lines().anyMatch(l -> l.matches(".*service.* off")));
    container.execute("enable main 'osgi:*'");
    assertTrue(container.show("events main").lines().noneMatch(l -> l.endsWith(" off")));
  }

  @Test
  void theConfigurationIsPrintedWithItsOrigins() throws Exception {
    String config = container.show("config main.page-size");
    assertTrue(config.contains("pagewheel.buffers.main.page-size"), config);
    assertTrue(config.contains("reference.conf"), config);
    String backends = container.show("config main.settings");
    assertTrue(
        backends.matches("(?s).*main.settings.spares +8 +reference.conf of backend lockfree:.*"),
        backends);
  }

  @Test
  void aKilledContainersRingIsRecovered() throws Exception {
    Path ring = directory.resolve("ring");
    Path printed = directory.resolve("tail.txt");
    Process recorder =
        new ProcessBuilder(
                Program.home().resolve("pagewheel").toString(),
                "-Dpagewheel.buffers.main.backend=offheap",
                "-Dpagewheel.buffers.main.file=" + ring,
                "-c",
                "ring:cat main; ring:tail main")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      Container.await("the ring has events", () -> Files.readAllLines(printed).size() > 20);
    } finally {
      recorder.destroyForcibly().waitFor(); // the script has become the JVM itself
    }
    Path out = directory.resolve("out.dat");
    String report = String.valueOf(container.execute("recover " + ring + " -o " + out));
    assertTrue(report.contains("not closed"), report);
    assertTrue(Program.report(out).size() > 10, report);
  }
}
