package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

/** Reads pom.xml files, of this tree and of repositories. */
final class PomFile {
  private PomFile() {}

  static Element read(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(file.toFile())
        .getDocumentElement();
  }

  static List<Element> children(Element of, String... path) {
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

  static String text(Element of, String name) {
    List<Element> found = children(of, name);
    return found.isEmpty() ? "" : found.getFirst().getTextContent();
  }

  /** Has what Maven Central asks for, itself or from its parent. */
  static void assertComplete(Path file, Element pom, Element parent) {
    boolean isChild = !children(pom, "parent").isEmpty();
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

  /** Brings nothing into the application that depends on it. */
  static void assertBringsNothing(Element pom) {
    for (Element dependency : children(pom, "dependencies", "dependency")) {
      assertTrue(text(dependency, "scope").matches("test|provided"), dependency::getTextContent);
    }
  }
}
