package org.pagewheel.consumer.splice.internal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Quantity;

/**
 * The settings of a consumer of type {@code splice}.
 *
 * @param directory where the files go
 * @param name what their names begin with
 * @param maxSize the largest file in bytes
 * @param maxAge after how many nanoseconds a file is finished; {@link #UNLIMITED} for never
 * @param maxFiles how many files are kept, including the open one; {@link #UNLIMITED} for all
 */
record SpliceSettings(Path directory, String name, long maxSize, long maxAge, long maxFiles) {
  static final long UNLIMITED = Long.MAX_VALUE;

  private static final DefaultSettings SETTINGS = DefaultSettings.of(SpliceSettings.class);
  private static final String DIR = "dir";
  private static final String FILE = "file";
  private static final String MAX_SIZE = "max-size";
  private static final String MAX_AGE = "max-age";
  private static final String MAX_FILES = "max-files";
  private static final String NO_LIMIT = "unlimited";
  private static final String SUFFIX = ".dat";

  /** Checks everything; reports what is wrong in one line. */
  static SpliceSettings parse(Map<String, String> said, String bufferName) {
    Map<String, String> settings = SETTINGS.complete("splice", said);
    String age = settings.get(MAX_AGE).strip();
    OptionalInt files =
        Quantity.countOr(MAX_FILES, settings.get(MAX_FILES), 1, Integer.MAX_VALUE, NO_LIMIT);
    Path base = base(settings, bufferName);
    return new SpliceSettings(
        base.toAbsolutePath().getParent(),
        base.getFileName().toString(),
        Quantity.bytes(MAX_SIZE, settings.get(MAX_SIZE)),
        age.equals(NO_LIMIT) ? UNLIMITED : Quantity.nanos(MAX_AGE, age),
        files.isPresent() ? files.getAsInt() : UNLIMITED);
  }

  /** Directory and beginning of the names: of the buffer's name, or as {@code file} says. */
  private static Path base(Map<String, String> settings, String bufferName) {
    String dir = settings.get(DIR);
    String file = settings.get(FILE);
    if (dir.isEmpty() == file.isEmpty()) {
      throw new IllegalArgumentException(
          "splice needs either dir = DIRECTORY or file = DIRECTORY/NAME.dat, to know where to"
              + " write");
    }
    String chosen = dir.isEmpty() ? FILE + " = " + file : DIR + " = " + dir;
    try {
      if (!dir.isEmpty()) {
        return Path.of(checked(chosen, dir)).resolve(bufferName);
      }
      Path path = Path.of(checked(chosen, file));
      Path last = path.getFileName();
      String name = last == null ? "" : last.toString();
      if (name.endsWith(SUFFIX)) {
        name = name.substring(0, name.length() - SUFFIX.length());
      }
      if (last == null || name.isBlank() || file.endsWith("/")) {
        throw new IllegalArgumentException(chosen + ": it names no file, such as trace.dat");
      }
      return path.resolveSibling(name);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(chosen + ": " + e.getReason(), e);
    }
  }

  private static String checked(String chosen, String path) {
    if (path.isBlank()) {
      throw new IllegalArgumentException(chosen + ": it is empty; a path is needed");
    }
    return path;
  }
}
