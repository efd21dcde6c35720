package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.acceptance.readme.Shop;
import org.pagewheel.acceptance.readme.ShopActivator;

/** What the README shows is code that runs. */
class ReadmeIT {
  private static final Path ROOT = Path.of("..", "..");
  private static final String TESTS = "src/test/java/org/pagewheel";

  @TempDir Path directory;

  @Test
  void theSnippetsAreTheseClasses() throws IOException {
    Matcher blocks =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")));
    List<Path> sources =
        List.of(
            Path.of(TESTS, "acceptance/readme/Shop.java"),
            Path.of(TESTS, "acceptance/readme/ShopActivator.java"),
            ROOT.resolve(
                "backend-heap/" + TESTS + "/backend/heap/internal/HeapConformanceTest.java"));
    for (Path source : sources) {
      assertTrue(blocks.find(), "the README lacks the code of " + source);
      String text = Files.readString(source);
      int from =
          text.contains("// README\n") ? text.indexOf("// README\n") + 10 : text.indexOf("class ");
      assertEquals(text.substring(from).strip(), blocks.group(1).strip(), source.toString());
    }
    assertTrue(!blocks.find(), "code in the README that no test runs");
  }

  @Test
  void theApplicationWritesAFileThatTraceCmdPrints() throws Exception {
    Process shop =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Shop.class.getName())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out").toFile())
            .start();
    assertTrue(shop.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, shop.exitValue(), Files.readString(directory.resolve("out")));
    String report = report(directory.resolve("shop.dat"));
    assertTrue(report.contains("order_filled:"), report);
    assertTrue(report.contains("id=1 price=99.500000 side=BUY venue=XETRA"), report);
    assertTrue(report.contains("the shop closes"), report);
  }

  @Test
  void theBundleRecordsIntoTheContainersBuffer() throws Exception {
    Container container = new Container(directory.resolve("felix"));
    try {
      container.context().installBundle(bundle().toUri().toString()).start();
      Path file = directory.resolve("container.dat");
      container.execute("ring:save " + file + " main");
      assertTrue(report(file).contains("shop_opened:"));
      assertTrue(report(file).contains("bundle=readme.shop"));
    } finally {
      container.close();
    }
  }

  private Path bundle() throws IOException, URISyntaxException {
    Path jar = directory.resolve("shop.jar");
    Path classes =
        Path.of(ShopActivator.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String name = ShopActivator.class.getName();
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> all = Files.list(classes.resolve(name.replace('.', '/')).getParent())) {
      out.putNextEntry(new JarEntry("META-INF/MANIFEST.MF"));
      out.write(
          ("Manifest-Version: 1.0\nBundle-ManifestVersion: 2\nBundle-SymbolicName: readme.shop\n"
                  + "Bundle-Activator: "
                  + name
                  + "\nImport-Package: org.osgi.framework,org.pagewheel,org.pagewheel.event\n")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (Path each : all.filter(f -> f.getFileName().toString().startsWith("ShopA")).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
        Files.copy(each, out);
      }
    }
    return jar;
  }

  private static String report(Path file) throws Exception {
    Process trace =
        new ProcessBuilder("trace-cmd", "report", file.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(trace.getInputStream().readAllBytes());
    assertEquals(0, trace.waitFor(), text);
    return text;
  }
}
