package org.pagewheel.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.loader.tools.Library;
import org.springframework.boot.loader.tools.LibraryScope;
import org.springframework.boot.loader.tools.Repackager;

/** The one jar that an application depends on, in applications of each kind. */
class OneJarIT {
  private static final String JAR = Program.JAR.toString();
  private static final String ORDER = "order_filled:         id=7 price=99.500000";

  @TempDir Path directory;

  private void assertRecorded() throws Exception {
    String report = Program.report(directory, "shop.dat");
    assertTrue(report.contains(ORDER), report);
  }

  @Test
  void aProgramOnTheClassPath() throws Exception {
    Path classes = directory.resolve("classes");
    Program.compile(List.of("shop"), classes, "-cp", JAR);
    String path = JAR + File.pathSeparator + classes;
    Program.java(directory, "-cp", path, "shop.Shop");
    assertEquals(List.of("ALL-UNNAMED"), Program.refused(directory));
    assertRecorded();
    Program.java(directory, "--enable-native-access=ALL-UNNAMED", "-cp", path, "shop.Shop");
    assertEquals(List.of(), Program.refused(directory));
  }

  /** Typesafe Config's users each have a file of this name. */
  @Test
  void anotherLibrarysReferenceConf() throws Exception {
    Path classes = directory.resolve("classes");
    Program.compile(List.of("shop"), classes, "-cp", JAR);
    Files.writeString(classes.resolve("reference.conf"), "pagewheel = \"somebody else's\"");
    Program.java(directory, "-cp", classes + File.pathSeparator + JAR, "shop.Shop");
    assertRecorded();
  }

  @ParameterizedTest
  @CsvSource({"named, true", "open, false"})
  void aNamedModule(String module, String lookup) throws Exception {
    Path classes = directory.resolve("classes");
    Program.compile(List.of(module, "shop"), classes, "-p", JAR);
    String modules = JAR + File.pathSeparator + classes;
    Program.java(directory, "-Dshop.lookup=" + lookup, "-p", modules, "-m", "shop/shop.Shop");
    assertEquals(List.of("org.pagewheel"), Program.refused(directory));
    assertRecorded();
  }

  @Test
  void anImageOfAtMost80Megabytes() throws Exception {
    Path classes = directory.resolve("classes");
    Path image = directory.resolve("image");
    Program.compile(List.of("named", "shop"), classes, "-p", JAR);
    String modules = JAR + File.pathSeparator + classes;
    Program.tool("jlink", "-p", modules, "--add-modules", "shop", "--output", image.toString());
    String java = image.resolve("bin").resolve("java").toString();
    Program.run(directory, java, "-Dshop.lookup=true", "-m", "shop/shop.Shop");
    assertRecorded();
    try (Stream<Path> files = Files.walk(image)) { // some 76 of them are the JDK's
      long bytes = files.mapToLong(file -> file.toFile().length()).sum();
      assertTrue(bytes <= 80_000_000, () -> bytes + " bytes");
    }
  }

  @Test
  void aFatJarOfSpringBoot() throws Exception {
    Path classes = directory.resolve("classes");
    Path thin = directory.resolve("thin.jar");
    Path fat = directory.resolve("fat.jar");
    Program.compile(List.of("shop"), classes, "-cp", JAR);
    Program.tool(
        "jar", "-c", "-f", thin.toString(), "-e", "shop.Shop", "-C", classes.toString(), ".");
    var library =
        new Library(null, Program.JAR.toFile(), LibraryScope.COMPILE, null, false, false, true);
    new Repackager(thin.toFile()).repackage(fat.toFile(), libraries -> libraries.library(library));
    Program.java(directory, "-jar", fat.toString());
    assertRecorded();
    Files.delete(directory.resolve("shop.dat"));
    Program.java(directory, "-Dshop.pool=true", "-jar", fat.toString());
    assertRecorded();
  }

  /** Nothing that an application, or another library of it, could have in another version. */
  @Test
  void nothingOfOthersUnderTheirNames() throws Exception {
    try (JarFile jar = new JarFile(Program.JAR.toFile())) {
      List<String> strangers =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> !name.endsWith("/"))
              .filter(name -> !name.startsWith("org/pagewheel/"))
              .filter(name -> !name.startsWith("META-INF/"))
              .filter(name -> !name.equals("module-info.class"))
              .toList();
      assertEquals(List.of(), strangers);
      for (String leftover : List.of("BUILD", "package.html", "DEPENDENCIES")) {
        assertTrue(jar.stream().noneMatch(e -> e.getName().endsWith("/" + leftover)), leftover);
      }
    }
    assertTrue(Files.size(Program.JAR) < 5_000_000);
    String pom = Files.readString(Path.of("dependency-reduced-pom.xml"));
    assertTrue(!pom.contains("<artifactId>pagewheel-runtime</artifactId>"), pom);
  }
}
