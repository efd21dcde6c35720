package org.pagewheel.spi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every setting that a plugin understands, with its default value: the file {@code reference.conf}
 * next to the plugin's class, in the same package.
 *
 * <pre>
 * # How many pages readers can hold at once, from 1 to 1024.
 * spares = 8
 *
 * # Where to write to; "" is nowhere.
 * file = ""
 * </pre>
 *
 * <p>The file is the simplest form of HOCON: lines of {@code key = value}, comments, empty lines;
 * values are one line, and in quotes if they contain anything but letters, digits, blanks, {@code
 * -}, {@code _} and dots. A setting without a default has the value {@code ""}. A named module
 * opens the package to {@code org.pagewheel.api}, which reads the file. Thread-safe.
 */
public final class DefaultSettings {
  /** The name of the file. */
  public static final String FILE = "reference.conf";

  private static final Pattern ENTRY =
      Pattern.compile(
          "([a-z0-9][a-z0-9.-]*)\\s*=\\s*(?:\"([^\"\\\\]*)\"|([\\w.-]+(?: [\\w.-]+)*))");

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();

  private DefaultSettings(String text, String place) {
    int number = 0;
    for (String line : text.lines().map(String::strip).toList()) {
      number++;
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      Matcher entry = ENTRY.matcher(line);
      if (!entry.matches() || values.containsKey(entry.group(1))) {
        throw new IllegalArgumentException(
            "%s:%d: %s: a line key = value, with each key once, is right"
                .formatted(place, number, line));
      }
      values.put(entry.group(1), entry.group(2) == null ? entry.group(3) : entry.group(2));
      lines.put(entry.group(1), number);
    }
  }

  /**
   * Reads the file next to a class.
   *
   * @param plugin the class
   * @return none if there is no such file
   * @throws IllegalArgumentException if it is not a file as described above
   * @throws UncheckedIOException if it cannot be read
   */
  public static Optional<DefaultSettings> find(Class<?> plugin) {
    try (InputStream file = plugin.getResourceAsStream(FILE)) {
      return file == null
          ? Optional.empty()
          : Optional.of(
              new DefaultSettings(
                  new String(file.readAllBytes(), StandardCharsets.UTF_8),
                  FILE + " of " + plugin.getName()));
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " of " + plugin.getName() + " cannot be read", e);
    }
  }

  /**
   * The same for a file that must exist.
   *
   * @param plugin the class
   * @return the file's content
   * @throws IllegalArgumentException if there is no such file, or it is not as described above
   */
  public static DefaultSettings of(Class<?> plugin) {
    return find(plugin)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no file %s next to %s%s"
                        .formatted(FILE, plugin.getName(), closed(plugin))));
  }

  /** A file in a package that is not open appears to be missing. */
  private static String closed(Class<?> plugin) {
    Module module = plugin.getModule();
    return module.isOpen(plugin.getPackageName(), DefaultSettings.class.getModule())
        ? ""
        : ", or %s does not open the package to org.pagewheel.api".formatted(module);
  }

  /**
   * All settings with their defaults.
   *
   * @return in the order of the file; not modifiable
   */
  public Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  /**
   * The line of a setting.
   *
   * @param key one of {@link #values}
   * @return the number of the line in the file, from 1
   */
  public int line(String key) {
    return lines.get(key);
  }

  /**
   * The given settings, with the defaults for the rest.
   *
   * @param plugin the owner of these settings, for the message: {@code the heap backend}
   * @param said settings as a plugin gets them
   * @return a value for each of {@link #values}
   * @throws IllegalArgumentException if one of those given is not among {@link #values}; the
   *     message names it and the known ones
   */
  public Map<String, String> complete(String plugin, Map<String, String> said) {
    List<String> unknown = new ArrayList<>(said.keySet());
    unknown.removeAll(values.keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "%s has no setting %s; it has %s"
              .formatted(
                  plugin,
                  Collections.min(unknown),
                  values.isEmpty() ? "none" : String.join(", ", values.keySet())));
    }
    Map<String, String> all = new LinkedHashMap<>(values);
    all.putAll(said);
    return all;
  }
}
