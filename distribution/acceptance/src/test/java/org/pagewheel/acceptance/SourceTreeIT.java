package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nine of ten files can be read in one go, and each package says what it is. That no file has over
 * 500 lines is checked by Checkstyle.
 */
class SourceTreeIT {
  private static final int LINES = 250;

  private record Sized(Path file, long lines) {
    static Sized of(Path file) {
      try (Stream<String> lines = Files.lines(file)) {
        return new Sized(PublishedJars.ROOT.relativize(file), lines.count());
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static List<Sized> files() throws IOException {
    try (Stream<Path> all = Files.walk(PublishedJars.ROOT)) {
      return all.filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("/src/main/"))
          .filter(file -> !file.toString().contains("/target/"))
          .map(Sized::of)
          .sorted(Comparator.comparingLong(Sized::lines))
          .toList();
    }
  }

  @Test
  void ninetyPercentHave250LinesAtMost() throws IOException {
    List<Sized> files = files();
    assertTrue(files.size() > 600, () -> files.size() + " files");
    List<Sized> longer = files.stream().filter(file -> file.lines() > LINES).toList();
    assertTrue(
        longer.size() * 10 <= files.size(),
        () ->
            "%d of %d files have more than %d lines; which has two jobs? The shortest:%n"
                    .formatted(longer.size(), files.size(), LINES)
                + longer.stream()
                    .limit(12)
                    .map(file -> file.lines() + " " + file.file())
                    .collect(Collectors.joining("\n")));
  }

  /** Whoever upgrades reads the first entries only. */
  @Test
  void theChangelogHasNothingTwiceAndWhatBreaksFirst() throws IOException {
    Set<String> entries = new HashSet<>();
    boolean isBreakingOver = false;
    for (String line : Files.readAllLines(PublishedJars.ROOT.resolve("CHANGELOG.md"))) {
      if (line.startsWith("#")) {
        isBreakingOver = false;
      } else if (line.startsWith("* ")) {
        boolean isBreaking = line.startsWith("* **[Breaking]**");
        assertFalse(
            isBreaking && isBreakingOver, () -> "stands after what breaks nothing: " + line);
        assertTrue(entries.add(line), () -> "stands twice: " + line);
        isBreakingOver |= !isBreaking;
      }
    }
    assertFalse(entries.isEmpty());
  }

  @Test
  void eachPackageSaysWhatItIs() throws IOException {
    List<Path> without =
        files().stream()
            .map(file -> file.file().getParent())
            .filter(directory -> directory.toString().contains("/org/pagewheel"))
            .distinct()
            .filter(
                directory ->
                    !Files.exists(
                        PublishedJars.ROOT.resolve(directory).resolve("package-info.java")))
            .toList();
    assertEquals(List.of(), without);
  }
}
