package org.pagewheel.backend.offheap.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.pagewheel.ringfile.RingFileWriter;

/** The file that is there already where a new ring is to lie: never overwritten. */
final class LeftFile {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private LeftFile() {}

  /**
   * Checks the directory, and puts a file that is there aside.
   *
   * @param left keep, recover or refuse
   * @throws IOException if nothing can be made there, or a living process writes the file
   */
  static void makeWay(Path path, String left) throws IOException {
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException("file " + path + ": there is no directory " + directory);
    }
    if (!Files.isWritable(directory)) {
      throw new IOException("file " + path + ": directory " + directory + " cannot be written");
    }
    if (isOpenToAll(directory)) {
      throw new IOException(
          ("file %s: anybody may replace files in directory %s;"
                  + " take one that only its owner can write (chmod o-w), or set its sticky bit")
              .formatted(path, directory));
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("file " + path + " is no regular file");
    }
    checkNobodyWrites(path);
    if (left.equals("refuse")) {
      throw new IOException(
          "file " + path + " is there already: recover it and take it away, or set left = keep");
    }
    Path aside = nameFor(path);
    Files.move(path, aside);
    if (left.equals("recover")) {
      LeftQueue.offer(aside);
    }
  }

  /** Writable by all and without the sticky bit, which the JDK knows as part of unix:mode. */
  private static boolean isOpenToAll(Path directory) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
    int sticky = (int) Files.getAttribute(directory, "unix:mode") & 01000;
    return permissions.contains(PosixFilePermission.OTHERS_WRITE) && sticky == 0;
  }

  private static void checkNobodyWrites(Path path) throws IOException {
    if (RingFileWriter.isBeingWritten(path)) {
      throw new IOException(
          "file " + path + " is being written by a living process: stop it, or take another file");
    }
  }

  private static Path nameFor(Path path) throws IOException {
    Instant written = Files.getLastModifiedTime(path).toInstant();
    String name = path.getFileName() + "." + TIME.format(written);
    Path free = path.resolveSibling(name + ".left");
    for (int i = 2; Files.exists(free, LinkOption.NOFOLLOW_LINKS); i++) {
      free = path.resolveSibling(name + "-" + i + ".left");
    }
    return free;
  }
}
