package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.acceptance.readme.Shop;
import org.pagewheel.acceptance.readme.ShopActivator;

/** What the README shows, code and commands, is what runs. */
class ReadmeIT {
  private static final Path ROOT = Path.of("..", "..");
  private static final String TESTS = "src/test/java/org/pagewheel";

  private static final String PROMPT = "    ring> ";

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
            Path.of(TESTS, "acceptance/readme/Desk.java"),
            ROOT.resolve(
                "distribution/examples/backend/src/test/java/com/example/turnstile/"
                    + "TurnstileConformanceTest.java"));
    List<String> files = new ArrayList<>();
    for (Path source : sources) {
      assertTrue(blocks.find(), "the README lacks the code of " + source);
      String shown = blocks.group(1);
      String text = Files.readString(source).replaceFirst("(?m)^/\\*\\* .* \\*/\n", "");
      assertEquals(
          shown.startsWith("package ") ? text : text.replaceFirst("package .*;\n\n", ""),
          shown,
          source.toString());
      files.add(Files.writeString(directory.resolve(source.getFileName()), shown).toString());
    }
    assertTrue(!blocks.find(), "code in the README that no test runs");
    assertCompiles(files);
  }

  /** As pasted, each into a file of its own. */
  private void assertCompiles(List<String> files) {
    String classPath =
        System.getProperty("java.class.path")
            + File.pathSeparator
            + ROOT.resolve("api/target/test-classes");
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "-d", directory.resolve("classes").toString()));
    arguments.addAll(List.of("-cp", classPath));
    arguments.addAll(files);
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, errors, arguments.toArray(String[]::new));
    assertEquals(0, status, errors::toString);
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
    assertTrue(shop.waitFor(180, TimeUnit.SECONDS));
    assertEquals(0, shop.exitValue(), Files.readString(directory.resolve("out")));
    String report = String.join("\n", Program.report(directory.resolve("shop.dat")));
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
      String report = String.join("\n", Program.report(file));
      assertTrue(report.contains("shop_opened:"), report);
      assertTrue(report.contains("bundle=readme.shop"), report);
    } finally {
      container.close();
    }
  }

  /**
   * All of them in one session, in this order, with their comments, as somebody who pastes them.
   */
  @Test
  void everyLineForTheShellWorks() throws Exception {
    List<String> lines =
        readme()
            .filter(line -> line.startsWith(PROMPT))
            .map(line -> line.substring(PROMPT.length()))
            .map(line -> line.replace("/var/tmp", directory.toString()))
            .map(line -> line.replace("ring:top ", "ring:top -n 1 ")) // nobody presses a key
            .toList();
    assertTrue(lines.size() >= 16, lines::toString);
    Files.write(directory.resolve("lines"), lines);
    Program.Result result =
        Program.run(directory, "sh", "-c", Program.home().resolve("pagewheel") + " <lines");
    assertEquals("", result.assertStatus(0).err());
    assertTrue(result.out().contains("wrote " + directory.resolve("trace.dat")), result.out());
    List<Path> written;
    try (Stream<Path> files = Files.list(directory)) {
      written = files.filter(file -> file.toString().endsWith(".dat")).toList();
    }
    assertEquals(3, written.size(), written::toString); // saved, spliced and a snapshot
    for (Path file : written) {
      Program.report(file);
    }
  }

  @Test
  void theConfigurationIsTaken() throws Exception {
    Matcher block =
        Pattern.compile("```hocon\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")));
    assertTrue(block.find());
    Path file = directory.resolve("pagewheel.conf");
    Files.writeString(file, block.group(1).replace("/var/tmp", "\"" + directory + "\""));
    Program.Result result =
        Program.pagewheel(directory, "-Dpagewheel.config=" + file, "-c", "ring:trigger main");
    assertTrue(result.assertStatus(0).out().contains("exchange:order_filled"), result::toString);
    assertEquals("", result.err());
    Program.report(directory.resolve("last.dat")); // saved on exit
  }

  @Test
  void theTriggerFiresInTheDemo() throws Exception {
    String trigger =
        readme()
            .filter(line -> line.startsWith(PROMPT + "ring:trigger main exchange:"))
            .findFirst()
            .orElseThrow()
            .substring(PROMPT.length());
    Program.pagewheel(directory, "-c", trigger + "\nring:demo").assertStatus(0);
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> snapshots =
          files.filter(file -> file.getFileName().toString().startsWith("main-")).toList();
      assertEquals(3, snapshots.size(), trigger);
    }
  }

  /** The block of commands, which waits for events in the ring, however slow things are. */
  @Test
  void afterAKillEverythingIsStillThere() throws Exception {
    String all = Files.readString(ROOT.resolve("README.md"));
    String crash = all.substring(all.indexOf("## After a crash"));
    List<String> commands =
        crash
            .lines()
            .skip(1)
            .takeWhile(line -> !line.startsWith("#") && !line.startsWith("`"))
            .filter(line -> line.startsWith("    "))
            .map(line -> line.replace("distribution/", Program.home() + "/"))
            .toList();
    assertEquals(4, commands.size(), commands::toString);
    String script = String.join("\n", commands);
    assertTrue(script.contains("; kill -9 $!"), script);
    Program.Result result = Program.run(directory, "bash", "-ec", script);
    assertTrue(result.assertStatus(0).out().contains("wrote "), result::toString);
    assertTrue(result.out().contains(" order_filled: "), result::toString);
    assertTrue(Program.report(directory.resolve("out.dat")).size() > 10, result::toString);
  }

  private static Stream<String> readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md")).lines();
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
}
