package org.pagewheel.tracedat;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.OwnDirectory;
import org.pagewheel.spi.OwnFiles;
import org.pagewheel.spi.PrivateFiles;

/**
 * A file that appears under its name only when it is complete. Only its owner can read and write
 * it. What a killed process leaves is deleted when the same file is written again, a minute later
 * at the earliest.
 */
public final class NewFile implements Closeable {
  private static final int ATTEMPTS = 10;
  private static final String END = ".tmp";

  /** A writer has locked its file long before. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private boolean done;

  /**
   * Begins a file; an existing one stays as it is until {@link #finish}.
   *
   * @param target its name
   * @throws IOException if it must not be replaced (a directory, a device, the file of a ring), or
   *     no file can be made next to it
   */
  public NewFile(Path target) throws IOException {
    this.target = checkTarget(target);
    sweep(target);
    Path found = null;
    FileChannel opened = null;
    for (int i = 0; opened == null; i++) {
      found = beside(target);
      try {
        opened =
            PrivateFiles.create(
                found, EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
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
    LiveTraceFile.lock(opened); // so that it can be distinguished from one whose writer was killed
  }

  /** A file without a name in the same file system; gone as soon as it is closed. */
  static FileChannel nameless(Path target) throws IOException {
    try {
      return PrivateFiles.create(
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

  /** The error of a file next to the target, which the user does not know, as one of the target. */
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
  static Path checkTarget(Path target) throws IOException {
    if (target.getFileName() == null || Files.isDirectory(target)) {
      throw new IOException(target + " is a directory; give the name of a file");
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new IOException(target + " is not a regular file and is not replaced");
    }
    checkNoRing(target);
    Path directory = target.toAbsolutePath().getParent();
    if (!Files.isDirectory(directory)) {
      throw new NoSuchFileException(target.toString(), null, "there is no directory " + directory);
    }
    return target;
  }

  private static void checkNoRing(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    try {
      if (OwnFiles.contains(target) || FileKind.of(target).isRing()) {
        throw new IOException(target + " is the file of a ring and is not replaced by a trace");
      }
    } catch (AccessDeniedException e) {
      throw new IOException(
          target + " cannot be read, may be the file of a ring, and is not replaced", e);
    }
  }

  private static Path beside(Path target) {
    String tag = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    return target.resolveSibling("." + target.getFileName() + "." + tag + END);
  }

  /** Deletes what writers of the target have left; it stays where that fails. */
  private static void sweep(Path target) {
    String begin = "." + target.getFileName() + ".";
    Path directory = target.toAbsolutePath().getParent();
    try {
      OwnDirectory.check(directory); // or what is looked at could be exchanged, for a FIFO too
      try (DirectoryStream<Path> all =
          Files.newDirectoryStream(directory, each -> isLeft(each, begin))) {
        for (Path each : all) {
          Files.deleteIfExists(each);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // the new file is what counts
    }
  }

  private static boolean isLeft(Path file, String begin) throws IOException {
    String name = file.getFileName().toString();
    return name.startsWith(begin)
        && name.endsWith(END)
        && name.length() == begin.length() + Integer.BYTES * 2 + END.length()
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && isAbandoned(file);
  }

  /**
   * Whether a file is the user's own, no longer young, and no process has it locked: its writer was
   * killed.
   *
   * @param file a regular file, no link
   * @return false if in doubt
   * @throws IOException if the file cannot be looked at
   */
  public static boolean isAbandoned(Path file) throws IOException {
    Instant changed = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    return changed.plus(YOUNG).isBefore(Instant.now())
        && OwnDirectory.isOwn(file)
        && LiveTraceFile.isAbandoned(file);
  }

  FileChannel channel() {
    return channel;
  }

  /**
   * Where to write.
   *
   * @return a stream without a buffer; closing it abandons the file unless it is finished
   */
  public OutputStream stream() {
    return Channels.newOutputStream(channel);
  }

  /**
   * Gives the file its name.
   *
   * @throws IOException if that fails, or writing what is not yet on the disk
   */
  public void finish() throws IOException {
    channel.force(true);
    channel.close();
    checkNoRing(target); // it may have been made since
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

  /** Deletes the file unless it is finished. */
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
