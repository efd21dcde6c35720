package org.pagewheel.acceptance;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What {@code mvn -Ppublish deploy} puts into a repository, made once. It deploys a copy of this
 * tree with the classes that the build has compiled, and without Javadoc and the lists of parts,
 * which take minutes; with {@code -Ddeploy.whole=true} with these too.
 */
final class Deployment {
  static final boolean WHOLE = Boolean.getBoolean("deploy.whole");
  static final String VERSION = "1.0.0-SNAPSHOT";

  /** Of the directories "target" these are used again; all else is made by packaging. */
  private static final Set<String> COMPILED =
      Set.of("classes", "test-classes", "maven-status", "generated-sources");

  /** For a program that ends before better compiled code would pay. */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Path DIRECTORY = Path.of("target", "deployment").toAbsolutePath();
  private static Path made;

  private Deployment() {}

  /** The repository, a directory. */
  static synchronized Path repository() throws Exception {
    if (made == null) {
      made = deploy();
    }
    return made;
  }

  private static Path deploy() throws Exception {
    Program.run(DIRECTORY.getParent(), "rm", "-rf", DIRECTORY.toString()); // links, not files
    Path tree = DIRECTORY.resolve("tree");
    copy(PublishedJars.ROOT, tree);
    Path repository = DIRECTORY.resolve("repository");
    List<String> options =
        List.of(
            "-Ppublish",
            "-DskipTests",
            "-Dmaven.main.skip",
            "-Dmaven.compiler.useIncrementalCompilation=false",
            "-Dcheckstyle.skip",
            "-Dcpd.skip",
            "-Dformat.skip",
            "-Dsite.skip",
            "-Dmaven.install.skip",
            "-DaltDeploymentRepository=try::" + repository.toUri(),
            "deploy");
    List<String> all = new ArrayList<>(WHOLE ? List.of() : List.of("-Djavadoc.skip"));
    all.addAll(WHOLE ? List.of() : List.of("-Dcyclonedx.skip"));
    all.addAll(options);
    maven(tree, "tree", all);
    return repository;
  }

  /**
   * Runs Maven in a project, with a local repository of that name, which has all that this machine
   * has of others and nothing of ours. Not offline, for then Maven neither deploys nor looks into a
   * directory.
   */
  static void maven(Path project, String name, List<String> options) throws Exception {
    Path local = DIRECTORY.resolve("local-" + name);
    Program.run(DIRECTORY, "rm", "-rf", local.toString());
    LocalRepository.withoutOurs(local);
    List<String> command =
        new ArrayList<>(List.of("env", "MAVEN_OPTS=" + SHORT_LIVED, "mvn", "-B", "-q"));
    command.add("-Dmaven.repo.local=" + local);
    command.addAll(options);
    Program.run(project, command.toArray(String[]::new)).assertStatus(0);
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes)
              throws IOException {
            boolean made = each.getParent().endsWith("target");
            if (each.endsWith(".git") || made && !COMPILED.contains(name(each))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to.resolve(from.relativize(each)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path each, BasicFileAttributes attributes)
              throws IOException {
            if (!each.getParent().endsWith("target")) {
              Path copy = to.resolve(from.relativize(each));
              Files.copy(each, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  /** All files that it consists of, without check sums and the repository's own lists. */
  static List<Path> files() throws Exception {
    try (Stream<Path> files = Files.walk(repository())) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !name(file).matches("maven-metadata.*|.*\\.(md5|sha1)"))
          .toList();
    }
  }
}
