package org.pagewheel.ringfile;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.OwnFiles;

/**
 * The rings put aside next to a file when another ring took its place: {@code FILE.<time>.left}.
 */
public final class LeftRings {
  private static final String NAMED = "\\.\\d{8}T\\d{6}(-\\d+)?\\.left";

  private LeftRings() {}

  /**
   * Looks for them. They need not be intact.
   *
   * @param file a ring's file, now or formerly: it may be missing, and so may its directory
   * @return regular files that begin like rings, finished or not, newest first
   * @throws IOException if the directory or a file cannot be read
   */
  public static List<Path> newestFirst(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      return List.of();
    }
    Pattern own = Pattern.compile(Pattern.quote(file.getFileName().toString()) + NAMED);
    Map<Path, FileTime> found = new HashMap<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(
            directory, path -> own.matcher(path.getFileName().toString()).matches())) {
      for (Path path : all) {
        try {
          if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
              && (OwnFiles.contains(path) || FileKind.of(path).isRing())) {
            found.put(
                file.resolveSibling(path.getFileName()),
                Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
          }
        } catch (AccessDeniedException | NoSuchFileException e) {
          // not ours, or gone meanwhile
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    List<Path> left = new ArrayList<>(found.keySet());
    left.sort(
        Comparator.<Path, FileTime>comparing(found::get)
            .thenComparing(Comparator.naturalOrder())
            .reversed());
    return left;
  }
}
