package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

/** Somebody's project, which has nothing of ours but one dependency from a repository. */
class StrangerIT {
  private static final Path PROGRAM = Path.of("src/test/resources/stranger").toAbsolutePath();

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"-cp, stranger.Main, false", "-p, stranger/stranger.Main, true"})
  void recordsReadsBackAndSavesWithoutAFlag(String path, String main, boolean named)
      throws Exception {
    Path sources = directory.resolve("src/main/java");
    Files.createDirectories(sources.resolve("stranger"));
    Files.copy(PROGRAM.resolve("Main.java"), sources.resolve("stranger/Main.java"));
    if (named) {
      String module = "module stranger { requires org.pagewheel; }";
      Files.writeString(sources.resolve("module-info.java"), module);
    }
    Files.writeString(directory.resolve("pom.xml"), project());
    Deployment.maven(directory, "stranger", List.of("compile"));
    String[] libraries = directory.resolve("target/dependency").toFile().list();
    assertEquals(1, libraries.length, () -> Arrays.toString(libraries));
    String classes = "target/classes:target/dependency/" + libraries[0];
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String[] command = {java, path, classes, main};
    if (named) {
      command = new String[] {java, path, classes, "-m", main};
    }
    Program.Result result = Program.run(directory, command).assertStatus(0);
    assertEquals("Order[id=7, price=99.5], 99.5\n", result.out());
    List<String> report = Program.report(directory.resolve("shop.dat"));
    assertTrue(report.stream().anyMatch(line -> line.contains("id=7 price=99.5")));
  }

  private static String project() throws Exception {
    String text = Files.readString(PROGRAM.resolve("pom.xml"));
    text = text.replace("@deployed@", Deployment.repository().toUri().toString());
    for (Map.Entry<String, String> plugin : plugins().entrySet()) {
      text = text.replace("@" + plugin.getKey() + "@", plugin.getValue());
    }
    return text;
  }

  private static Map<String, String> plugins() throws Exception {
    Map<String, String> versions = new TreeMap<>();
    Element ours = PomFile.read(PublishedJars.ROOT.resolve("pom.xml"));
    Element properties = PomFile.children(ours, "properties").getFirst();
    for (Element plugin :
        PomFile.children(ours, "build", "pluginManagement", "plugins", "plugin")) {
      String version = PomFile.text(plugin, "version");
      if (version.startsWith("${")) {
        version = PomFile.text(properties, version.substring(2, version.length() - 1));
      }
      versions.put(PomFile.text(plugin, "artifactId"), version);
    }
    return versions;
  }

  @Test
  void itsProgramHasTenLinesAtMost() throws Exception {
    List<String> lines = Files.readAllLines(PROGRAM.resolve("Main.java"));
    long body = lines.stream().filter(line -> line.startsWith("    ")).count();
    assertTrue(body >= 5 && body <= 10, () -> body + " lines");
  }
}
