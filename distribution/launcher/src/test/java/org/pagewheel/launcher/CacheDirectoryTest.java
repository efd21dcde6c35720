package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheDirectoryTest {
  @TempDir Path parent;

  @Test
  void isGoneWithAllItsFilesWhenClosed() throws IOException {
    Path path;
    try (var cache = CacheDirectory.create(parent)) {
      path = cache.path();
      Files.createDirectories(path.resolve("a/b"));
      Files.writeString(path.resolve("a/b/file"), "x");
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void isForThisUserAlone() throws IOException {
    try (var cache = CacheDirectory.create(parent)) {
      var permissions = Files.getPosixFilePermissions(cache.path());
      assertEquals("rwx------", PosixFilePermissions.toString(permissions));
    }
  }

  @Test
  void theLivingDoNotSweepEachOther() throws IOException {
    try (var first = CacheDirectory.create(parent);
        var second = CacheDirectory.create(parent)) {
      assertNotEquals(first.path(), second.path());
      assertTrue(Files.isDirectory(first.path()));
    }
  }

  @Test
  void whatADeadProcessLeftIsSwept() throws IOException {
    Path left = left("pagewheel-42");
    Files.createDirectories(left.resolve("bundles/bundle1"));
    try (var cache = CacheDirectory.create(parent)) {
      assertTrue(Files.isDirectory(cache.path()));
      assertFalse(Files.exists(left));
    }
  }

  @Test
  void aDirectoryWithoutALockIsSomebodyElses() throws IOException {
    Path other = Files.createDirectory(parent.resolve("pagewheel-notes"));
    CacheDirectory.create(parent).close();
    assertTrue(Files.isDirectory(other));
  }

  /** As a process that was killed leaves it. */
  private Path left(String name) throws IOException {
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Path left = Files.createDirectory(parent.resolve(name), owner);
    Files.createFile(left.resolve("lock"));
    return left;
  }

  private static void assertStays(Path parent, Path file) throws IOException {
    CacheDirectory.create(parent).close();
    assertTrue(Files.exists(file, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void whatAnotherUserHasLaidOutIsLeftAlone() throws IOException {
    Path left = left("pagewheel-42");
    Foreign.give(left);
    Foreign.give(left.resolve("lock"));
    assertStays(parent, left.resolve("lock"));
  }

  @Test
  void whatAnotherUserCouldWriteIsLeftAlone() throws IOException {
    Path left = left("pagewheel-42");
    Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertStays(parent, left.resolve("lock"));
  }

  @Test
  void nothingIsSweptThroughALink() throws IOException {
    Path target = left("elsewhere");
    Path link = Files.createSymbolicLink(parent.resolve("pagewheel-42"), target);
    assertStays(parent, link);
    assertStays(parent, target.resolve("lock"));
  }

  @Test
  void aLinkInWhatIsSweptIsNotFollowed() throws IOException {
    Path kept = Files.createFile(Files.createDirectory(parent.resolve("kept")).resolve("file"));
    Path left = left("pagewheel-42");
    Files.createSymbolicLink(left.resolve("link"), kept.getParent());
    assertStays(parent, kept);
    assertFalse(Files.exists(left));
  }

  @Test
  void aPipeForALockHoldsUpNobody() throws Exception {
    Path left = left("pagewheel-42");
    Files.delete(left.resolve("lock"));
    Foreign.run("mkfifo", left.resolve("lock").toString());
    Thread start =
        Thread.ofPlatform()
            .daemon()
            .start(() -> assertDoesNotThrow(() -> assertStays(parent, left.resolve("lock"))));
    assertTrue(start.join(Duration.ofMinutes(1)), "it waits for somebody to read the pipe");
  }

  @Test
  void whatHasTakenItsNameIsNotRemoved() throws IOException {
    var cache = CacheDirectory.create(parent);
    Files.move(cache.path(), parent.resolve("moved"));
    Path file = Files.createFile(Files.createDirectory(cache.path()).resolve("file"));
    cache.close();
    assertTrue(Files.exists(file));
  }
}
