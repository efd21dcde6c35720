package org.pagewheel.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Provides;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each jar that is published on its own is a module, and a named application runs with them. */
class ModulesIT {
  private static final List<String> PARTS = PublishedJars.PARTS;

  @TempDir Path directory;

  @Test
  void modulesAndBundlesSayTheSame() throws Exception {
    for (String part : PublishedJars.all()) {
      try (JarFile jar = new JarFile(PublishedJars.of(part).toFile())) {
        ModuleDescriptor module =
            ModuleDescriptor.read(jar.getInputStream(jar.getEntry("module-info.class")));
        Manifest manifest = jar.getManifest();
        assertEquals(value(manifest, "Bundle-SymbolicName"), module.name());
        assertEquals(packages(manifest), exported(module), part);
        assertEquals(services(jar), provided(module), part);
      }
    }
  }

  private static String value(Manifest manifest, String key) {
    String value = manifest.getMainAttributes().getValue(key);
    return value == null ? "" : value;
  }

  /** Directives and quoted versions hold commas, too. */
  private static Set<String> packages(Manifest manifest) {
    String names =
        value(manifest, "Export-Package").replaceAll(";[a-z]+:?=(\"[^\"]*\"|[^,;]*)", "");
    return Stream.of(names.split(","))
        .filter(name -> !name.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> exported(ModuleDescriptor module) {
    return module.exports().stream()
        .map(Exports::source)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Set<String>> services(JarFile jar) throws Exception {
    Map<String, Set<String>> services = new TreeMap<>();
    for (var entry :
        jar.stream().filter(file -> file.getName().matches(".*/services/.+")).toList()) {
      String text = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
      services.put(
          entry.getName().replaceFirst(".*/", ""), text.lines().collect(Collectors.toSet()));
    }
    return services;
  }

  private static Map<String, Set<String>> provided(ModuleDescriptor module) {
    return module.provides().stream()
        .collect(
            Collectors.toMap(
                Provides::service,
                service -> Set.copyOf(service.providers()),
                (one, other) -> one,
                TreeMap::new));
  }

  /** No part uses what its module cannot read; OSGi's packages aside. */
  @Test
  void eachModuleRequiresWhatItUses() throws Exception {
    String path = parts() + File.pathSeparator + libraries();
    for (String part : PARTS) {
      ModuleDescriptor module =
          ModuleFinder.of(PublishedJars.of(part)).findAll().iterator().next().descriptor();
      String[] options = {
        "--ignore-missing-deps", "--multi-release", "base", "--module-path", path, "--check"
      };
      String check = tool("jdeps", options, module.name());
      // There is no such part where nothing else would be better.
      int at = check.indexOf("[Suggested");
      String suggested = at < 0 ? "" : check.substring(at, check.indexOf("[Transitive", at));
      Set<String> declared =
          module.requires().stream().map(Requires::name).collect(Collectors.toSet());
      for (String line : suggested.lines().filter(text -> text.contains(" requires ")).toList()) {
        String name = line.replaceAll(".* |;", "");
        assertTrue(declared.contains(name), () -> part + " does not require " + name);
      }
      assertTrue(check.contains("requires mandated java.base"), check);
    }
  }

  private static String tool(String name, String[] options, String... operands) {
    var out = new ByteArrayOutputStream();
    var printed = new PrintStream(out);
    String[] all = Stream.of(options, operands).flatMap(Arrays::stream).toArray(String[]::new);
    int status = ToolProvider.findFirst(name).orElseThrow().run(printed, printed, all);
    assertEquals(0, status, out::toString);
    return out.toString();
  }

  @Test
  void anApplicationThatIsANamedModuleRecords() throws Exception {
    Path classes = directory.resolve("classes");
    Path source = Files.createDirectory(directory.resolve("source"));
    Files.writeString(
        source.resolve("module-info.java"), "module shop { requires org.pagewheel.runtime; }");
    String path = parts() + File.pathSeparator + libraries();
    tool(
        "javac",
        new String[] {"-Xlint:all", "-Werror", "-d", classes.toString(), "-p", path},
        source.resolve("module-info.java").toString(),
        PublishedJars.ROOT
            .resolve("distribution/embedded/src/test/resources/programs/shop/Shop.java")
            .toString());
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Program.Result result =
        Program.run(
            directory,
            java,
            "--enable-native-access=org.pagewheel.api,org.pagewheel.backend.lockfree",
            "-Dshop.lookup=true",
            "-p",
            path + File.pathSeparator + classes,
            "-m",
            "shop/shop.Shop");
    result.assertStatus(0);
    assertEquals("", result.err());
    assertOrder();
    result =
        Program.run(
            directory,
            java,
            "-Dshop.lookup=true",
            "-Dpagewheel.buffers.main.backend=offheap",
            "-Dpagewheel.buffers.main.file=ring",
            "-Dpagewheel.buffers.main.consumers.numbers.type=stats",
            "-Dpagewheel.buffers.main.consumers.files.type=splice",
            "-Dpagewheel.buffers.main.consumers.files.dir=" + directory,
            "-p",
            path + File.pathSeparator + classes,
            "-m",
            "shop/shop.Shop");
    result.assertStatus(0);
    String refused = "--enable-native-access=org.pagewheel.api,org.pagewheel.backend.lockfree\n";
    assertTrue(result.err().endsWith(refused), result::toString);
    assertEquals(2, result.err().lines().count(), result::toString);
    assertOrder();
  }

  private void assertOrder() throws Exception {
    List<String> report = Program.report(directory.resolve("shop.dat"));
    assertTrue(
        report.stream().anyMatch(line -> line.contains("id=7 price=99.5")), report::toString);
    Files.delete(directory.resolve("shop.dat"));
  }

  private static String parts() throws Exception {
    StringBuilder path = new StringBuilder();
    for (String part : PARTS) {
      path.append(path.isEmpty() ? "" : File.pathSeparator).append(PublishedJars.of(part));
    }
    return path.toString();
  }

  /** Those that the runtime brings, from this class path. */
  private static String libraries() {
    Set<String> known =
        Set.of(
            "com.google.common",
            "com.google.common.util.concurrent.internal",
            "com.google.guice",
            "jakarta.inject",
            "org.apache.servicemix.bundles.aopalliance",
            "typesafe.config");
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar"))
        .filter(
            entry ->
                ModuleFinder.of(Path.of(entry)).findAll().stream()
                    .map(ModuleReference::descriptor)
                    .map(ModuleDescriptor::name)
                    .anyMatch(known::contains))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
