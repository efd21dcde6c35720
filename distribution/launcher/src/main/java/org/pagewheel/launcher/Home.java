package org.pagewheel.launcher;

import java.io.IOException;
import java.io.Reader;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** The directory that Pagewheel was assembled into: lib, bundles, etc, plugins. */
final class Home {
  private Home() {}

  /** The home that this class was loaded from: its jar is in {@code lib}. */
  static Path locate() throws IOException, URISyntaxException {
    var source = Home.class.getProtectionDomain().getCodeSource().getLocation();
    Path home = Path.of(source.toURI()).toAbsolutePath().resolve("../..").normalize();
    if (!Files.isDirectory(home.resolve("bundles"))) {
      throw new IOException(
          "%s is not a Pagewheel home: it has no directory 'bundles'".formatted(home));
    }
    return home;
  }

  /**
   * Sets properties with which bundles, the shell and the log find the home; the user's own values
   * stay.
   */
  static void describe(Path home) {
    Map<String, String> defaults =
        Map.of(
            "pagewheel.home", home.toString(),
            "pagewheel.config", home.resolve("etc/pagewheel.conf").toString(),
            "java.util.logging.config.file", home.resolve("etc/logging.properties").toString(),
            "gosh.home", home.toString());
    defaults.forEach(
        (key, value) -> {
          if (System.getProperty(key) == null) {
            System.setProperty(key, value);
          }
        });
  }

  /** etc/framework.properties, with <code>${pagewheel.home}</code> and the cache filled in. */
  static Map<String, String> frameworkProperties(Path home, Path cache) throws IOException {
    var file = new Properties();
    try (Reader reader = Files.newBufferedReader(home.resolve("etc/framework.properties"))) {
      file.load(reader);
    }
    Map<String, String> properties = new HashMap<>();
    for (String key : file.stringPropertyNames()) {
      String value =
          file.getProperty(key)
              .replace("${pagewheel.home}", home.toString())
              .replace("${pagewheel.cache}", cache.toString());
      properties.put(key, System.getProperty(key, value));
    }
    return properties;
  }

  /** The directories for plugins, by absolute paths; commas separate several. */
  static List<Path> plugins(String directories) {
    return Stream.of(directories == null ? new String[0] : directories.split(","))
        .filter(name -> !name.isBlank())
        .map(name -> Path.of(name.strip()).toAbsolutePath().normalize())
        .toList();
  }

  /** The bundles of the home, directory by directory in the order of their names. */
  static List<Path> bundles(Path home) throws IOException {
    try (var files = Files.walk(home.resolve("bundles"), 2)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** Where add-ons are, which the archive does not bring; it need not exist. */
  static Path addons(Path home) {
    return home.resolve("addons");
  }

  /** The bundles of the add-ons, in the order of their names. */
  static List<Path> addonBundles(Path home) throws IOException {
    if (!Files.isDirectory(addons(home))) {
      return List.of();
    }
    try (var files = Files.list(addons(home))) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) // a pipe would hang
          .sorted()
          .toList();
    }
  }
}
