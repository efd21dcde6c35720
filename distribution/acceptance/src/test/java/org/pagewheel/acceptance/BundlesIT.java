package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.FrameworkWiring;

/** Every bundle of the home lives beside all others, and shows only what it means to show. */
class BundlesIT {
  @TempDir Path directory;

  @Test
  void everyBundleLivesInFelix() throws Exception {
    everyBundleStarts(new Container(directory));
  }

  @Test
  void everyBundleLivesInEquinox() throws Exception {
    everyBundleStarts(new Container(Equinox.factory(), directory));
  }

  private static void everyBundleStarts(Container container) throws Exception {
    try {
      for (Bundle bundle : container.bundles()) {
        assertEquals(Bundle.ACTIVE, bundle.getState(), bundle::toString);
      }
      // These would open a terminal: it is enough that they could.
      for (Path jar : homeBundles("9-terminal")) {
        container.context().installBundle(jar.toUri().toString());
      }
      var wiring = container.context().getBundle(0).adapt(FrameworkWiring.class);
      assertTrue(wiring.resolveBundles(null));
      assertTrue(container.show("felix:lb -s").contains("org.pagewheel.api"));
    } finally {
      container.close();
    }
  }

  /** The bundles of the home whose path has this in it. */
  private static List<Path> homeBundles(String part) throws IOException {
    try (var files = Files.walk(Program.home().resolve("bundles"))) {
      var found =
          files
              .filter(file -> file.toString().endsWith(".jar") && file.toString().contains(part))
              .toList();
      assertFalse(found.isEmpty());
      return found;
    }
  }

  static Stream<Path> ownBundles() throws IOException {
    return homeBundles("/pagewheel-").stream();
  }

  @ParameterizedTest
  @MethodSource("ownBundles")
  void internalsStayInside(Path jar) throws IOException {
    String exported = header(jar, "Export-Package");
    assertFalse(exported != null && exported.contains(".internal"), exported);
  }

  @ParameterizedTest
  @MethodSource("ownBundles")
  void manifestsNameTheBundle(Path jar) throws IOException {
    String name = header(jar, "Bundle-SymbolicName");
    assertNotNull(name);
    assertTrue(name.startsWith("org.pagewheel."), name);
    assertEquals(name, header(jar, "Automatic-Module-Name"));
    assertTrue(Version.parseVersion(header(jar, "Bundle-Version")).getMajor() >= 1);
    String imported = header(jar, "Import-Package");
    assertFalse(imported != null && imported.contains("java."), imported);
  }

  private static String header(Path jar, String name) throws IOException {
    try (var file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue(name);
    }
  }
}
