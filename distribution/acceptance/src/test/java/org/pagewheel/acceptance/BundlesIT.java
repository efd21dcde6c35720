package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Version;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.framework.wiring.FrameworkWiring;

/** Every bundle of the home lives beside all others, and shows only what it means to show. */
class BundlesIT {
  @TempDir Path directory;

  static Stream<Arguments> frameworksAndExtras() {
    return Stream.of("felix", "equinox")
        .flatMap(
            framework ->
                Stream.of("", "configadmin", "fileinstall", "scr", "configadmin fileinstall scr")
                    .map(extras -> Arguments.of(framework, extras)));
  }

  private static FrameworkFactory factory(String framework) throws IOException {
    return framework.equals("felix")
        ? ServiceLoader.load(FrameworkFactory.class).findFirst().orElseThrow()
        : Equinox.factory();
  }

  /**
   * Our bundles and the libraries that they import; the first that does not resolve is an error.
   */
  private Container container(String framework, String extras, String without) throws Exception {
    List<Path> jars = new ArrayList<>(Container.extras(extras));
    jars.addAll(
        Container.home().stream()
            .filter(jar -> !jar.getParent().getFileName().toString().matches(without))
            .toList());
    return new Container(factory(framework), directory.resolve("storage"), jars);
  }

  @ParameterizedTest
  @MethodSource("frameworksAndExtras")
  void ourBundlesLiveBesideTheseExtrasAndRecord(String framework, String extras) throws Exception {
    Container container = container(framework, extras, "3-plugins");
    try {
      container.open();
      assertEachIsActive(container);
      Container.await("main records", () -> container.show("list").contains(" on "));
      container.execute("mark main from " + framework);
      Path file = directory.resolve("bundles.dat");
      container.execute("save " + file + " main");
      assertTrue(Program.report(file).stream().anyMatch(l -> l.contains("from " + framework)));
    } finally {
      container.close();
    }
  }

  /** Not even Gogo: an application that records, and no shell. */
  @ParameterizedTest
  @ValueSource(strings = {"felix", "equinox"})
  void theRuntimeNeedsNoShell(String framework) throws Exception {
    Container container = container(framework, "", "3-plugins|5-commands|6-shell");
    try {
      assertEachIsActive(container);
      assertNotNull(container.bundle("org.pagewheel.runtime").getRegisteredServices());
    } finally {
      container.close();
    }
  }

  /** A backend without an activator, made by declarative services where there are any. */
  @ParameterizedTest
  @ValueSource(strings = {"felix", "equinox"})
  void aBackendMayBeADeclaredComponent(String framework) throws Exception {
    Path jar =
        FixtureBundle.changed(
            Path.of("..", "examples", "backend", "target", "turnstile-1.0.0.jar"),
            directory.resolve("declared.jar"),
            Map.of("Bundle-Activator", "", "Service-Component", "OSGI-INF/backend.xml"),
            Map.of(
                "OSGI-INF/backend.xml",
                """
                <scr:component name="turnstile"
                    xmlns:scr="http://www.osgi.org/xmlns/scr/v1.3.0">
                  <implementation class="com.example.turnstile.TurnstileBackend"/>
                  <service><provide interface="org.pagewheel.spi.Backend"/></service>
                </scr:component>
                """));
    Container container = container(framework, "scr", "3-plugins");
    try {
      container.open();
      Bundle bundle = container.context().installBundle(jar.toUri().toString());
      bundle.start();
      Container.await("it is there", () -> container.show("backends").contains("turnstile"));
      container.execute("swap main turnstile");
      container.execute("mark main in a declared one");
      bundle.stop();
      assertTrue(container.show("list").contains("backend turnstile has gone"));
      assertTrue(container.show("cat main").contains("in a declared one"));
    } finally {
      container.close();
    }
  }

  @Test
  void whatDoesNotResolveIsFound() throws Exception {
    BundleException e =
        assertThrows(BundleException.class, () -> container("felix", "", "1-libraries").close());
    assertEquals(BundleException.RESOLVE_ERROR, e.getType(), e.getMessage());
    assertTrue(e.getMessage().contains("missing requirement"), e.getMessage());
  }

  @Test
  void everyBundleLivesInFelix() throws Exception {
    everyBundleStarts(new Container(directory));
  }

  @Test
  void everyBundleLivesInEquinox() throws Exception {
    everyBundleStarts(new Container(Equinox.factory(), directory));
  }

  private static void assertEachIsActive(Container container) {
    for (Bundle bundle : container.bundles()) {
      assertEquals(Bundle.ACTIVE, bundle.getState(), bundle::toString);
    }
  }

  private static void everyBundleStarts(Container container) throws Exception {
    try {
      assertEachIsActive(container);
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
