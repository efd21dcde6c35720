package org.pagewheel.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jars that are published one by one, as the build has made them. */
final class PublishedJars {
  static final Path ROOT = root();

  /** All that may be together on a module path. */
  static final List<String> PARTS =
      List.of(
          "api",
          "backend-heap",
          "backend-lockfree",
          "backend-offheap",
          "consumers/network",
          "consumers/splice",
          "consumers/stats",
          "consumers/trace-dat",
          "distribution/analysis",
          "distribution/probes",
          "distribution/runtime",
          "distribution/sources/base");

  /** Beside these an application has either the above or the one jar. */
  static final List<String> EXTRAS =
      List.of("distribution/guice", "distribution/junit", "distribution/shell");

  private PublishedJars() {}

  /** The build runs tests in their module; by hand one is at the root. */
  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("api")) ? here : here.resolve("../..").normalize();
  }

  static List<String> all() {
    return Stream.concat(PARTS.stream(), EXTRAS.stream()).toList();
  }

  static Path of(String part) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(part).resolve("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("pagewheel-.*SNAPSHOT\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException(part + " is not built"));
    }
  }

  /** Without its version. */
  static String name(Path jar) {
    return jar.getFileName().toString().replaceFirst("-\\d.*", "");
  }
}
