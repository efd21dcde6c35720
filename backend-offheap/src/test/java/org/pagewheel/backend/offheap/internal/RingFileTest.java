package org.pagewheel.backend.offheap.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.EventReader;
import org.pagewheel.event.EventType;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.ringfile.RingFileException;
import org.pagewheel.ringfile.RingFileWriter;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.OwnedReaders;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;
import org.pagewheel.spi.Wakeup;

/**
 * The file of a ring: how it is made, by whom it is read, and what is done with one left behind.
 */
class RingFileTest {
  record Tick(long number) {}

  @TempDir Path directory;

  private Ring open(Path file, String left) throws IOException {
    return open(file, Map.of("left", left));
  }

  private Ring open(Path file, Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("file", file.toString());
    BufferConfig config =
        BufferConfig.of("main", "offheap").withPages(4, 4096).withBackend("offheap", settings);
    return new OffHeapBackend().open(RingConfig.of(config));
  }

  @Test
  void itsOwnerAloneMayReadIt() throws IOException {
    Path file = directory.resolve("ring");
    try (Ring ring = open(file, "keep")) {
      assertTrue(ring.pages() > 0);
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }
  }

  @Test
  void itSaysHowCountsOfTheProcessorBecomeNanoseconds() throws IOException {
    Path file = directory.resolve("ring");
    BufferConfig config =
        BufferConfig.builder("main", "offheap")
            .clock(Clock.x86Tsc())
            .pages(4)
            .settings(Map.of("file", "" + file))
            .build();
    long begin = System.nanoTime();
    Instant now = Instant.now();
    long wall = now.getEpochSecond() * 1_000_000_000 + now.getNano();
    long count;
    try (Ring ring = new OffHeapBackend().open(RingConfig.of(config))) {
      ring.commit(ring.reserve(8));
      count = config.clock().now();
    }
    long end = System.nanoTime();
    try (RingFile read = RingFile.open(file)) {
      assertEquals("x86-tsc", read.clock());
      long time = read.scale().orElseThrow().nanos(count);
      assertTrue(begin <= time && time <= end, begin + " " + time + " " + end);
      assertEquals(wall - begin, read.wallOffset(), 1e9);
    }
    open(directory.resolve("other"), "keep").close();
    try (RingFile other = RingFile.open(directory.resolve("other"))) {
      assertEquals(Optional.empty(), other.scale());
    }
  }

  @Test
  void aRingThatIsThereIsPutAsideAndNeverOverwritten() throws IOException {
    Path file = directory.resolve("ring");
    open(file, "keep").close();
    open(file, "keep").close();
    byte[] begun = Arrays.copyOf(FileKind.UNFINISHED_RING.begin(), 10_000);
    Files.write(file, begun); // of a process that was killed before the ring was made
    RingFileException unfinished = assertThrows(RingFileException.class, () -> RingFile.open(file));
    assertTrue(unfinished.getMessage().contains("was never finished"), unfinished.getMessage());
    open(file, "keep").close();
    assertEquals(2, left().size());
    IOException refused = assertThrows(IOException.class, () -> open(file, "refuse"));
    assertTrue(refused.getMessage().contains("exists already"), refused.getMessage());
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(path -> !path.endsWith("ring")).sorted().toList();
    }
  }

  @Test
  void anythingElseThatIsThereIsRefusedAndStays() throws IOException {
    Path file = directory.resolve("ring");
    byte[] image = new byte[100_000]; // as a disk's begins with zeros
    image[1080] = 0x53;
    for (byte[] other : List.of("something else".getBytes(), image, new byte[5], new byte[0])) {
      Files.write(file, other);
      IOException refused = assertThrows(IOException.class, () -> open(file, "keep"));
      assertEquals(
          "file " + file + " is not a ring: name another file, or move that one away",
          refused.getMessage());
      assertArrayEquals(other, Files.readAllBytes(file));
      assertEquals(List.of(), left());
    }
  }

  /** Whatever has such a name: it may be a copy that somebody has put there. */
  @Test
  void nothingButRingsAndTheirTracesIsDeleted() throws IOException {
    Path file = directory.resolve("ring");
    Path zeros = directory.resolve("ring.20200101T000000.left");
    Path notes = directory.resolve("ring.20200101T000001.left.dat");
    Files.write(zeros, new byte[100_000]);
    Files.writeString(notes, "something else");
    Path ring = directory.resolve("ring.20200101T000001.left");
    Files.write(ring, FileKind.RING.begin());
    Files.setLastModifiedTime(ring, FileTime.fromMillis(0));
    for (int i = 0; i < 4; i++) {
      open(file, Map.of("keep", "1")).close();
    }
    assertFalse(Files.exists(ring));
    assertTrue(left().containsAll(List.of(zeros, notes)), left()::toString);
    assertEquals(3, left().size(), left()::toString);
  }

  /** A process may be killed before its file has its name; the next one may want another name. */
  @Test
  void whatIsNotYetARingOfADeadProcessIsSwept() throws IOException {
    Path file = directory.resolve("ring");
    byte[] begun = FileKind.UNFINISHED_RING.begin();
    Files.write(directory.resolve(".ring.00000001.tmp"), begun);
    Files.createFile(directory.resolve(".ring.00000002.tmp"));
    Files.write(directory.resolve(".renamed.00000003.tmp"), begun);
    Path others = Files.createFile(directory.resolve(".trace.dat.00000004.tmp"));
    Path text = Files.writeString(directory.resolve(".ring.00000005.tmp"), "something else");
    for (Path each : left()) {
      Files.setLastModifiedTime(each, FileTime.fromMillis(0));
    }
    Path young = Files.write(directory.resolve(".ring.00000006.tmp"), begun);
    try (Ring living = open(directory.resolve("ring.of.this.process"), "keep")) {
      Path linked = directory.resolve(".ring.00000007.tmp"); // killed between its two names
      Files.createLink(linked, directory.resolve("ring.of.this.process"));
      Files.setLastModifiedTime(linked, FileTime.fromMillis(0));
      open(file, "keep").close();
      assertTrue(living.pages() > 0);
      assertEquals(
          List.of(text, young, linked, others, directory.resolve("ring.of.this.process")), left());
    }
  }

  @Test
  void ofWhatWasPutAsideTheNewestStay() throws IOException {
    Path file = directory.resolve("ring");
    Path other = Files.createFile(directory.resolve("ring.20200101T000000.left.txt"));
    for (int i = 0; i < 20; i++) {
      open(file, Map.of("keep", "3")).close();
    }
    List<Path> left = left();
    assertEquals(4, left.size(), left::toString);
    assertTrue(left.contains(other));
    Path newest = left.stream().filter(path -> !path.equals(other)).max(BY_TIME).orElseThrow();
    Path trace = newest.resolveSibling(newest.getFileName() + ".dat");
    Files.write(trace, FileKind.TRACE.begin());
    open(file, Map.of("keep-size", "1 KiB")).close();
    left = left();
    assertEquals(2, left.size(), left::toString);
    assertFalse(Files.exists(newest), "it is not the newest any more");
    assertFalse(Files.exists(trace), "it goes with its ring");
  }

  private static final Comparator<Path> BY_TIME =
      Comparator.comparing(
          path -> {
            try {
              return Files.getLastModifiedTime(path);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });

  @Test
  void ringsThatAreReplacedDoNotFillTheDisk() throws IOException {
    Path file = directory.resolve("ring");
    BufferConfig buffer =
        BufferConfig.of("main", "offheap")
            .withPages(4, 4096)
            .withBackend("offheap", Map.of("file", file.toString(), "keep", "2"));
    RingConfig config = RingConfig.of(buffer);
    Ring ring = new OffHeapBackend().open(config);
    for (int i = 0; i < 20; i++) {
      Ring next = new OffHeapBackend().open(config);
      ring.close();
      ring = next;
    }
    ring.close();
    assertEquals(2, left().size(), "also while one of them is open");
  }

  @Test
  @Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
  void aPipeIsRefusedAtOnce() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    RingFileException e = assertThrows(RingFileException.class, () -> RingFile.open(pipe));
    assertEquals("file " + pipe + " is not a regular file", e.getMessage());
    e = assertThrows(RingFileException.class, () -> RingFile.open(directory));
    assertEquals("file " + directory + " is not a regular file", e.getMessage());
  }

  @Test
  void aSecondWriterIsRefused() throws IOException {
    Path file = directory.resolve("ring");
    Ring ring = open(file, "keep");
    IOException second = assertThrows(IOException.class, () -> open(file, "keep"));
    assertTrue(second.getMessage().contains("being written by a living process"));
    assertTrue(RingFileWriter.isBeingWritten(file));
    RingFileException own = assertThrows(RingFileException.class, () -> RingFile.open(file));
    assertTrue(own.getMessage().contains("by this process"), own.getMessage());
    ring.close();
    assertFalse(RingFileWriter.isBeingWritten(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"keep", "recover", "refuse"})
  void theRingThatIsReplacedGoesOnUnderAnotherName(String left) throws IOException {
    Path file = directory.resolve("ring");
    BufferConfig buffer =
        BufferConfig.of("main", "offheap")
            .withPages(4, 4096)
            .withBackend("offheap", Map.of("file", file.toString(), "left", left));
    RingConfig config = RingConfig.of(buffer);
    try (Ring old = new OffHeapBackend().open(config)) {
      RingConfig larger = new RingConfig(buffer.withPages(8, 4096), config.wakeup(), f -> {});
      try (Ring young = new OffHeapBackend().open(larger)) {
        assertEquals(8, young.pages());
        old.commit(old.reserve(8));
        young.commit(young.reserve(8));
        assertEquals(1, written(old));
        assertEquals(1, written(young));
        assertTrue(RingFileWriter.isBeingWritten(file));
      }
    }
    assertEquals(8, pages(file));
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> others = files.filter(each -> !each.equals(file)).toList();
      assertEquals(1, others.size(), others::toString);
      assertEquals(4, pages(others.getFirst()));
    }
  }

  private static long written(Ring ring) {
    return IntStream.range(0, ring.cpus()).mapToLong(cpu -> ring.counters(cpu).written()).sum();
  }

  private static int pages(Path file) throws IOException {
    try (RingFile ring = RingFile.open(file)) {
      return ring.follow().pages();
    }
  }

  @Test
  void aRingThatCannotBeReplacedKeepsItsFile() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=4m", "none", disk.toString());
    try {
      Path file = disk.resolve("ring");
      BufferConfig buffer =
          BufferConfig.of("main", "offheap")
              .withPages(4, 4096)
              .withBackend("offheap", Map.of("file", file.toString()));
      RingConfig config = RingConfig.of(buffer);
      try (Ring ring = new OffHeapBackend().open(config)) {
        RingConfig large = new RingConfig(buffer.withPages(4096, 4096), config.wakeup(), f -> {});
        IOException full = assertThrows(IOException.class, () -> new OffHeapBackend().open(large));
        assertTrue(full.getMessage().contains("the disk has room for"), full.getMessage());
        assertTrue(RingFileWriter.isBeingWritten(file));
        ring.commit(ring.reserve(8));
      }
      assertEquals(4, pages(file));
      try (Stream<Path> files = Files.list(disk)) {
        assertEquals(List.of(file), files.toList());
      }
    } finally {
      run("umount", disk.toString());
    }
  }

  @Test
  void directoriesAreChecked() throws IOException {
    IOException none =
        assertThrows(IOException.class, () -> open(directory.resolve("no/ring"), "keep"));
    assertTrue(none.getMessage().contains("there is no directory"), none.getMessage());
    Path open = Files.createDirectory(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    IOException any = assertThrows(IOException.class, () -> open(open.resolve("ring"), "keep"));
    assertTrue(any.getMessage().contains("anybody may replace files"), any.getMessage());
    Path theirs = Files.createDirectory(directory.resolve("theirs"));
    var users = theirs.getFileSystem().getUserPrincipalLookupService();
    Files.setOwner(theirs, users.lookupPrincipalByName("nobody"));
    IOException other = assertThrows(IOException.class, () -> open(theirs.resolve("ring"), "keep"));
    assertTrue(other.getMessage().contains(theirs + " belongs to user nobody"), other.getMessage());
    Path file = Files.createFile(directory.resolve("foreign"));
    Files.setOwner(file, users.lookupPrincipalByName("nobody"));
    IOException foreign = assertThrows(IOException.class, () -> open(file, "keep"));
    assertEquals(
        "file " + file + " belongs to user nobody: name another file", foreign.getMessage());
    IOException taken = assertThrows(IOException.class, () -> open(directory, "keep"));
    assertTrue(taken.getMessage().contains("not a regular file"), taken.getMessage());
  }

  @Test
  void aFullDiskIsFoundWhenTheFileIsMade() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=64k", "none", disk.toString());
    try {
      IOException full = assertThrows(IOException.class, () -> open(disk.resolve("ring"), "keep"));
      assertTrue(full.getMessage().contains("the disk has room for"), full.getMessage());
      assertFalse(Files.exists(disk.resolve("ring")));
    } finally {
      run("umount", disk.toString());
    }
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  @Test
  void whatBecomesKnownLaterStandsInTheFile() throws IOException {
    Path file = directory.resolve("ring");
    Ring ring = open(file, "keep");
    EventType<Tick> type = EventType.of("ringfile", Tick.class);
    ring.close();
    try (RingFile read = RingFile.open(file)) {
      assertTrue(read.metadata().formats().contains(type.format()));
      assertEquals("main", read.bufferName());
      assertEquals("mono", read.clock());
      assertEquals(ProcessHandle.current().pid(), read.pid());
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void anotherProcessesRingIsFollowedOverAReadOnlyMount() throws Exception {
    Path real = Files.createDirectory(directory.resolve("real"));
    Path readOnly = Files.createDirectory(directory.resolve("readonly"));
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                real.resolve("ring").toString(),
                directory.resolve("progress").toString(),
                "OVERWRITE",
                "1")
            .redirectErrorStream(true)
            .start();
    try {
      assertEquals("ready", child.inputReader().readLine());
      run("mount", "--bind", real.toString(), readOnly.toString());
      run("mount", "-o", "remount,ro,bind", readOnly.toString());
      follow(child, readOnly.resolve("ring"));
    } finally {
      child.destroyForcibly();
      run("umount", readOnly.toString());
    }
  }

  /** Sees new events for a while, all whole and in order, then that the writer has died. */
  private static void follow(Process child, Path path) throws Exception {
    try (RingFile file = RingFile.open(path);
        EventReader events = new OwnedReaders(file.follow(), new Wakeup()).view().iterate()) {
      assertTrue(file.isBeingWritten());
      long last = -1;
      int seen = 0;
      long end = System.nanoTime() + 1_000_000_000L;
      while (System.nanoTime() < end || seen < 1000) {
        while (events.next()) {
          StepEvent event = StepEvent.readWhole(events.payload());
          assertTrue(event.number() > last, event + " after " + last);
          assertTrue(events.missed() != 0 || last < 0 || event.number() == last + 1);
          last = event.number();
          seen++;
        }
      }
      child.destroyForcibly().waitFor();
      assertFalse(file.isBeingWritten());
      assertFalse(file.isClosed());
    }
  }
}
