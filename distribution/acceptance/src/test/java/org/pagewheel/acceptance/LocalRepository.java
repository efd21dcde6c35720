package org.pagewheel.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Maven repositories with what others publish, linked, and of ours with little or nothing. */
final class LocalRepository {
  private static final String VERSION = "1.0.0-SNAPSHOT";
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Path EVERYTHING = Path.of(System.getProperty("maven.repository"));

  private LocalRepository() {}

  /** What Maven itself then puts there of ours stays there. */
  static void withoutOurs(Path repository) throws IOException {
    link(EVERYTHING, repository, "org");
    link(EVERYTHING.resolve("org"), repository.resolve("org"), "pagewheel");
  }

  static void withTheApiAlone(Path repository) throws IOException {
    withoutOurs(repository);
    Path ours = repository.resolve("org").resolve("pagewheel");
    publish(ours, "pagewheel-parent", ROOT.resolve("pom.xml"), ".pom");
    Path api = ROOT.resolve("api");
    publish(ours, "pagewheel-api", api.resolve("pom.xml"), ".pom");
    String jar = "pagewheel-api-" + VERSION;
    publish(ours, "pagewheel-api", api.resolve("target").resolve(jar + ".jar"), ".jar");
    publish(ours, "pagewheel-api", api.resolve("target").resolve(jar + "-tests.jar"), "-tests.jar");
  }

  private static void link(Path from, Path to, String without) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> all = Files.list(from)) {
      for (Path each : all.filter(path -> !path.endsWith(without)).toList()) {
        Files.createSymbolicLink(to.resolve(each.getFileName()), each.toRealPath());
      }
    }
  }

  private static void publish(Path ours, String artifact, Path file, String ending)
      throws IOException {
    Path place = ours.resolve(artifact).resolve(VERSION);
    Files.createDirectories(place);
    Files.copy(file, place.resolve(artifact + "-" + VERSION + ending));
  }
}
