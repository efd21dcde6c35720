package org.pagewheel.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Makes bundles of classes of these tests, and versions of bundles. */
final class FixtureBundle {
  private static final String IMPORTS =
      "org.osgi.framework,org.pagewheel,org.pagewheel.event,org.pagewheel.format,org.pagewheel.spi";

  private FixtureBundle() {}

  /** A bundle of an activator and the classes beside it. */
  static Path of(Path jar, Class<?> activator) throws IOException, URISyntaxException {
    Path classes = Path.of(activator.getProtectionDomain().getCodeSource().getLocation().toURI());
    Map<String, String> all = new TreeMap<>();
    all.put("Bundle-Activator", activator.getName());
    all.put("Bundle-ManifestVersion", "2");
    all.put("Bundle-SymbolicName", activator.getPackageName());
    all.put("Bundle-Version", "1.0.0");
    all.put("Import-Package", IMPORTS);
    Path directory = classes.resolve(activator.getPackageName().replace('.', '/'));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest(all));
        Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
      }
    }
    return jar;
  }

  private static void put(Map<String, String> texts, JarOutputStream out) throws IOException {
    for (Map.Entry<String, String> text : texts.entrySet()) {
      out.putNextEntry(new JarEntry(text.getKey()));
      out.write(text.getValue().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Manifest manifest(Map<String, String> headers) {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
    return manifest;
  }

  /** The same bundle with another version. */
  static Path version(Path bundle, String version, Path jar) throws IOException {
    return changed(bundle, jar, Map.of("Bundle-Version", version), Map.of());
  }

  /** The same bundle with other headers, where empty ones are left out, and more text files. */
  static Path changed(Path bundle, Path jar, Map<String, String> headers, Map<String, String> texts)
      throws IOException {
    List<String> names = new ArrayList<>();
    try (InputStream file = Files.newInputStream(bundle);
        JarInputStream in = new JarInputStream(file)) {
      Manifest manifest = in.getManifest();
      headers.forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
      manifest.getMainAttributes().values().removeIf(""::equals);
      try (OutputStream to = Files.newOutputStream(jar);
          JarOutputStream out = new JarOutputStream(to, manifest)) {
        for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
          names.add(entry.getName());
          out.putNextEntry(new JarEntry(entry.getName()));
          in.transferTo(out);
        }
        put(texts, out);
      }
    }
    if (names.isEmpty()) {
      throw new IOException(bundle + " has nothing in it");
    }
    return jar;
  }
}
