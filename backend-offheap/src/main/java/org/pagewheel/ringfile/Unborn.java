package org.pagewheel.ringfile;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.OwnDirectory;

/** The names of ring files until their contents show what they are. */
final class Unborn {
  private static final Pattern NAME = Pattern.compile("\\.(.+)\\.[0-9a-f]{8}\\.tmp");

  /** Locking a new file takes an instant. */
  private static final Duration BIRTH = Duration.ofSeconds(5);

  private Unborn() {}

  static Path nameFor(Path path) {
    String tag = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    return path.resolveSibling("." + path.getFileName() + "." + tag + ".tmp");
  }

  /**
   * Deletes those whose process was killed, whatever their rings were to be called: the
   * configuration may have another name by now. What cannot be deleted stays.
   *
   * @param path of a ring; empty files are deleted only under its name, for other programs make
   *     some too
   */
  static void sweep(Path path) {
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(path.toAbsolutePath().getParent(), ".*.tmp")) {
      for (Path file : all) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          sweep(file, name.group(1).equals(path.getFileName().toString()));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // the next to make a file there reports it
    }
  }

  private static void sweep(Path file, boolean isOfRing) {
    try {
      var attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()
          && OwnDirectory.isOwn(file)
          && attributes.lastModifiedTime().toInstant().isBefore(Instant.now().minus(BIRTH))
          && (attributes.size() == 0 ? isOfRing : FileKind.of(file).isRing())
          && !RingFileWriter.isBeingWritten(file)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // it has its name now, or another process deleted it
    }
  }
}
