package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that misbehave are reported in a line each and hold up nobody. */
class PluginsIT {
  @TempDir Path directory;
  private Script script;
  private Path home;
  private String pagewheel;

  @BeforeEach
  void copyHome() throws IOException {
    script = new Script(directory);
    home = directory.resolve("home");
    Script.copy(Script.home(), home);
    pagewheel = home.resolve("pagewheel").toString();
  }

  private void plugin(String name, String conduct) throws IOException {
    plugin(name, conduct, "org.osgi.framework");
  }

  private void plugin(String name, String conduct, String imports) throws IOException {
    var manifest = new Manifest();
    var headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", "org.acme." + name);
    headers.putValue("Bundle-Activator", UnrulyActivator.class.getName());
    headers.putValue("Import-Package", imports);
    headers.putValue(UnrulyActivator.HEADER, conduct);
    Path file = home.resolve("plugins").resolve(name + ".jar");
    Path whole = directory.resolve(name + ".jar");
    String entry = UnrulyActivator.class.getName().replace('.', '/') + ".class";
    try (var jar = new JarOutputStream(Files.newOutputStream(whole), manifest);
        var code = UnrulyActivator.class.getClassLoader().getResourceAsStream(entry)) {
      jar.putNextEntry(new JarEntry(entry));
      code.transferTo(jar);
    }
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void theOthersGoOn() throws Exception {
    plugin("a-hangs", "hang");
    plugin("b-throws", "throw");
    plugin("c-throws-later", "thread");
    plugin("d-lacks", "well", "org.acme.missing");
    plugin("e-is-well", "well");
    var result = script.run(pagewheel, "-c", "echo up");
    result.assertStatus(0);
    assertEquals(List.of("started org.acme.e-is-well", "up"), result.out().lines().toList());
    var told = result.err().lines().sorted().toList();
    assertEquals(4, told.size(), result::toString);
    assertEquals(
        "pagewheel: bundle a-hangs.jar has not started yet: the others go on without it",
        told.get(0));
    assertEquals("pagewheel: bundle b-throws.jar did not start: boom; second line", told.get(1));
    assertTrue(
        told.get(2).startsWith("pagewheel: bundle d-lacks.jar did not start: "), result::toString);
    assertEquals("pagewheel: thread 'background' ended: in the background", told.get(3));
  }

  /** Random bytes, nothing at all, and a jar of classes alone: each by a word of its own. */
  private void noBundles() throws IOException {
    Path plugins = home.resolve("plugins");
    Files.write(plugins.resolve("junk.jar"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
    Files.createFile(plugins.resolve("empty.jar"));
    try (var jar =
        new JarOutputStream(Files.newOutputStream(plugins.resolve("plain.jar")), new Manifest())) {
      jar.putNextEntry(new JarEntry("a.txt"));
    }
    for (String name : List.of("junk.jar", "empty.jar", "plain.jar")) {
      // Nobody is in the middle of copying them.
      Files.setLastModifiedTime(plugins.resolve(name), FileTime.from(Instant.EPOCH));
    }
  }

  private static final List<String> NO_BUNDLES =
      List.of(
          "pagewheel: plugin empty.jar is empty: a plugin is an OSGi bundle, as bnd makes it",
          "pagewheel: plugin junk.jar cannot be read as a jar: a plugin is an OSGi bundle, as bnd"
              + " makes it",
          "pagewheel: plugin plain.jar has no Bundle-SymbolicName in its manifest: a plugin is an"
              + " OSGi bundle, as bnd makes it");

  @Test
  void whatIsNoBundleIsReported() throws Exception {
    noBundles();
    var result = script.run(pagewheel, "-c", "echo up");
    result.assertStatus(0);
    assertEquals("up", result.out().strip());
    assertEquals(NO_BUNDLES, result.err().lines().sorted().toList());
  }

  @Test
  void whatIsNoBundleAndComesLaterIsReportedOnce() throws Exception {
    Process process = script.start(pagewheel);
    try (var input = process.outputWriter()) {
      input.write("echo up\n");
      input.flush();
      await("up");
      noBundles();
      while (Files.readAllLines(directory.resolve("err")).size() < NO_BUNDLES.size()) {
        Thread.sleep(20); // as long as the hang guard of the build allows
      }
      plugin("late", "well");
      await("started org.acme.late");
    }
    var result = script.await(process);
    result.assertStatus(0);
    assertEquals(NO_BUNDLES, result.err().lines().sorted().toList());
  }

  @Test
  void whoeverEndsTheProgramIsNamed() throws Exception {
    plugin("exits", "exit");
    var result = script.run(pagewheel, "-c", "echo up");
    result.assertStatus(UnrulyActivator.STATUS);
    result.assertErrorLine("pagewheel: System.exit was called by thread 'start of exits.jar'");
    assertEquals(List.of(), script.caches());
  }

  @Test
  void whatIsDroppedInLaterStartsToo() throws Exception {
    Process process = script.start(pagewheel);
    try (var input = process.outputWriter()) {
      input.write("echo up\n");
      input.flush();
      await("up");
      plugin("hangs", "hang");
      plugin("throws", "throw");
      plugin("late", "well");
      await("started org.acme.late");
      while (!Files.readString(directory.resolve("err")).contains("boom")) {
        Thread.sleep(20);
      }
    }
    script.await(process).assertStatus(0);
  }

  private void await(String line) throws Exception {
    while (Files.readAllLines(directory.resolve("out")).stream().noneMatch(line::equals)) {
      Thread.sleep(20); // as long as the hang guard of the build allows
    }
  }

  @Test
  void pluginsThatOthersCouldHavePutThereAreNotStarted() throws Exception {
    plugin("is-well", "well");
    Files.setAttribute(home.resolve("plugins"), "unix:mode", 0777);
    var result = script.run(pagewheel, "-c", "echo up");
    result.assertStatus(0);
    assertEquals("up", result.out().strip());
    result.assertErrorLine(
        "pagewheel: no plugins are started: %s belongs to another user, or others can write into it"
            .formatted(home.toRealPath().resolve("plugins")));
  }
}
