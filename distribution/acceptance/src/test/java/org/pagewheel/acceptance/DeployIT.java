package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** What is deployed: all that is meant to be public, complete, and nothing else. */
class DeployIT {
  /** The files of each artifact, as what follows its name and version. */
  private static Map<String, Set<String>> deployed() throws Exception {
    Map<String, Set<String>> found = new TreeMap<>();
    for (Path file : Deployment.files()) {
      Path version = file.getParent();
      assertEquals(Deployment.VERSION, version.getFileName().toString());
      String artifact = Deployment.repository().relativize(version.getParent()).toString();
      String name = artifact.replaceFirst(".*/", "");
      String timestamp = name + "-1\\.0\\.0-\\d{8}\\.\\d{6}-1[-.]";
      found
          .computeIfAbsent(artifact, each -> new TreeSet<>())
          .add(file.getFileName().toString().replaceFirst(timestamp, ""));
    }
    return found;
  }

  @Test
  void whatIsPublicGoesAndNothingElse() throws Exception {
    Map<String, Set<String>> expected = new TreeMap<>();
    Element bom = PomFile.read(PublishedJars.ROOT.resolve("distribution/bom/pom.xml"));
    for (Element part :
        PomFile.children(bom, "dependencyManagement", "dependencies", "dependency")) {
      expected.put("org/pagewheel/" + PomFile.text(part, "artifactId"), jar());
    }
    expected.put("org/pagewheel/pagewheel-api", jar("tests.jar"));
    expected.put("org/pagewheel/pagewheel-launcher", jar("tar.gz", "zip"));
    expected.put("org/pagewheel/pagewheel-sql", jar());
    expected.put("org/pagewheel/pagewheel-bom", Set.of("pom"));
    expected.put(
        "org/pagewheel/pagewheel-parent",
        Deployment.WHOLE ? Set.of("cyclonedx.json", "pom") : Set.of("pom"));
    assertEquals(expected, deployed());
  }

  private static Set<String> jar(String... more) {
    Set<String> files = new TreeSet<>(List.of("jar", "pom", "sources.jar"));
    files.addAll(List.of(more));
    if (Deployment.WHOLE) {
      files.addAll(List.of("cyclonedx.json", "javadoc.jar"));
    }
    return files;
  }

  @Test
  void thePomsAreComplete() throws Exception {
    Element parent = PomFile.read(pom("pagewheel-parent"));
    for (String artifact : deployed().keySet()) {
      Path file = pom(artifact.replaceFirst(".*/", ""));
      PomFile.assertComplete(file, PomFile.read(file), parent);
    }
    PomFile.assertBringsNothing(PomFile.read(pom("pagewheel")));
  }

  private static Path pom(String artifact) throws Exception {
    return Deployment.files().stream()
        .filter(file -> file.toString().matches(".*/" + artifact + "-\\d[^/]*\\.pom"))
        .findFirst()
        .orElseThrow();
  }
}
