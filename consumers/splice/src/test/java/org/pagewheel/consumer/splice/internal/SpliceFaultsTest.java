package org.pagewheel.consumer.splice.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.Page;
import org.pagewheel.consumer.testing.GivenContext;
import org.pagewheel.consumer.testing.Recorded;
import org.pagewheel.consumer.testing.TickPages;

/** Disks and directories fail; the account stays exact and the consumer recovers by itself. */
class SpliceFaultsTest {
  private static final int SIZE = 4096;
  private static final int ID = TickPages.TICK.id();

  @TempDir Path directory;

  /** Gives pages of one CPU as the pump does: what fails is told with the next page. */
  private static final class Giver {
    final TickPages pages;
    final SpliceConsumer consumer;
    final int together;
    long missed;
    IOException last;

    Giver(GivenContext context, int pageSize) throws IOException {
      this(context, pageSize, 1);
    }

    /** So many pages at once. */
    Giver(GivenContext context, int pageSize, int together) throws IOException {
      pages = new TickPages(1, pageSize, ID);
      consumer = SpliceConsumer.open(context, SpliceSettings.parse(context.settings(), "main"));
      this.together = together;
    }

    /** Whether all was taken. */
    boolean give() {
      List<Page> some = Stream.generate(() -> pages.page(0)).limit(together).toList();
      boolean all = true;
      for (int done = 0; done < together; ) {
        try {
          done += consumer.accept(some.subList(done, together), missed);
          missed = 0;
        } catch (IOException e) {
          missed += TickPages.perPage((int) some.get(done).memory().byteSize());
          last = e;
          all = false;
          done++;
        }
      }
      return all;
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertEquals(0, process.waitFor(), String.join(" ", command));
  }

  private static void fullDisk(Path mount, int pageSize, int together) throws Exception {
    GivenContext context =
        new GivenContext(
            1, pageSize, Map.of("dir", mount.toString(), "max-size", "1 MiB", "max-files", "2"));
    Giver giver = new Giver(context, pageSize, together);
    assertTrue(giver.give());
    Path ballast = mount.resolve("ballast");
    long free = Files.getFileStore(mount).getUsableSpace();
    Files.write(ballast, new byte[(int) free - 10 * SIZE]);
    while (giver.give()) {
      assertTrue(giver.pages.next(0) < 1_000_000);
    }
    for (int i = 0; i < 50; i++) {
      assertTrue(!giver.give());
    }
    String told = "cannot write to " + mount + ": No space left on device";
    assertEquals(told, giver.last.getMessage());
    assertEquals(List.of(told), context.reports());
    Files.delete(ballast);
    Recorded.checkAccount(Recorded.numbers(mount, 0)); // the open file, as it is after failures
    for (int i = 0; i < 5; i++) {
      assertTrue(giver.give());
    }
    assertEquals(2, context.reports().size());
    assertNull(context.reports().getLast());
    giver.consumer.close();
    List<Integer> numbers = Recorded.numbers(mount, 0);
    assertEquals(giver.pages.next(0), Recorded.checkAccount(numbers));
    assertTrue(numbers.stream().anyMatch(number -> number < 0), "no loss is told");
  }

  @ParameterizedTest
  @CsvSource({"4096, 1", "4096, 4", "4096, 7", "65536, 1", "65536, 3"})
  void aFullDiskLosesExactlyWhatIsTold(int pageSize, int together) throws Exception {
    Path mount = Files.createDirectories(directory.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount.toString());
    try {
      fullDisk(mount, pageSize, together);
    } finally {
      run("umount", mount.toString());
    }
  }

  /** Takes what is left of a disk. */
  private static void fill(Path file) throws IOException {
    try (OutputStream ballast = Files.newOutputStream(file)) {
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              ballast.write(new byte[SIZE]);
            }
          });
    }
  }

  /**
   * Nothing of it is a hole: to map one of a tmpfs takes a page, which a full one does not have.
   */
  @Test
  void onAFullDiskTheFileIsFinishedAndCanBeRead() throws Exception {
    Path mount = Files.createDirectories(directory.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount.toString());
    try {
      GivenContext context =
          new GivenContext(1, SIZE, Map.of("dir", mount.toString(), "max-size", "1 MiB"));
      Giver giver = new Giver(context, SIZE);
      assertTrue(giver.give());
      fill(mount.resolve("ballast"));
      assertFalse(giver.give());
      giver.consumer.close();
      fill(mount.resolve("more")); // what was given back
      assertEquals(0, Files.getFileStore(mount).getUsableSpace());
      List<Path> files = new ArrayList<>(Recorded.files(mount));
      files.removeIf(file -> !file.toString().endsWith(".dat"));
      assertEquals(1, files.size());
      assertEquals(TickPages.perPage(SIZE), Recorded.numbers(files, 0).size());
    } finally {
      run("umount", mount.toString());
    }
  }

  private static void delete(Path directory) throws IOException {
    for (Path file : Recorded.files(directory)) {
      Files.delete(file);
    }
    Files.delete(directory);
  }

  @Test
  void aDirectoryThatVanishesLosesExactlyWhatIsTold() throws Exception {
    Path dir = directory.resolve("traces");
    GivenContext context = new GivenContext(1, SIZE, Map.of("dir", dir.toString()));
    Giver giver = new Giver(context, SIZE);
    for (int i = 0; i < 10; i++) {
      assertTrue(giver.give());
    }
    delete(dir);
    assertTrue(giver.give()); // into a file without a name
    giver.consumer.flush();
    int gone = giver.pages.next(0);
    assertTrue(!giver.give());
    assertTrue(!giver.give());
    assertEquals("cannot write to " + dir + ": it has vanished", giver.last.getMessage());
    assertEquals(2, context.reports().size());
    assertTrue(
        context
            .reports()
            .getFirst()
            .endsWith(" has vanished while it was open: " + gone + " events are lost"),
        context.reports().getFirst());
    Files.createDirectory(dir);
    assertTrue(giver.give());
    assertTrue(giver.give());
    giver.consumer.close();
    List<Integer> numbers = Recorded.numbers(dir, 0);
    assertEquals(-(gone + 2 * TickPages.perPage(SIZE)), numbers.getFirst());
    assertEquals(giver.pages.next(0), Recorded.checkAccount(numbers));
    assertNull(context.reports().getLast());
  }

  @Test
  void aFileThatIsTakenAwayIsNoticedWhilePagesCome() throws Exception {
    GivenContext context = new GivenContext(1, SIZE, Map.of("dir", directory.toString()));
    Giver giver = new Giver(context, SIZE);
    assertTrue(giver.give());
    Files.delete(Recorded.files(directory).getFirst());
    long end = System.nanoTime() + 120_000_000_000L;
    while (Recorded.files(directory).isEmpty()) {
      assertTrue(giver.give());
      assertTrue(System.nanoTime() < end, "not noticed in two minutes");
      Thread.sleep(10);
    }
    assertTrue(giver.give());
    giver.consumer.close();
    List<Integer> numbers = Recorded.numbers(directory, 0);
    assertEquals(giver.pages.next(0), Recorded.checkAccount(numbers));
    assertEquals(2, context.reports().size());
    assertEquals(-numbers.getFirst(), context.lost());
  }

  /** Whenever that happens: before the first look, after the last one, when a file is full. */
  @Test
  void filesThatAreTakenAwayAgainAndAgainLoseExactlyWhatIsReported() throws Exception {
    Path aside = Files.createDirectory(directory.resolve("aside"));
    Path dir = Files.createDirectory(directory.resolve("traces"));
    GivenContext context =
        new GivenContext(
            1, SIZE, Map.of("dir", dir.toString(), "max-size", "64 KiB", "max-files", "unlimited"));
    Giver giver = new Giver(context, SIZE);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger taken = new AtomicInteger();
    Thread taker =
        new Thread(
            () -> {
              while (!stop.get()) {
                try (Stream<Path> files = Files.list(dir)) {
                  files
                      .filter(file -> file.toString().endsWith(".open"))
                      .filter(file -> file.toFile().renameTo(aside.resolve("taken").toFile()))
                      .forEach(file -> taken.incrementAndGet());
                } catch (IOException | UncheckedIOException e) {
                  // the file was renamed before us
                }
              }
            });
    taker.start();
    int refused = 0;
    for (int page = 0; page < 2000 || taken.get() < 20; page++) {
      refused += giver.give() ? 0 : 1; // its file was taken away at once
    }
    stop.set(true);
    taker.join();
    giver.consumer.flush(); // looks; what is lost is reported in the next file
    assertTrue(giver.give());
    giver.consumer.close();
    List<Integer> numbers = Recorded.numbers(dir, 0);
    assertEquals(giver.pages.next(0), Recorded.checkAccount(numbers));
    long lost = context.lost() + (long) refused * TickPages.perPage(SIZE);
    assertEquals(lost, -numbers.stream().filter(n -> n < 0).mapToLong(n -> n).sum());
  }

  @Test
  void aFileThatIsReplacedIsLostAndTheOtherLeftAlone() throws Exception {
    GivenContext context = new GivenContext(1, SIZE, Map.of("dir", directory.toString()));
    Giver giver = new Giver(context, SIZE);
    assertTrue(giver.give());
    assertTrue(giver.give());
    Path name = Recorded.files(directory).getFirst();
    Path other = Files.writeString(directory.resolve("junk"), "junk");
    Files.move(other, name, StandardCopyOption.REPLACE_EXISTING);
    giver.consumer.flush();
    assertEquals(2 * TickPages.perPage(SIZE), context.lost());
    assertTrue(giver.give());
    giver.consumer.close();
    assertEquals("junk", Files.readString(name));
    Files.delete(name);
    List<Integer> numbers = Recorded.numbers(directory, 0);
    assertEquals(-2 * TickPages.perPage(SIZE), numbers.getFirst());
    assertEquals(giver.pages.next(0), Recorded.checkAccount(numbers));
  }

  /** Where the pages begin. */
  private static long firstPage(Path file) throws IOException {
    MemorySegment page = new TickPages(1, SIZE, ID).page(0).memory();
    MemorySegment all = MemorySegment.ofArray(Files.readAllBytes(file));
    for (long at = 0; at < all.byteSize(); at += SIZE) {
      if (all.asSlice(at, Math.min(SIZE, all.byteSize() - at)).mismatch(page) < 0) {
        return at;
      }
    }
    throw new AssertionError("the first page is not there");
  }

  /** Where, as pages of the first CPU and bytes of the next one; −1 is before all of them. */
  @ParameterizedTest
  @CsvSource({"-1, 0", "0, 0", "0, 100", "1, 0", "2, 2000", "2, 4072", "3, 0", "4, 50"})
  void aFileThatOthersCutLosesExactlyWhatIsTold(int whole, int more) throws Exception {
    for (boolean isNoticedLate : new boolean[] {false, true}) {
      Path dir = Files.createDirectory(directory.resolve("late-" + isNoticedLate));
      GivenContext context = new GivenContext(1, SIZE, Map.of("dir", dir.toString()));
      Giver giver = new Giver(context, SIZE);
      for (int i = 0; i < 5; i++) {
        assertTrue(giver.give());
      }
      Path name = Recorded.files(dir).getFirst();
      long at = firstPage(name);
      try (FileChannel channel = FileChannel.open(name, StandardOpenOption.WRITE)) {
        channel.truncate(whole < 0 ? 0 : at + (long) whole * SIZE + more);
      }
      if (isNoticedLate) {
        assertTrue(giver.give()); // behind the hole
      }
      giver.consumer.flush();
      String told = context.reports().getFirst();
      assertTrue(told.contains(" by others while it was open: " + context.lost()), told);
      assertTrue(giver.give());
      giver.consumer.close();
      if (whole < 0) {
        Files.delete(name); // nothing can be read in it
      }
      int events = 0;
      int lost = 0;
      for (int number : Recorded.numbers(dir, 0)) {
        events += number < 0 ? 0 : 1;
        lost += number < 0 ? -number : 0;
      }
      assertEquals(lost, context.lost());
      assertEquals(giver.pages.next(0), events + lost);
      assertTrue(events >= Math.max(0, whole - 1) * TickPages.perPage(SIZE), "too much is lost");
    }
  }

  @Test
  void anInterruptClosesAFileButNotTheConsumer() throws Exception {
    GivenContext context = new GivenContext(1, SIZE, Map.of("dir", directory.toString()));
    Giver giver = new Giver(context, SIZE);
    assertTrue(giver.give());
    Thread.currentThread().interrupt();
    assertTrue(!giver.give());
    assertTrue(Thread.interrupted());
    assertTrue(giver.give());
    giver.consumer.close();
    assertEquals(2, Recorded.files(directory).size());
    assertEquals(giver.pages.next(0), Recorded.checkAccount(Recorded.numbers(directory, 0)));
  }
}
