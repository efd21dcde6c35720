package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
    Path left = Files.createDirectory(parent.resolve("pagewheel-42"));
    Files.createFile(left.resolve("lock"));
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
}
