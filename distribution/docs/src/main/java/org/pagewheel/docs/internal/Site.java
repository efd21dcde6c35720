package org.pagewheel.docs.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a static site of a source tree: each Markdown file becomes a page, at its place in the
 * tree, and the public packages get Javadoc. Fails if a link leads nowhere.
 */
final class Site {
  private Site() {}

  /** Wants the root of the tree and the directory to write to. */
  public static void main(String[] arguments) throws IOException {
    List<String> dead = make(Path.of(arguments[0]), Path.of(arguments[1]));
    dead.forEach(System.err::println);
    System.exit(dead.isEmpty() ? 0 : 1);
  }

  /** Returns what is wrong with the links, a line each; none if all is well. */
  static List<String> make(Path root, Path site) throws IOException {
    Path tree = root.toAbsolutePath().normalize();
    Path target = site.toAbsolutePath().normalize();
    List<Path> guides = guides(tree);
    for (Path guide : guides) {
      new Guide(tree, guide, guides).write(target);
    }
    ApiDocs.write(tree, target.resolve(ApiDocs.DIRECTORY));
    return new Links(target).dead();
  }

  private static List<Path> guides(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      return files
          .map(tree::relativize)
          .filter(file -> file.toString().endsWith(".md"))
          .filter(file -> !("/" + file).matches(".*/(target|src|\\..*)/.*"))
          .sorted()
          .toList();
    }
  }
}
