package org.pagewheel.tracedat;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.pagewheel.spi.OwnFiles;

/**
 * A file that appears under its name when it is whole, and not at all if it does not become so.
 * Only its owner can read and write it.
 */
final class NewFile implements Closeable {
  private static final int ATTEMPTS = 10;
  private static final String RING = "PAGEWHL\n";

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private boolean done;

  /** Begins a file; one that is there already stays as it is until {@link #finish}. */
  NewFile(Path target) throws IOException {
    this.target = checkTarget(target);
    Path found = null;
    FileChannel opened = null;
    for (int i = 0; opened == null; i++) {
      found = beside(target);
      try {
        opened = open(found, EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
      } catch (FileAlreadyExistsException e) {
        if (i == ATTEMPTS) {
          throw e;
        }
      } catch (FileSystemException e) {
        throw ofTarget(target, e);
      }
    }
    this.temporary = found;
    this.channel = opened;
    LiveTraceFile.lock(opened); // so that it can be told from one whose writer was killed
  }

  /** A file without a name in the same file system; gone as soon as it is closed. */
  static FileChannel nameless(Path target) throws IOException {
    try {
      return open(
          beside(checkTarget(target)),
          EnumSet.of(
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.DELETE_ON_CLOSE));
    } catch (FileSystemException e) {
      throw ofTarget(target, e);
    }
  }

  /** The error of a file beside the target, which nobody knows, as one of the target. */
  private static FileSystemException ofTarget(Path target, FileSystemException e) {
    if (e.getFile() == null || e.getFile().equals(target.toString())) {
      return e;
    }
    FileSystemException named =
        e instanceof AccessDeniedException
            ? new AccessDeniedException(target.toString(), null, e.getReason())
            : new FileSystemException(
                target.toString(),
                null,
                e.getReason() == null ? "it cannot be made" : e.getReason());
    named.initCause(e);
    return named;
  }

  /** Refuses what must not be replaced by a file: directories, devices, pipes. */
  private static Path checkTarget(Path target) throws IOException {
    if (target.getFileName() == null || Files.isDirectory(target)) {
      throw new IOException(target + " is a directory; the name of a file is wanted");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new IOException(target + " is not a regular file and is not replaced by one");
    }
    if (Files.exists(target) && (OwnFiles.contains(target) || isRing(target))) {
      throw new IOException(target + " is the file of a ring and is not replaced by a trace");
    }
    Path directory = target.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory)) {
      throw new NoSuchFileException(target.toString(), null, "there is no directory " + directory);
    }
    return target;
  }

  /** Whether a file begins as the off-heap backend's rings do. */
  private static boolean isRing(Path target) throws IOException {
    try (InputStream in = Files.newInputStream(target)) {
      return new String(in.readNBytes(RING.length()), StandardCharsets.ISO_8859_1).equals(RING);
    } catch (AccessDeniedException e) {
      return false; // it is replaced, not read
    }
  }

  private static Path beside(Path target) {
    String tag = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    return target.resolveSibling("." + target.getFileName() + "." + tag + ".tmp");
  }

  static FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
    FileAttribute<?>[] owner =
        path.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return FileChannel.open(path, options, owner);
  }

  FileChannel channel() {
    return channel;
  }

  /** Gives the file its name. */
  void finish() throws IOException {
    channel.force(true);
    channel.close();
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (FileSystemException e) {
      throw ofTarget(target, e);
    }
    done = true;
  }

  /** Takes the file away unless it is finished. */
  @Override
  public void close() throws IOException {
    if (!done) {
      done = true;
      try (channel) {
        Files.deleteIfExists(temporary);
      }
    }
  }
}
