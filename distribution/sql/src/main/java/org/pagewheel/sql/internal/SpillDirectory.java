package org.pagewheel.sql.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.pagewheel.spi.OwnDirectory;
import org.pagewheel.spi.PrivateFiles;

/**
 * A directory for what does not fit into memory, in the user's own cache; gone when it is closed.
 * That of a process that was killed goes with the next one: a lock on a file inside distinguishes
 * the dead from the living. The file gets its name when it is locked, so that nobody finds it free
 * before.
 */
final class SpillDirectory implements AutoCloseable {
  private static final String PREFIX = "sql-";
  private static final String LOCK = "lock";
  private static final String UNLOCKED = "unlocked";

  private final Path path;
  private final FileChannel lock;

  private SpillDirectory(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static SpillDirectory make(Map<String, String> environment) throws IOException {
    Path parent = parent(environment);
    OwnDirectory.make(parent);
    sweep(parent);
    String tag = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path path = parent.resolve(PREFIX + tag);
    OwnDirectory.make(path);
    FileChannel lock =
        PrivateFiles.create(
            path.resolve(UNLOCKED),
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    SpillDirectory made = new SpillDirectory(path, lock);
    try {
      lock.lock();
      Files.move(path.resolve(UNLOCKED), path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      made.close();
      throw e;
    }
    return made;
  }

  private static Path parent(Map<String, String> environment) throws IOException {
    String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
    String home = environment.getOrDefault("HOME", "");
    if (!cache.startsWith("/") && !home.startsWith("/")) {
      throw new IOException("neither XDG_CACHE_HOME nor HOME names a directory of this user's");
    }
    Path base = cache.startsWith("/") ? Path.of(cache) : Path.of(home, ".cache");
    return base.normalize().resolve("pagewheel");
  }

  /** Nobody else can put anything into the parent, so paths below it are safe. */
  private static void sweep(Path parent) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path each : all) {
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
            && OwnDirectory.isOwn(each)
            && isDead(each.resolve(LOCK))) {
          delete(each);
        }
      }
    }
  }

  private static boolean isDead(Path lock) {
    if (!Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
      return false; // it is being made
    }
    try (FileChannel channel =
            FileChannel.open(lock, Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false; // gone meanwhile, or this process's own
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : files) {
      Files.deleteIfExists(each);
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      delete(path);
    }
  }
}
