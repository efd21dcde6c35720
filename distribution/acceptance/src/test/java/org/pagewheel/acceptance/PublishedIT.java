package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What goes to a repository: all of it is meant to, and has what a public one asks for. */
class PublishedIT {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  /** Of this tree's modules; the examples are others' and say so. */
  @Test
  void whatTheBomNamesGoesAndNothingElse() throws Exception {
    TreeSet<String> expected =
        new TreeSet<>(List.of("pagewheel-parent", "pagewheel-bom", "pagewheel-launcher"));
    Element bom = xml(ROOT.resolve("distribution/bom/pom.xml"));
    TreeSet<String> testJars = new TreeSet<>();
    for (Element part : children(bom, "dependencyManagement", "dependencies", "dependency")) {
      (text(part, "type").equals("test-jar") ? testJars : expected).add(text(part, "artifactId"));
    }
    TreeSet<String> going = new TreeSet<>();
    TreeSet<String> goingTestJars = new TreeSet<>();
    for (Path file : poms(ROOT)) {
      Element pom = xml(file);
      if (children(pom, "properties", "maven.deploy.skip").stream()
          .noneMatch(skip -> skip.getTextContent().equals("true"))) {
        going.add(text(pom, "artifactId"));
        if (Files.readString(file).contains("<goal>test-jar</goal>")) {
          goingTestJars.add(text(pom, "artifactId"));
        }
        assertComplete(file, pom);
      }
    }
    assertEquals(expected, going);
    assertEquals(testJars, goingTestJars);
  }

  private static List<Path> poms(Path root) throws Exception {
    List<Path> found = new ArrayList<>(List.of(root.resolve("pom.xml")));
    for (Element module : children(xml(root.resolve("pom.xml")), "modules", "module")) {
      found.addAll(poms(root.resolve(module.getTextContent())));
    }
    return found;
  }

  /** What Maven Central asks for, itself or from its parent. */
  private static void assertComplete(Path file, Element pom) throws Exception {
    boolean isChild = !children(pom, "parent").isEmpty();
    Element parent = xml(ROOT.resolve("pom.xml"));
    for (String own : List.of("name", "description")) {
      assertTrue(!text(pom, own).isBlank(), () -> file + " has no " + own);
    }
    for (String path :
        List.of(
            "url",
            "licenses/license/name",
            "licenses/license/url",
            "developers/developer/name",
            "scm/connection",
            "scm/url")) {
      String[] names = path.split("/");
      assertTrue(
          !children(pom, names).isEmpty() || isChild && !children(parent, names).isEmpty(),
          () -> file + " has no " + path);
    }
  }

  /** What applications get depends on nothing. */
  @Test
  void theOneJarBringsNothing() throws Exception {
    Element one = xml(ROOT.resolve("distribution/embedded/dependency-reduced-pom.xml"));
    for (Element dependency : children(one, "dependencies", "dependency")) {
      assertTrue(text(dependency, "scope").matches("test|provided"), dependency::getTextContent);
    }
  }

  private static Element xml(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(file.toFile())
        .getDocumentElement();
  }

  private static List<Element> children(Element of, String... path) {
    Collection<Element> at = List.of(of);
    for (String name : path) {
      List<Element> next = new ArrayList<>();
      for (Element element : at) {
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
          if (node.getNodeName().equals(name)) {
            next.add((Element) node);
          }
        }
      }
      at = next;
    }
    return List.copyOf(at);
  }

  private static String text(Element of, String name) {
    List<Element> found = children(of, name);
    return found.isEmpty() ? "" : found.getFirst().getTextContent();
  }
}
