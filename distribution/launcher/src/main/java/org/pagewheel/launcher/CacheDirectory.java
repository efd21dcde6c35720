package org.pagewheel.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The framework's storage: a directory of this process alone, gone when the process is.
 *
 * <p>Two frameworks must not share one. A process that was killed leaves its directory; the next
 * start removes it. A lock held on a file inside, not a process id, distinguishes the dead from the
 * living: ids mean nothing between containers that share a directory for temporary files.
 *
 * <p>How it works: other users may write into the directory for temporary files, so a name there
 * does not prove that a directory is ours. A directory is swept only if it belongs to this user and
 * nobody else can enter it, and exactly the directory that was checked is emptied: it is opened
 * once, without following a link, and everything below it is reached from that open directory,
 * never by path again. The lock file gets its name only when it is locked: a sweeper never sees a
 * free lock that is about to be taken.
 */
final class CacheDirectory implements AutoCloseable {
  private static final String PREFIX = "pagewheel-";
  private static final Path LOCK = Path.of("lock");
  private static final Path UNLOCKED = Path.of("unlocked");
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  private final Path path;
  private final FileChannel lock;

  /** The file key of the name when it was made; null if files have no keys. */
  private final Object key;

  private CacheDirectory(Path path, FileChannel lock, Object key) {
    this.path = path;
    this.lock = lock;
    this.key = key;
  }

  /**
   * Makes one below the first of these directories that only this user and root can tamper with:
   * the configured one for temporary files, that of this user's session, this user's cache.
   */
  static CacheDirectory create() throws IOException {
    return create(TrustedPath.firstOf(TrustedPath.forTemporaryFiles()));
  }

  static CacheDirectory create(Path parent) throws IOException {
    Path path = Files.createTempDirectory(parent, PREFIX);
    try {
      return lock(path);
    } catch (IOException | RuntimeException e) { // the disk is full, for example
      Files.deleteIfExists(path.resolve(UNLOCKED));
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static CacheDirectory lock(Path path) throws IOException {
    var view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (!view.readAttributes().permissions().equals(PRIVATE)) {
      view.setPermissions(PRIVATE); // the umask has denied it to its own owner
    }
    FileChannel channel =
        FileChannel.open(
            path.resolve(UNLOCKED), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      channel.lock();
      Files.move(path.resolve(UNLOCKED), path.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    Object key =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    var made = new CacheDirectory(path, channel, key);
    made.sweep();
    return made;
  }

  Path path() {
    return path;
  }

  /** Removes the directory. Thread-safe, and harmless when repeated. */
  @Override
  public void close() {
    try (DirectoryStream<Path> parent = Files.newDirectoryStream(path.getParent())) {
      if (parent instanceof SecureDirectoryStream<Path> secure) {
        removeOwn(secure);
      }
    } catch (IOException e) {
      // A later start sweeps again.
    }
    try {
      lock.close();
    } catch (IOException e) {
      // Only its lock mattered, and that goes with the process at the latest.
    }
  }

  private void removeOwn(SecureDirectoryStream<Path> parent) throws IOException {
    Path name = path.getFileName();
    try (var directory = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      if (!attributes(directory).fileKey().equals(key)) {
        return;
      }
      empty(directory);
    }
    parent.deleteDirectory(name);
  }

  /**
   * Removes what dead processes left. A directory without a lock file is left alone: another
   * process may be making it, or it is not ours.
   */
  private void sweep() {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path.getParent())) {
      if (all instanceof SecureDirectoryStream<Path> parent) {
        List<Path> names = namesOf(parent);
        for (Path name : names) {
          if (name.toString().startsWith(PREFIX) && !name.equals(path.getFileName())) {
            sweep(parent, name);
          }
        }
      }
    } catch (IOException e) {
      // Directories that cannot be listed are not ours to clean.
    }
  }

  private void sweep(SecureDirectoryStream<Path> parent, Path name) {
    try {
      try (var directory = parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        if (!isOwn(directory) || !isDead(directory)) {
          return;
        }
        empty(directory);
      }
      parent.deleteDirectory(name);
    } catch (IOException e) {
      // No directory, or not ours to enter; or a later start sweeps again.
    }
  }

  private boolean isOwn(SecureDirectoryStream<Path> directory) throws IOException {
    PosixFileAttributes attributes = attributes(directory);
    return attributes.owner().equals(Files.getOwner(path, LinkOption.NOFOLLOW_LINKS))
        && attributes.permissions().equals(PRIVATE);
  }

  private static PosixFileAttributes attributes(SecureDirectoryStream<Path> directory)
      throws IOException {
    return directory.getFileAttributeView(PosixFileAttributeView.class).readAttributes();
  }

  private static boolean isDead(SecureDirectoryStream<Path> directory) throws IOException {
    if (!attributes(directory, LOCK).isRegularFile()) {
      return false; // opening a pipe would wait for a reader
    }
    Set<OpenOption> options = Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try (var channel = directory.newByteChannel(LOCK, options);
        var free = ((FileChannel) channel).tryLock()) {
      return free != null;
    } catch (OverlappingFileLockException e) {
      return false; // this process's own
    }
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    return directory
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /** Deletes the content of an open directory. */
  private static void empty(SecureDirectoryStream<Path> directory) throws IOException {
    for (Path name : namesOf(directory)) {
      if (attributes(directory, name).isDirectory()) {
        try (var below = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          empty(below);
        }
        directory.deleteDirectory(name);
      } else {
        directory.deleteFile(name);
      }
    }
  }

  /** A stream can be read once, so all at once. */
  private static List<Path> namesOf(SecureDirectoryStream<Path> directory) throws IOException {
    try {
      List<Path> names = new ArrayList<>();
      directory.forEach(entry -> names.add(entry.getFileName()));
      return names;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
