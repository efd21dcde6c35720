package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the writer of a file leaves when it is killed, and what then becomes of it. */
class LeftTemporaryTest {
  @TempDir Path directory;

  private Path made(String name, Duration age) throws Exception {
    Path file = Files.writeString(directory.resolve(name), "half");
    return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  private List<String> names() throws Exception {
    try (Stream<Path> all = Files.list(directory)) {
      return List.copyOf(new TreeSet<>(all.map(each -> each.getFileName().toString()).toList()));
    }
  }

  private void write(String name) throws Exception {
    try (NewFile file = new NewFile(directory.resolve(name))) {
      file.finish();
    }
  }

  @Test
  void theNextWriterOfTheFileDeletesIt() throws Exception {
    made(".x.dat.0123abcd.tmp", Duration.ofHours(1));
    write("other.dat");
    assertEquals(List.of(".x.dat.0123abcd.tmp", "other.dat"), names());
    write("x.dat");
    assertEquals(List.of("other.dat", "x.dat"), names());
  }

  @Test
  void whatIsYoungOrLockedOrOfAnotherNameStays() throws Exception {
    Path other = made(".x.dat.123.tmp", Duration.ofHours(1));
    Path young = made(".x.dat.0123abcd.tmp", Duration.ZERO);
    Path locked = made(".x.dat.0123abce.tmp", Duration.ofHours(1));
    Path link =
        Files.createSymbolicLink(directory.resolve(".x.dat.0123abcf.tmp"), other.getFileName());
    try (FileChannel channel = FileChannel.open(locked, StandardOpenOption.WRITE)) {
      channel.lock();
      write("x.dat");
    }
    List<String> expected =
        Stream.of(other, young, locked, link, directory.resolve("x.dat"))
            .map(each -> each.getFileName().toString())
            .sorted()
            .toList();
    assertEquals(expected, names());
  }
}
