package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script does before the JVM starts; a JDK here is a release file and a program. */
class ScriptIT {
  private static final Path PAGEWHEEL = Script.home().resolve("pagewheel");

  @TempDir Path directory;
  private Script script;

  @BeforeEach
  void makeScript() throws IOException {
    script = new Script(directory).without("PAGEWHEEL_JAVA").without("PAGEWHEEL_OPTS");
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = directory.resolve(name);
    Script.program(home.resolve("bin/java"), "echo " + name + "; printf '%s\\n' \"$@\"");
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private String chosen() throws Exception {
    var result = script.run(PAGEWHEEL.toString());
    result.assertStatus(0);
    return result.out().lines().findFirst().orElseThrow();
  }

  @Test
  void theJdkThatWasNamedComesFirst() throws Exception {
    script.with("JAVA_HOME", jdk("other", "25").toString());
    script.with("PAGEWHEEL_JAVA", jdk("named", "25.0.3").toString());
    assertEquals("named", chosen());
    script.with("PAGEWHEEL_JAVA", directory.resolve("named/bin/java").toString());
    assertEquals("named", chosen());
  }

  @Test
  void anOldJavaHomeIsPassedOver() throws Exception {
    script.with("JAVA_HOME", jdk("old", "17.0.1").toString());
    script.with("JAVA25_HOME", jdk("new", "26-ea").toString());
    assertEquals("new", chosen());
  }

  @Test
  void theJavaOfThePathIsFoundBehindItsLinks() throws Exception {
    Path bin = Files.createDirectory(directory.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("java"), jdk("linked", "25").resolve("bin/java"));
    script.with("PATH", bin + ":" + System.getenv("PATH"));
    assertEquals("linked", chosen());
  }

  @Test
  void aNamedJdkThatWillNotDoIsRefused() throws Exception {
    Path old = jdk("old", "17.0.1");
    var result = script.with("PAGEWHEEL_JAVA", old.toString()).run(PAGEWHEEL.toString());
    result.assertStatus(2);
    result.assertErrorLine(
        "pagewheel: PAGEWHEEL_JAVA=%s is no JDK 25 or newer, nor its bin/java".formatted(old));
  }

  @Test
  void withoutAnyJdkItSaysWhatIsMissing() throws Exception {
    // No machine has this JDK: the search goes through every place and finds none.
    String text = Files.readString(PAGEWHEEL).replace("NEEDED=25", "NEEDED=9999");
    Path copy = Files.writeString(directory.resolve("pagewheel"), text);
    assertTrue(copy.toFile().setExecutable(true));
    var result = script.run(copy.toString());
    result.assertStatus(2);
    result.assertErrorLine(
        "pagewheel: no JDK 9999 or newer found: install one, or set PAGEWHEEL_JAVA to it");
  }

  @Test
  void theClassArchiveIsForThisUserAlone() throws Exception {
    Path cache = directory.resolve("cache");
    script.with("XDG_CACHE_HOME", cache.toString());
    script.with("PAGEWHEEL_JAVA", jdk("jdk", "25").toString());
    var result = script.run(PAGEWHEEL.toString());
    assertTrue(
        result.out().contains("-XX:SharedArchiveFile=" + cache.resolve("pagewheel")),
        result::toString);
    var permissions = Files.getPosixFilePermissions(cache.resolve("pagewheel"));
    assertEquals("rwx------", PosixFilePermissions.toString(permissions));
  }

  private Path cache() throws IOException {
    Path cache = directory.resolve("cache/pagewheel");
    Files.createDirectories(cache);
    Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx------"));
    script.with("XDG_CACHE_HOME", cache.getParent().toString());
    return cache;
  }

  /** Where the JVM is to keep its archive; empty if nowhere. */
  private String archive() throws Exception {
    script.with("PAGEWHEEL_JAVA", directory.resolve("jdk").toString());
    if (!Files.exists(directory.resolve("jdk"))) {
      jdk("jdk", "25");
    }
    var result = script.run(PAGEWHEEL.toString());
    result.assertStatus(0);
    assertEquals("", result.err());
    String option = "-XX:SharedArchiveFile=";
    return result
        .out()
        .lines()
        .filter(line -> line.startsWith(option))
        .map(line -> line.substring(option.length()))
        .findFirst()
        .orElse("");
  }

  @Test
  void noClassArchiveOfAnotherUserIsUsed() throws Exception {
    cache();
    Path archive = Path.of(archive());
    Files.writeString(archive, "code");
    Foreign.give(archive);
    assertEquals(archive.toString(), archive());
    assertFalse(Files.exists(archive));
  }

  @Test
  void noClassArchiveBehindALinkIsUsed() throws Exception {
    cache();
    Path archive = Path.of(archive());
    Path elsewhere = Files.writeString(directory.resolve("elsewhere"), "code");
    Files.createSymbolicLink(archive, elsewhere);
    archive();
    assertFalse(Files.isSymbolicLink(archive));
    Files.createLink(archive, elsewhere);
    archive();
    assertFalse(Files.exists(archive));
    assertTrue(Files.exists(elsewhere));
    Files.createDirectory(archive);
    assertEquals("", archive());
  }

  @Test
  void anArchiveThatStaysIsForThisUserAlone() throws Exception {
    cache();
    Path archive = Files.writeString(Path.of(archive()), "code");
    Files.setPosixFilePermissions(archive, PosixFilePermissions.fromString("r--r--r--"));
    assertEquals(archive.toString(), archive());
    var permissions = Files.getPosixFilePermissions(archive);
    assertEquals("rw-------", PosixFilePermissions.toString(permissions));
  }

  @Test
  void noDirectoryOfAnotherUserIsUsed() throws Exception {
    Path cache = cache();
    Foreign.give(cache);
    assertEquals("", archive());
    Files.delete(cache);
    Path own = Files.createDirectory(directory.resolve("own"));
    Files.createSymbolicLink(cache, own);
    assertEquals("", archive());
    Files.delete(cache);
    Foreign.give(cache.getParent());
    assertEquals("", archive());
    assertFalse(Files.exists(cache));
  }

  @Test
  void aPlaceWhereOthersCanRenameIsNotUsed() throws Exception {
    Path parent = cache().getParent();
    Files.setAttribute(parent, "unix:mode", 0777);
    assertEquals("", archive());
    Files.setAttribute(parent, "unix:mode", 01777);
    assertTrue(archive().startsWith(parent.toString()));
  }

  @Test
  void whatOthersCouldHavePutThereIsRemoved() throws Exception {
    Path cache = cache();
    Files.setAttribute(cache, "unix:mode", 0777);
    Path planted = Files.writeString(cache.resolve("1-2.jsa"), "code");
    assertTrue(archive().startsWith(cache.toString()));
    assertFalse(Files.exists(planted));
    assertEquals(0700, (Integer) Files.getAttribute(cache, "unix:mode") & 0777);
  }

  @Test
  void theArchivesStayBelow200Megabytes() throws Exception {
    Path cache = cache();
    for (int i = 0; i < 20; i++) {
      Path archive = cache.resolve("1000%d-1.jsa".formatted(i));
      try (var file = new RandomAccessFile(archive.toFile(), "rw")) {
        file.setLength(30_000_000);
      }
      setAge(archive, 100 - i);
    }
    archive();
    try (var files = Files.list(cache)) {
      assertEquals(
          List.of("100015-1.jsa", "100016-1.jsa", "100017-1.jsa", "100018-1.jsa", "100019-1.jsa"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void descriptorsThatAreClosedAreOpenedFirst() throws Exception {
    Path jdk = jdk("jdk", "25");
    // Not with readlink's output redirected: the shell itself would have that for a moment.
    Script.program(
        jdk.resolve("bin/java"),
        "for i in 0 1 2; do seen=${seen:-}$(readlink /proc/$$/fd/$i),; done; echo $seen >>$SEEN");
    script.with("PAGEWHEEL_JAVA", jdk.toString());
    script.with("SEEN", directory.resolve("seen").toString());
    for (String closed : List.of("<&-", ">&-", "2>&-", "<&- >&- 2>&-")) {
      script.run("sh", "-c", "'" + PAGEWHEEL + "' " + closed).assertStatus(0);
    }
    String none = "/dev/null,";
    List<String> seen = Files.readAllLines(directory.resolve("seen"));
    assertEquals(4, seen.size(), seen::toString);
    assertTrue(seen.get(0).startsWith(none), seen::toString);
    assertEquals(none, seen.get(1).replaceAll(".*?,(.*?,).*", "$1"), seen::toString);
    assertTrue(seen.get(2).endsWith(none), seen::toString);
    assertEquals(none + none + none, seen.get(3));
  }

  @Test
  void withoutAPlaceForTheClassArchiveItGoesWithout() throws Exception {
    script.with("XDG_CACHE_HOME", "/dev/null");
    script.with("PAGEWHEEL_JAVA", jdk("jdk", "25").toString());
    var result = script.run(PAGEWHEEL.toString(), "two words");
    result.assertStatus(0);
    assertEquals("", result.err());
    assertTrue(result.out().endsWith("Main\ntwo words\n"), result::toString);
    assertTrue(!result.out().contains("SharedArchive"), result::toString);
  }

  @Test
  void aSourceTreeIsBuiltWhenItIsNewerThanItsHome() throws Exception {
    Path tree =
        sourceTree(
            "printf '%s\\n' \"$@\" > mvn.args; mkdir -p \"$HOME_DIR/lib\";"
                + " : > \"$HOME_DIR/lib/pagewheel-launcher.jar\"; : > \"$HOME_DIR/../home.stamp\"");
    Path source = tree.resolve("api/src/main/java/A.java");
    setAge(source, 3600);

    var first = script.run(tree.resolve("distribution/pagewheel").toString());
    first.assertStatus(0);
    assertEquals(1, first.err().lines().count(), first::toString);
    assertTrue(first.err().startsWith("pagewheel: building from " + tree), first::toString);
    var again = script.run(tree.resolve("distribution/pagewheel").toString());
    assertEquals("", again.err());
    setAge(source, -3600);
    var changed = script.run(tree.resolve("distribution/pagewheel").toString());
    assertTrue(changed.err().startsWith("pagewheel: building"), changed::toString);
  }

  @Test
  void aFailedBuildShowsTheEndOfItsLog() throws Exception {
    Path tree = sourceTree("echo some cause; exit 1");
    var result = script.run(tree.resolve("distribution/pagewheel").toString());
    result.assertStatus(1);
    assertTrue(
        result.err().contains("\nsome cause\npagewheel: the build failed"), result::toString);
  }

  /** A tree with one source, and a mvn on the path that does what is given. */
  private Path sourceTree(String maven) throws IOException {
    Path tree = Files.createDirectory(directory.resolve("a .src tree")).toRealPath();
    Files.createDirectories(tree.resolve("api/src/main/java"));
    Files.writeString(tree.resolve("api/src/main/java/A.java"), "class A {}");
    Files.createDirectories(tree.resolve("distribution/launcher"));
    Files.writeString(tree.resolve("distribution/launcher/pom.xml"), "<project/>");
    setAge(tree.resolve("distribution/launcher/pom.xml"), 3600);
    Files.copy(PAGEWHEEL, tree.resolve("distribution/pagewheel"));
    Script.program(directory.resolve("bin/mvn"), maven);
    script.with("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    script.with("HOME_DIR", tree.resolve("distribution/launcher/target/home").toString());
    script.with("PAGEWHEEL_JAVA", jdk("jdk", "25").toString());
    return tree;
  }

  private static void setAge(Path file, long seconds) throws IOException {
    for (Path each = file; each.getParent() != null; each = each.getParent()) {
      Files.setLastModifiedTime(each, FileTime.from(Instant.now().minusSeconds(seconds)));
      if (each.endsWith("api") || each.endsWith("launcher")) {
        break;
      }
    }
  }
}
