package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.spi.OwnDirectory;

/**
 * Files of what buffers held at a moment, in the configured directory: {@code
 * main-20261122-143059.123.dat}, named after the first buffer and the local time. Thread-safe.
 */
public final class Snapshots {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS", Locale.ROOT);

  private static final String NAMED = "-\\d{8}-\\d{6}\\.\\d{3}(-\\d+)?\\.dat";

  private static final String KEPT = "kept-";
  private static final int MAX_NAME = 120;

  private Snapshots() {}

  /**
   * Whether files can be made in a directory, before there is any: an existing one is looked at, or
   * the nearest existing one above it, and nothing is made.
   *
   * @throws IOException if not; the message names the directory and what is wrong
   */
  public static void check(Path directory) throws IOException {
    Path place = directory.toAbsolutePath();
    while (!Files.exists(place, LinkOption.NOFOLLOW_LINKS) && place.getParent() != null) {
      place = place.getParent();
    }
    OwnDirectory.check(place);
    if (!Files.isWritable(place)) {
      throw new IOException(place + ": this user may not write there");
    }
  }

  /**
   * Takes one, and removes the oldest ones beyond the limit.
   *
   * @param buffers at least one; the first one gives the name
   * @return the file
   */
  public static Path take(Settings.Snapshots settings, List<Buffer> buffers) throws IOException {
    return write(settings, Picture.of(buffers));
  }

  /** The same for an existing picture. */
  static synchronized Path write(Settings.Snapshots settings, Picture picture) throws IOException {
    Path directory = settings.directory();
    OwnDirectory.make(directory);
    String buffer = picture.buffers().getFirst().name();
    Path file = free(directory, buffer + "-" + TIME.format(LocalDateTime.now()));
    Saver.save(file, picture);
    forget(directory, buffer + "-", Pattern.quote(buffer), settings.keep(), Long.MAX_VALUE, file);
    return file;
  }

  /**
   * Writes what a trigger keeps, {@code kept-main-shop.place-20261130-193259.123.dat}, and removes
   * the oldest of all those that are too many or too large.
   */
  static synchronized Path keep(Settings.Kept settings, String name, Picture picture)
      throws IOException {
    Path directory = settings.directory();
    OwnDirectory.make(directory);
    String whole = KEPT + name.substring(0, Math.min(MAX_NAME, name.length()));
    Path file = free(directory, whole + "-" + TIME.format(LocalDateTime.now()));
    Saver.save(file, picture);
    forget(directory, KEPT, KEPT + ".+", settings.keep(), settings.keepSize(), file);
    return file;
  }

  private static Path free(Path directory, String name) {
    Path file = directory.resolve(name + ".dat");
    for (int i = 2; Files.exists(file, LinkOption.NOFOLLOW_LINKS); i++) {
      file = directory.resolve(name + "-" + i + ".dat");
    }
    return file;
  }

  /**
   * Oldest means made first: the local time in the names goes back once a year. The file just
   * written always stays, for clocks are set back too.
   */
  private static void forget(
      Path directory, String begin, String named, int keep, long bytes, Path newest)
      throws IOException {
    Pattern own = Pattern.compile(named + NAMED);
    Map<Path, FileTime> made = new HashMap<>();
    Map<Path, Long> sizes = new HashMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, begin + "*.dat")) {
      for (Path file : all) {
        String name = file.getFileName().toString();
        if (own.matcher(name).matches() && !file.endsWith(newest.getFileName())) {
          try {
            // Others may write into the directory too.
            if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && OwnDirectory.isOwn(file)) {
              made.put(file, Files.getLastModifiedTime(file)); // no finished file is written again
              sizes.put(file, Files.size(file));
            }
          } catch (NoSuchFileException e) {
            // another process that keeps its snapshots here has deleted it
          }
        }
      }
    }
    List<Path> oldest = new ArrayList<>(made.keySet());
    oldest.sort(Comparator.comparing((Path file) -> made.get(file)).thenComparing(file -> file));
    int tooMany = Math.max(0, oldest.size() + 1 - keep);
    long size = Files.size(newest);
    for (int i = oldest.size() - 1; i >= 0; i--) {
      size += sizes.getOrDefault(oldest.get(i), 0L);
      if (i < tooMany || size > bytes) {
        Files.deleteIfExists(oldest.get(i));
      }
    }
  }
}
