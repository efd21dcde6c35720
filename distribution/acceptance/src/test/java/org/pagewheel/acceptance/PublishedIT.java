package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What goes to a repository: all of it is meant to, and has what a public one asks for. */
class PublishedIT {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  /** Of this tree's modules; the examples are others' and say so. */
  @Test
  void whatTheBomNamesGoesAndNothingElse() throws Exception {
    TreeSet<String> expected =
        new TreeSet<>(
            List.of("pagewheel-parent", "pagewheel-bom", "pagewheel-launcher", "pagewheel-sql"));
    Element bom = PomFile.read(ROOT.resolve("distribution/bom/pom.xml"));
    TreeSet<String> testJars = new TreeSet<>();
    for (Element part :
        PomFile.children(bom, "dependencyManagement", "dependencies", "dependency")) {
      (PomFile.text(part, "type").equals("test-jar") ? testJars : expected)
          .add(PomFile.text(part, "artifactId"));
    }
    TreeSet<String> going = new TreeSet<>();
    TreeSet<String> goingTestJars = new TreeSet<>();
    Element parent = PomFile.read(ROOT.resolve("pom.xml"));
    for (Path file : poms(ROOT)) {
      Element pom = PomFile.read(file);
      if (PomFile.children(pom, "properties", "maven.deploy.skip").stream()
          .noneMatch(skip -> skip.getTextContent().equals("true"))) {
        going.add(PomFile.text(pom, "artifactId"));
        if (Files.readString(file).contains("<goal>test-jar</goal>")) {
          goingTestJars.add(PomFile.text(pom, "artifactId"));
        }
        PomFile.assertComplete(file, pom, parent);
      }
    }
    assertEquals(expected, going);
    assertEquals(testJars, goingTestJars);
  }

  private static List<Path> poms(Path root) throws Exception {
    List<Path> found = new ArrayList<>(List.of(root.resolve("pom.xml")));
    for (Element module :
        PomFile.children(PomFile.read(root.resolve("pom.xml")), "modules", "module")) {
      found.addAll(poms(root.resolve(module.getTextContent())));
    }
    return found;
  }

  /** What applications get depends on nothing. */
  @Test
  void theOneJarBringsNothing() throws Exception {
    PomFile.assertBringsNothing(
        PomFile.read(ROOT.resolve("distribution/embedded/dependency-reduced-pom.xml")));
  }
}
