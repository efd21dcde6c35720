package org.pagewheel.runtime.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Directories that are made for files of ours. */
final class OwnDirectory {
  private OwnDirectory() {}

  /**
   * Makes a directory and what is missing above it, for this user alone whatever the umask; one
   * that is there stays as it is.
   *
   * @throws IOException if there is something else of that name
   */
  static void make(Path directory) throws IOException {
    boolean hasModes = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] attributes =
        hasModes
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createDirectories(directory, attributes);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getFile() + " is not a directory", e);
    }
  }
}
