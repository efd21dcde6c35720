package org.pagewheel.spi;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files and directories that only their owner can use, whatever the umask: mode 0600 and
 * 0700. They are created with that mode, so nobody else can open them even for a moment; rights of
 * the owner that a umask removes are restored afterwards.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFiles() {}

  /**
   * Makes a file.
   *
   * @param file its name, which no file may have yet
   * @param options {@code CREATE_NEW} and any others
   * @return the open file
   * @throws IOException if it cannot be made; then nothing is left
   */
  public static FileChannel create(Path file, Set<? extends OpenOption> options)
      throws IOException {
    if (!options.contains(StandardOpenOption.CREATE_NEW)) {
      throw new IllegalArgumentException("an existing file has its own mode: " + options);
    }
    FileChannel channel = FileChannel.open(file, options, attributes(file, FILE));
    if (options.contains(StandardOpenOption.DELETE_ON_CLOSE)) {
      return channel; // without a name nobody can open it
    }
    try {
      permit(file, FILE);
      return channel;
    } catch (IOException | RuntimeException e) {
      try (channel) {
        Files.deleteIfExists(file);
      }
      throw e;
    }
  }

  /** Makes a directory that does not exist. */
  static void createDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, attributes(directory, DIRECTORY));
    permit(directory, DIRECTORY);
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> mode) {
    return isPosix(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
        : new FileAttribute<?>[0];
  }

  /**
   * Restores the owner's rights that the umask removed; never through a link put in its place
   * meanwhile.
   */
  private static void permit(Path path, Set<PosixFilePermission> mode) throws IOException {
    if (!isPosix(path)) {
      return;
    }
    var view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view.readAttributes().permissions().containsAll(mode)) {
      return;
    }
    try {
      view.setPermissions(mode);
    } catch (AccessDeniedException e) {
      throw new FileSystemException(
          path.toString(), null, "the umask denies it to its own owner: use umask 077");
    }
  }
}
