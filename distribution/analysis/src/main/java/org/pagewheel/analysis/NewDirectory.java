package org.pagewheel.analysis;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.pagewheel.spi.OwnDirectory;
import org.pagewheel.spi.PrivateFiles;
import org.pagewheel.tracedat.NewFile;

/**
 * A directory of files that appears under its name only when it is complete. Only its owner can
 * read it. What a killed process leaves has another name: a dot, the name, a dot and a number. It
 * is deleted when the same directory is written again, a minute later at the earliest: the file
 * {@value #LOCK} in it is locked while its writer lives.
 */
final class NewDirectory implements Closeable {
  private static final String LOCK = ".lock";

  private final Path target;
  private final Path temporary;
  private final FileChannel lock;
  private final List<Path> files = new ArrayList<>();
  private boolean done;

  /**
   * Begins a directory.
   *
   * @param target its name, that of nothing or of an empty directory
   */
  NewDirectory(Path target) throws IOException {
    this.target = target;
    checkTarget();
    Path parent = target.toAbsolutePath().getParent();
    if (!Files.isDirectory(parent)) {
      throw new NoSuchFileException(target.toString(), null, "there is no directory " + parent);
    }
    String begin = "." + target.getFileName() + ".";
    sweep(parent, begin);
    this.temporary = Files.createTempDirectory(parent, begin);
    try {
      this.lock =
          PrivateFiles.create(
              temporary.resolve(LOCK),
              EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    try {
      lock.tryLock();
    } catch (IOException e) {
      // not every file system has locks; what a killed process leaves stays there
    }
  }

  /** Deletes what writers of the same directory have left; it stays where that fails. */
  private static void sweep(Path parent, String begin) {
    try {
      OwnDirectory.check(parent); // or what is looked at could be exchanged
      try (DirectoryStream<Path> all =
          Files.newDirectoryStream(parent, each -> isLeft(each, begin))) {
        for (Path each : all) {
          deleteAll(each);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // the new directory is what counts
    }
  }

  private static boolean isLeft(Path directory, String begin) throws IOException {
    String name = directory.getFileName().toString();
    Path lock = directory.resolve(LOCK);
    return name.startsWith(begin)
        && name.substring(begin.length()).chars().allMatch(Character::isDigit)
        && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && OwnDirectory.isOwn(directory)
        && Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)
        && NewFile.isAbandoned(lock);
  }

  /** Deletes files in a directory, and it; no link that has come into its place is followed. */
  private static void deleteAll(Path directory) throws IOException {
    Path name = directory.getFileName();
    try (DirectoryStream<Path> parent = Files.newDirectoryStream(directory.getParent())) {
      if (parent instanceof SecureDirectoryStream<Path> secure) {
        try (var inside = secure.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          for (Path each : inside) {
            inside.deleteFile(each.getFileName());
          }
        }
        secure.deleteDirectory(name);
      }
    }
  }

  private void checkTarget() throws IOException {
    if (target.getFileName() == null) {
      throw new IOException(target + " is no name for a new directory");
    }
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "it exists and is not a directory; give a new name");
    }
    try (Stream<Path> content = Files.list(target)) {
      if (content.findAny().isPresent()) {
        throw notEmpty();
      }
    }
  }

  private FileAlreadyExistsException notEmpty() {
    return new FileAlreadyExistsException(
        target.toString(), null, "the directory is not empty; give a new name");
  }

  /** Makes a file, of a name that none has; it is closed. */
  Path file(String name) throws IOException {
    Path file = temporary.resolve(name);
    PrivateFiles.create(file, EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))
        .close();
    files.add(file);
    return file;
  }

  /** Whether a file of this name was made. */
  boolean has(String name) {
    return files.contains(temporary.resolve(name));
  }

  /** Gives the directory its name, when all its bytes are on the disk. */
  void finish() throws IOException {
    for (Path file : files) {
      force(file, StandardOpenOption.WRITE);
    }
    force(temporary, StandardOpenOption.READ);
    checkTarget(); // it may have been made since
    Files.deleteIfExists(temporary.resolve(LOCK));
    try {
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      throw notEmpty();
    } catch (FileSystemException e) {
      throw new FileSystemException(target.toString(), null, e.getReason());
    }
    done = true;
    lock.close();
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  /** Deletes the directory unless it is finished. */
  @Override
  public void close() throws IOException {
    if (!done) {
      done = true;
      try (lock) {
        deleteAll(temporary);
      }
    }
  }
}
