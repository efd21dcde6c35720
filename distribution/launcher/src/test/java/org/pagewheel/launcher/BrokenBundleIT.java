package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A home with a bundle that does not start, at a path with spaces, reached through a link. */
class BrokenBundleIT {
  private static final Class<?> ACTIVATOR = RefusingActivator.class;

  @TempDir Path directory;
  private Script script;
  private Path home;
  private String link;

  @BeforeEach
  void copyHome() throws IOException {
    script = new Script(directory);
    home = directory.resolve("a home with spaces");
    Script.copy(Script.home(), home);
    link =
        Files.createSymbolicLink(directory.resolve("wheel"), home.resolve("pagewheel")).toString();
  }

  private void addBundle(String symbolicName, Map<String, String> more) throws IOException {
    var manifest = new Manifest();
    var headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", symbolicName);
    more.forEach(headers::putValue);
    Path file = home.resolve("bundles/2-parts/broken.jar");
    String entry = ACTIVATOR.getName().replace('.', '/') + ".class";
    try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest);
        var code = ACTIVATOR.getClassLoader().getResourceAsStream(entry)) {
      jar.putNextEntry(new JarEntry(entry));
      code.transferTo(jar);
    }
  }

  private void addRefusingBundle(String symbolicName) throws IOException {
    addBundle(
        symbolicName,
        Map.of("Bundle-Activator", ACTIVATOR.getName(), "Import-Package", "org.osgi.framework"));
  }

  @Test
  void oneThatDoesNotResolveIsToldAndNotFatal() throws Exception {
    addBundle("org.acme.broken", Map.of("Import-Package", "org.acme.missing"));
    var result = script.run(link, "-c", "echo on");
    result.assertStatus(0);
    assertEquals("on", result.out().strip());
    assertEquals(1, result.err().lines().count(), result::toString);
    assertTrue(
        result.err().startsWith("pagewheel: bundle broken.jar did not start: "), result::toString);
    assertTrue(result.err().contains("org.acme.missing"), result::toString);
  }

  @Test
  void aForeignOneThatThrowsIsToldAndNotFatal() throws Exception {
    addRefusingBundle("org.acme.broken");
    var result = script.run(link, "-c", "echo on");
    result.assertStatus(0);
    result.assertErrorLine(
        "pagewheel: bundle broken.jar did not start: " + RefusingActivator.MESSAGE);
  }

  @Test
  void aWrongConfigurationIsAWrongArgument() throws Exception {
    addRefusingBundle("org.pagewheel.broken");
    var result = script.run(link, "-c", "echo on");
    result.assertStatus(2);
    result.assertErrorLine("pagewheel: " + RefusingActivator.MESSAGE);
    assertEquals("", result.out());
  }
}
