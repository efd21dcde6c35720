package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories that appear when they are complete, and what becomes of those that never were. */
class NewDirectoryTest {
  @TempDir Path directory;

  private List<String> names(Path in) throws Exception {
    try (Stream<Path> all = Files.list(in)) {
      return List.copyOf(new TreeSet<>(all.map(each -> each.getFileName().toString()).toList()));
    }
  }

  private Path left(String name, Duration age) throws Exception {
    Path made = Files.createDirectory(directory.resolve(name));
    Files.writeString(made.resolve("metadata"), "half");
    Path lock = Files.createFile(made.resolve(".lock"));
    Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(age)));
    return made;
  }

  @Test
  void aFinishedOneHasItsFilesAlone() throws Exception {
    Path target = directory.resolve("trace");
    try (NewDirectory made = new NewDirectory(target)) {
      Files.writeString(made.file("metadata"), "text");
      made.finish();
    }
    assertEquals(List.of("trace"), names(directory));
    assertEquals(List.of("metadata"), names(target));
  }

  @Test
  void oneThatIsGivenUpLeavesNothing() throws Exception {
    try (NewDirectory made = new NewDirectory(directory.resolve("trace"))) {
      made.file("metadata");
    }
    assertEquals(List.of(), names(directory));
  }

  @Test
  void whatAKilledWriterLeavesIsDeletedByTheNextOne() throws Exception {
    left(".trace.123", Duration.ofHours(1));
    left(".other.123", Duration.ofHours(1));
    left(".trace.124", Duration.ZERO);
    Path linked = left("linked", Duration.ofHours(1));
    Files.createSymbolicLink(directory.resolve(".trace.125"), linked);
    try (NewDirectory made = new NewDirectory(directory.resolve("trace"))) {
      made.finish();
    }
    assertEquals(
        List.of(".other.123", ".trace.124", ".trace.125", "linked", "trace"), names(directory));
    assertEquals(List.of(".lock", "metadata"), names(linked));
  }
}
