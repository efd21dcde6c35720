package org.pagewheel.consumer.splice.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.Recorded;
import org.pagewheel.consumer.testing.TickPages;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.PageConsumer;

/** Pages become files, one after another. */
class SpliceConsumerTest {
  private static final int SIZE = 4096;
  private static final int ID = TickPages.TICK.id();

  @TempDir Path directory;

  private Map<String, String> settings(String... more) {
    Map<String, String> settings = new HashMap<>(Map.of("dir", directory.toString()));
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private static PageConsumer open(GivenContext context) throws IOException {
    for (ConsumerFactory factory : ServiceLoader.load(ConsumerFactory.class)) {
      if (factory.type().equals("splice")) {
        return factory.open(context);
      }
    }
    throw new AssertionError("no factory of type splice is found");
  }

  @Test
  void filesAreFinishedBySizeAndHoldEveryEventOnce() throws Exception {
    int cpus = 3;
    GivenContext context = new GivenContext(cpus, SIZE, settings("max-size", "200 KiB"));
    TickPages pages = new TickPages(cpus, SIZE, ID);
    Random random = new Random(1);
    try (PageConsumer consumer = open(context)) {
      assertEquals(List.of(), Recorded.files(directory));
      for (int i = 0; i < 300; i++) {
        consumer.accept(pages.page(random.nextInt(10) < 8 ? 1 : random.nextInt(cpus)), 0);
      }
      List<String> names = Recorded.names(directory);
      assertEquals(1, names.stream().filter(name -> name.endsWith(".dat.open")).count());
      assertTrue(names.getLast().endsWith(".dat.open"), names.toString());
      Recorded.report(Recorded.files(directory).getLast());
    }
    List<Path> files = Recorded.files(directory);
    assertTrue(files.size() > 300 * SIZE / (200 << 10), files.toString());
    assertTrue(files.size() < 16, "the regions do not fit the load: " + files);
    for (Path file : files) {
      String name = file.getFileName().toString();
      assertTrue(name.matches("main-\\d{8}T\\d{6}-\\d{4}\\.dat"), name);
      assertTrue(Files.size(file) <= 200 << 10, file + " has " + Files.size(file));
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
    for (int cpu = 0; cpu < cpus; cpu++) {
      List<Integer> numbers = Recorded.numbers(directory, cpu);
      assertEquals(pages.next(cpu), numbers.size());
      assertEquals(pages.next(cpu), Recorded.checkAccount(numbers));
    }
    assertEquals(List.of(), context.reports());
  }

  @Test
  void onlySoManyFilesAreKept() throws Exception {
    Files.writeString(directory.resolve("main-other.dat"), "not ours");
    GivenContext context =
        new GivenContext(1, SIZE, settings("max-size", "64 KiB", "max-files", "3"));
    TickPages pages = new TickPages(1, SIZE, ID);
    try (PageConsumer consumer = open(context)) {
      for (int i = 0; i < 100; i++) {
        consumer.accept(pages.page(0), 0);
        assertTrue(Recorded.files(directory).size() <= 4);
      }
    }
    assertTrue(Files.deleteIfExists(directory.resolve("main-other.dat")));
    assertEquals(3, Recorded.files(directory).size());
    List<Integer> numbers = Recorded.numbers(directory, 0);
    assertEquals(pages.next(0) - 1, numbers.getLast());
    assertEquals(numbers.getLast() - numbers.getFirst() + 1, numbers.size());
  }

  @Test
  void namesAreTheSameWhereDigitsAreOthers() throws Exception {
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    try {
      onlySoManyFilesAreKept();
    } finally {
      Locale.setDefault(usual);
    }
  }

  /** A process may be killed before a file of it holds anything. */
  @Test
  void whatDeadProcessesHaveBegunIsSweptAndNothingElse() throws Exception {
    String name = ".main-20260101T000000-0001.dat";
    Path begun = Files.createFile(directory.resolve(name + ".open.new"));
    Path recovered = Files.createFile(directory.resolve(name + ".0123abcd.tmp"));
    Path alive = Files.createFile(directory.resolve(".main-20260101T000000-0002.dat.open.new"));
    Path renamed = Files.createFile(directory.resolve(".was-20260101T000000-0001.dat.open.new"));
    Path others = Files.createFile(directory.resolve(".something.dat.open.new"));
    FileTime old = FileTime.from(Instant.now().minusSeconds(60));
    for (Path file : List.of(begun, recovered, alive, renamed, others)) {
      Files.setLastModifiedTime(file, old);
    }
    Path young = Files.createFile(directory.resolve(".main-20260101T000000-0003.dat.open.new"));
    GivenContext context = new GivenContext(1, SIZE, settings());
    try (FileChannel channel = FileChannel.open(alive, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertTrue(lock.isValid());
      open(context).close();
    }
    assertEquals(Set.of(alive, others, young), Set.copyOf(Recorded.files(directory)));
    assertEquals(List.of(), context.reports());
  }

  /** As in /var/tmp, where all may write. */
  @Test
  @Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
  void whatOthersPutIntoTheDirectoryIsNeitherOpenedNorCounted() throws Exception {
    String late = "main-29991231T235959-000%d.dat";
    Path pipe = directory.resolve(late.formatted(1) + ".open");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Path link = directory.resolve(late.formatted(2) + ".open");
    Files.createSymbolicLink(link, Path.of("/etc/passwd"));
    Path foreign = Files.createFile(directory.resolve(late.formatted(3)));
    var users = foreign.getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(foreign, users.lookupPrincipalByName("nobody"));
    GivenContext context =
        new GivenContext(1, SIZE, settings("max-size", "64 KiB", "max-files", "1"));
    TickPages pages = new TickPages(1, SIZE, ID);
    try (PageConsumer consumer = open(context)) {
      for (int i = 0; i < 50; i++) {
        consumer.accept(pages.page(0), 0);
      }
    }
    assertEquals(List.of(), context.reports());
    List<Path> files = new ArrayList<>(Recorded.files(directory));
    assertTrue(files.removeAll(List.of(pipe, link, foreign)));
    assertEquals(1, files.size(), files::toString);
  }

  @Test
  void aDirectoryThatIsMadeIsForThisUserAlone() throws Exception {
    Path made = directory.resolve("made");
    open(new GivenContext(1, SIZE, Map.of("dir", made.toString()))).close();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
  }

  /** Whoever owns it could let our files go anywhere, and root's too. */
  @Test
  void aDirectoryThatAnotherUserCouldExchangeIsRefused() throws Exception {
    var users = directory.getFileSystem().getUserPrincipalLookupService();
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    Files.setOwner(theirs, users.lookupPrincipalByName("nobody"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    Files.getFileAttributeView(link, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setOwner(users.lookupPrincipalByName("nobody"));
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Map<String, String> problems =
        Map.of(
            theirs.toString(), "directory " + theirs + " belongs to user nobody, who could",
            theirs.resolve("made").toString(), "directory " + theirs + " belongs to user nobody",
            link.toString(), link + " is a link of user nobody, who could",
            open.toString(), "anybody may replace files in directory " + open + " of user root");
    for (var problem : problems.entrySet()) {
      GivenContext context = new GivenContext(1, SIZE, Map.of("dir", problem.getKey()));
      IOException e = assertThrows(IOException.class, () -> open(context));
      assertTrue(e.getMessage().startsWith(problem.getValue()), e.getMessage());
    }
    assertEquals(List.of(), Recorded.files(theirs));
  }

  @Test
  void aConsumerThatFollowsWithinTheSameSecondReplacesNoFile() throws Exception {
    TickPages pages = new TickPages(1, SIZE, ID);
    for (int i = 0; i < 5; i++) {
      try (PageConsumer consumer = open(new GivenContext(1, SIZE, settings()))) {
        consumer.accept(pages.page(0), 0);
      }
    }
    assertEquals(5, Recorded.files(directory).size());
    assertEquals(pages.next(0), Recorded.numbers(directory, 0).size());
  }

  @Test
  void anOldFileIsFinishedThoughNoPageComes() throws Exception {
    GivenContext context = new GivenContext(1, SIZE, settings("max-age", "300 ms"));
    TickPages pages = new TickPages(1, SIZE, ID);
    try (PageConsumer consumer = open(context)) {
      consumer.accept(pages.page(0), 0);
      assertTrue(Recorded.names(directory).getFirst().endsWith(".open"));
      long end = System.nanoTime() + 120_000_000_000L;
      while (Recorded.names(directory).getFirst().endsWith(".open")) {
        assertTrue(System.nanoTime() < end, "not finished after two minutes");
        Thread.sleep(20);
      }
      consumer.accept(pages.page(0), 0);
      assertEquals(2, Recorded.files(directory).size());
    }
    assertEquals(pages.next(0), Recorded.checkAccount(Recorded.numbers(directory, 0)));
  }

  @Test
  void eventTypesThatComeLaterAreInTheOpenFileBeforeTheirEvents() throws Exception {
    GivenContext context = new GivenContext(2, SIZE, settings());
    TickPages pages = new TickPages(2, SIZE, ID);
    try (PageConsumer consumer = open(context)) {
      consumer.accept(pages.page(0), 0);
      for (int type = 1; type <= 20; type++) {
        context.tell(TickPages.format(ID + type, "late_" + type));
        context.tell(type, "thread " + type);
        consumer.accept(new TickPages(2, SIZE, ID + type).page(1), 0);
        List<String> report = Recorded.report(Recorded.files(directory).getFirst());
        assertTrue(report.stream().anyMatch(line -> line.contains("late_20:")) == (type == 20));
      }
      assertEquals(1, Recorded.files(directory).size());
    }
    List<String> report = Recorded.report(Recorded.files(directory).getFirst());
    assertEquals(
        TickPages.perPage(SIZE), report.stream().filter(l -> l.contains("late_13:")).count());
  }

  @Test
  void aFlushBringsThreadNamesUpToDate() throws Exception {
    GivenContext context = new GivenContext(1, SIZE, settings());
    try (PageConsumer consumer = open(context)) {
      consumer.accept(new TickPages(1, SIZE, ID).page(0), 0);
      context.tell(TickPages.PID, "renamed");
      consumer.flush();
      List<String> report = Recorded.report(Recorded.files(directory).getFirst());
      assertTrue(report.get(1).contains("renamed-4251"), report.get(1));
    }
  }

  @Test
  void metadataThatOutgrowsItsRoomBeginsANewFile() throws Exception {
    GivenContext context = new GivenContext(1, SIZE, settings("max-size", "1 MiB"));
    TickPages pages = new TickPages(1, SIZE, ID);
    try (PageConsumer consumer = open(context)) {
      for (int i = 1; i <= 400; i++) {
        context.tell(TickPages.format(ID + i, "a_type_among_many_" + i));
        consumer.accept(pages.page(0), 0);
      }
    }
    assertTrue(Recorded.files(directory).size() > 1);
    assertEquals(pages.next(0), Recorded.checkAccount(Recorded.numbers(directory, 0)));
  }

  @Test
  void pagesOfAnotherSizeOrCpuBeginANewFile() throws Exception {
    GivenContext context = new GivenContext(1, SIZE, settings());
    TickPages small = new TickPages(1, SIZE, ID);
    TickPages large = new TickPages(3, 16 * SIZE, ID);
    try (PageConsumer consumer = open(context)) {
      consumer.accept(small.page(0), 0);
      context.buffer().pageSize(16 * SIZE);
      consumer.accept(large.page(2), 0);
      MemorySegment heap = MemorySegment.ofArray(new long[16 * SIZE / 8]);
      consumer.accept(large.page(2, heap), 0);
    }
    assertEquals(2, Recorded.files(directory).size());
    assertEquals(small.next(0), Recorded.numbers(directory, 0).size());
    assertEquals(large.next(2), Recorded.numbers(directory, 2).size());
  }

  @Test
  void lossesFromOutsideAreToldInBand() throws Exception {
    GivenContext context = new GivenContext(1, SIZE, settings());
    TickPages pages = new TickPages(1, SIZE, ID);
    try (PageConsumer consumer = open(context)) {
      consumer.accept(pages.page(0), 0);
      int lost = pages.page(0).memory() == null ? 0 : TickPages.perPage(SIZE);
      consumer.accept(pages.page(0), lost);
      consumer.accept(pages.page(0), -1);
    }
    List<Integer> numbers = Recorded.numbers(directory, 0);
    assertTrue(numbers.contains(-TickPages.perPage(SIZE)), numbers.toString());
    assertTrue(numbers.contains(-1_000_000), numbers.toString());
  }

  @Test
  void aDirectoryThatCannotBeUsedIsToldAtOnce() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertMessage(file + " is not a directory", Map.of("dir", file.toString()));
    Path deep = directory.resolve("no/such");
    assertMessage(
        "there is no directory " + deep.getParent() + ": make it, or name another one",
        Map.of("dir", deep.toString()));
    assertMessage(
        file + " is not a directory: name another one",
        Map.of("dir", file.resolve("below").toString()));
    for (String kernels : List.of("/proc", "/proc/below", "/sys")) { // not even root's
      GivenContext context = new GivenContext(1, SIZE, Map.of("dir", kernels));
      String refused = assertThrows(IOException.class, () -> open(context)).getMessage();
      assertTrue(refused.startsWith("no files can be made in " + kernels + ":"), refused);
      assertTrue(refused.endsWith(": name another directory"), refused);
    }
    GivenContext large = new GivenContext(64, 1 << 20, settings("max-size", "1 MiB"));
    IllegalArgumentException small =
        assertThrows(IllegalArgumentException.class, () -> open(large));
    assertTrue(
        small
            .getMessage()
            .startsWith(
                "max-size = 1 MiB is too small for 64 CPUs with pages of 1 MiB: it takes at least"),
        small.getMessage());
    assertFalse(Files.exists(deep));
  }

  private static void assertMessage(String message, Map<String, String> settings) {
    GivenContext context = new GivenContext(1, SIZE, settings);
    IOException refused = assertThrows(IOException.class, () -> open(context));
    assertEquals(message, refused.getMessage());
  }
}
