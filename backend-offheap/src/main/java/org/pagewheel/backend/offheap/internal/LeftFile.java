package org.pagewheel.backend.offheap.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.pagewheel.ringfile.LeftLimit;
import org.pagewheel.ringfile.RingFileWriter;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.Log;
import org.pagewheel.spi.OwnDirectory;
import org.pagewheel.spi.OwnFiles;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.RingConfig;

/** A file that already exists where a new ring is to be made: it is never overwritten. */
final class LeftFile {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private final Path path;

  /** Its new name, or null if there was none. */
  private final Path aside;

  private final boolean recover;

  private LeftFile(Path path, Path aside, boolean recover) {
    this.path = path;
    this.aside = aside;
    this.recover = recover;
  }

  /**
   * Checks the directory, and puts an existing file aside: one that a dead process left, or that of
   * the ring which is being replaced. That ring goes on in its file under the new name.
   *
   * @param left keep, recover or refuse
   * @param config of the ring to be made
   * @throws IOException if nothing can be made there, or a living process writes the file
   */
  static LeftFile putAside(Path path, String left, RingConfig config) throws IOException {
    Path directory = path.getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw new IOException("file " + path + ": there is no directory " + directory);
    }
    if (!Files.isWritable(directory)) {
      throw new IOException("file " + path + ": directory " + directory + " cannot be written");
    }
    try {
      OwnDirectory.check(directory);
    } catch (IOException e) {
      throw new IOException("file " + path + ": " + e.getMessage(), e);
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return new LeftFile(path, null, false);
    }
    if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("file " + path + " is not a regular file");
    }
    if (!OwnDirectory.isOwn(path)) {
      throw new IOException(
          "file %s belongs to user %s: name another file"
              .formatted(path, Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName()));
    }
    boolean replaced = RingFileWriter.isOfSameBuffer(path, config);
    if (!replaced) {
      checkIsRing(path);
      checkNobodyWrites(path);
      if (left.equals("refuse")) {
        throw new IOException(
            "file " + path + " exists already: recover it and move it away, or set left = keep");
      }
    }
    Path aside = nameFor(path);
    Files.move(path, aside);
    return new LeftFile(path, aside, left.equals("recover") && !replaced);
  }

  /** To be called once the new ring exists: the files put aside earlier may be too many now. */
  void finish(LeftLimit limit) {
    if (recover) {
      LeftQueue.offer(aside);
    }
    try {
      LeftOver.forget(path, limit);
    } catch (IOException | DirectoryIteratorException e) {
      Log.warning("files left of older rings beside " + path + " stay: " + Reason.of(e));
    }
  }

  /** To be called if there is no new ring: restores what was there. */
  void putBack() throws IOException {
    if (aside != null) {
      Files.move(aside, path);
    }
  }

  private static void checkIsRing(Path path) throws IOException {
    try {
      if (OwnFiles.contains(path) || FileKind.of(path).isRing()) {
        return;
      }
    } catch (AccessDeniedException e) {
      // no ring of ours looks like this
    }
    throw new IOException(
        "file " + path + " is not a ring: name another file, or move that one away");
  }

  private static void checkNobodyWrites(Path path) throws IOException {
    if (RingFileWriter.isBeingWritten(path)) {
      throw new IOException(
          "file " + path + " is being written by a living process: stop it, or name another file");
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
