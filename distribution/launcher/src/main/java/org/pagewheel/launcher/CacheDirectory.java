package org.pagewheel.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/**
 * The framework's storage: a directory of this process alone, gone when the process is.
 *
 * <p>Two frameworks must not share one. A process that was killed leaves its directory behind; the
 * next start removes it. A lock held on a file inside, not a process id, tells the dead from the
 * living: ids mean nothing between containers that share a directory for temporary files.
 */
final class CacheDirectory implements AutoCloseable {
  private static final String PREFIX = "pagewheel-";
  private static final String LOCK = "lock";

  private final Path path;
  private final FileChannel lock;

  private CacheDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static CacheDirectory create() throws IOException {
    return create(Path.of(System.getProperty("java.io.tmpdir")));
  }

  static CacheDirectory create(Path parent) throws IOException {
    sweep(parent);
    Path path = Files.createTempDirectory(parent, PREFIX);
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel.lock();
    return new CacheDirectory(path, channel);
  }

  Path path() {
    return path;
  }

  /** Removes the directory. Thread-safe, and harmless when repeated. */
  @Override
  public void close() {
    remove(path);
    closeQuietly(lock);
  }

  /**
   * Removes what dead processes left. A directory without a lock file is left alone: it may be the
   * one that another process is just making, or somebody else's.
   */
  private static void sweep(Path parent) {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path directory : left) {
        if (isDead(directory)) {
          remove(directory);
        }
      }
    } catch (IOException e) {
      // What cannot be listed is not ours to clean.
    }
  }

  private static boolean isDead(Path directory) {
    Path file = directory.resolve(LOCK);
    if (!Files.isWritable(file) || Files.isSymbolicLink(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        var free = channel.tryLock()) {
      return free != null && Files.getOwner(directory).equals(Files.getOwner(file));
    } catch (IOException | java.nio.channels.OverlappingFileLockException e) {
      return false;
    }
  }

  private static void remove(Path directory) {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      // A later start sweeps again.
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Only its lock mattered, and that goes with the process at the latest.
    }
  }
}
