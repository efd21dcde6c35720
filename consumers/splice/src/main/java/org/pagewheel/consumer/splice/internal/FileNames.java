package org.pagewheel.consumer.splice.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pagewheel.spi.OwnDirectory;
import org.pagewheel.tracedat.LiveTraceFile;

/**
 * The files of one consumer: {@code NAME-20261122T101530-0001.dat}, the time in UTC and then a
 * number that rises, so that names sort by age; the open one has {@code .open} appended.
 */
final class FileNames {
  private static final String OPEN = ".open";
  private static final String FINISHED = ".dat";

  /** Locking a new file takes an instant. */
  private static final int UNBORN_SECONDS = 5;

  private static final String NUMBERED = "-\\d{8}T\\d{6}-\\d{4,}\\.dat";

  /** Hidden files, until there is something to read in them; of consumers of any name. */
  private static final Pattern UNBORN =
      Pattern.compile("\\..+" + NUMBERED + "(\\.open\\.new|\\.[0-9a-f]{8}\\.tmp)");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private final Path directory;
  private final String name;
  private final Pattern own;

  private int number;

  FileNames(Path directory, String name) {
    this.directory = directory;
    this.name = name;
    this.own = Pattern.compile(Pattern.quote(name) + NUMBERED + "(\\.open)?");
  }

  Path directory() {
    return directory;
  }

  /** Makes the directory if only its last part is missing, and checks it. */
  void checkDirectory() throws IOException {
    Path parent = directory.getParent();
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(parent)) {
      throw new IOException(
          Files.exists(parent)
              ? parent + " is not a directory: name another one"
              : "there is no directory " + parent + ": make it, or name another one");
    }
    try {
      OwnDirectory.make(directory);
      // Some report that they can be written and cannot: those of the kernel, for root.
      Files.delete(Files.createTempFile(directory, "." + name + "-", ".trial"));
    } catch (FileSystemException e) {
      String why = e instanceof AccessDeniedException ? ": access is denied" : "";
      throw new IOException(
          "no files can be made in " + directory + why + ": name another directory", e);
    }
  }

  /** The name of a new open file; to be followed by {@link #taken} once the file exists. */
  Path next() {
    String time = TIME.format(Instant.now());
    while (true) {
      String count =
          String.format(Locale.ROOT, "%04d", number + 1); // digits are not everywhere 0-9
      String text = name + "-" + time + "-" + count + FINISHED + OPEN;
      Path path = directory.resolve(text);
      if (!Files.exists(finished(path), LinkOption.NOFOLLOW_LINKS)) {
        return path;
      }
      number++; // another consumer's, finished within this second: it must not be replaced
    }
  }

  /** The name is taken: the next one will be another. */
  void taken() {
    number++;
  }

  /** Gives a file that is no longer written its final name. */
  void finish(Path open) throws IOException {
    Files.move(open, finished(open), StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path finished(Path open) {
    String text = open.getFileName().toString();
    return open.resolveSibling(text.substring(0, text.length() - OPEN.length()));
  }

  /**
   * All files of this user with such names, oldest first. Other users may write into the directory
   * too: their files are neither opened nor counted.
   */
  private List<Path> list(Pattern names) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> names.matcher(file.getFileName() + "").matches() && isOwn(file))
          .sorted()
          .toList();
    }
  }

  private boolean isOwn(Path file) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && OwnDirectory.isOwn(file);
    } catch (IOException e) {
      return false; // it is gone
    }
  }

  /** Deletes the oldest finished files until only this many are left. */
  void keep(long files) throws IOException {
    List<Path> all = list(own);
    long over = all.size() - files;
    for (Path file : all) {
      if (over > 0 && file.toString().endsWith(FINISHED)) {
        Files.deleteIfExists(file);
        over--;
      }
    }
  }

  /**
   * Finishes the files whose writer was killed: each becomes a complete file with the same content
   * that takes no more room than it must. Those whose writer was killed before they held anything
   * are deleted, also those of consumers of other names.
   *
   * @throws IOException if one cannot be finished; it stays as it is, the others are
   */
  void recover() throws IOException {
    IOException problem = null;
    for (Path file : list(UNBORN)) {
      try {
        if (isOld(file) && LiveTraceFile.isAbandoned(file)) {
          Files.deleteIfExists(file);
        }
      } catch (NoSuchFileException e) {
        // it has its name now, or another process deleted it
      } catch (IOException e) {
        problem = e;
      }
    }
    for (Path file : list(own)) {
      try {
        if (file.toString().endsWith(OPEN) && LiveTraceFile.isAbandoned(file)) {
          recover(file);
        }
      } catch (IOException e) {
        problem = e;
      }
    }
    if (problem != null) {
      throw problem;
    }
  }

  /** Whether it may have just been made and not locked yet. */
  private static boolean isOld(Path file) throws IOException {
    Instant made = Files.getLastModifiedTime(file).toInstant();
    return made.isBefore(Instant.now().minusSeconds(UNBORN_SECONDS));
  }

  private static void recover(Path file) throws IOException {
    Path finished = finished(file);
    if (Files.exists(finished)) {
      throw new FileAlreadyExistsException(finished.toString());
    }
    LiveTraceFile.recover(file, finished);
    Files.delete(file);
  }
}
