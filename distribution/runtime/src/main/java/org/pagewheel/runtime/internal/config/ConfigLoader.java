package org.pagewheel.runtime.internal.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.runtime.Setting;
import org.pagewheel.spi.Nearest;

/**
 * Reads the configuration: {@code reference.conf}, the user's file on top of it, then system
 * properties, then the caller's values. All problems are reported at once.
 */
public final class ConfigLoader {
  /** The system property that names the user's file. */
  public static final String FILE = "pagewheel.config";

  /** The system property that names the home of the launcher, with {@code etc} in it. */
  public static final String HOME = "pagewheel.home";

  /**
   * The system property that names the directory for the ring of {@code pagewheel run}: if neither
   * a backend nor a file is configured, buffer {@code main} is in a file there.
   */
  public static final String RINGS = "pagewheel.launcher.rings";

  private static final String REFERENCE = "reference.conf";
  private static final String NO_REFERENCE =
      "Pagewheel has no "
          + REFERENCE
          + " in org/pagewheel/runtime/internal/config: its jar was repackaged without it,"
          + " and it belongs there";

  private static final int MAX_KEPT = 1_000_000;
  private static final String OVERRIDE = "override ";
  private static final String ROOT = "pagewheel";
  private static final String PREFIX = ROOT + ".";

  /** Setting one of these chooses the place of main's ring. */
  private static final List<String> CHOICES =
      List.of(
          "pagewheel.buffers.main.backend",
          "pagewheel.buffers.main.file",
          "pagewheel.defaults.backend",
          "pagewheel.defaults.file");

  private static final int RING_PAGES = (64 << 20) / 4096;

  /** Keys of other parts: not read here, and not reported. */
  private static final List<String> FOREIGN = List.of("config", "home", "launcher", "shell");

  /** The beginning of a problem in a file. */
  private static final Pattern PLACE = Pattern.compile("([^\n]*?):([0-9]{1,9}): ");

  private final List<String> problems = new ArrayList<>();

  /** Keys outside belong to nothing: they hide nothing, and are reported with the rest. */
  private final List<String> strangers = new ArrayList<>();

  private final Supplier<Settings> again;
  private final Map<String, String> defaults;

  private ConfigLoader(Supplier<Settings> again, Map<String, String> defaults) {
    this.again = again;
    this.defaults = defaults;
  }

  /**
   * Reads and checks.
   *
   * @param file the user's file; if none is given, the system properties name it
   * @param properties the system properties
   * @param overrides on top of everything, by whole key
   * @throws ConfigurationException if anything is wrong
   */
  public static Settings load(
      Optional<Path> file, Properties properties, Map<String, String> overrides) {
    return load(file, properties, overrides, Map.of());
  }

  /**
   * The same with defaults below the user's values.
   *
   * @param defaults in place of the reference's, by whole key
   * @throws ConfigurationException if anything is wrong
   */
  public static Settings load(
      Optional<Path> file,
      Properties properties,
      Map<String, String> overrides,
      Map<String, String> defaults) {
    ConfigLoader loader =
        new ConfigLoader(() -> load(file, properties, overrides, defaults), defaults);
    return loader.read(file, properties, overrides);
  }

  private Settings read(Optional<Path> file, Properties properties, Map<String, String> overrides) {
    Optional<Path> read = file.or(() -> fileOf(properties));
    String place = read.map(Path::toString).orElse("the configuration");
    stop();
    try {
      return read(read, properties, overrides, new ConfigFile(problems));
    } catch (ConfigException e) {
      problems.add(Wording.of(e, place));
    } catch (StackOverflowError e) {
      problems.add(place + ": " + Nesting.TOO_DEEP);
    }
    throw all();
  }

  private Settings read(
      Optional<Path> file, Properties properties, Map<String, String> overrides, ConfigFile files) {
    Config users = file.map(files::read).orElse(ConfigFactory.empty());
    Map<String, String> fromProperties = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(PREFIX)) {
        fromProperties.put(key, properties.getProperty(key));
      }
    }
    stop();
    strangers(users, files);
    overrides.keySet().stream()
        .filter(key -> !key.startsWith(PREFIX))
        .forEach(key -> stranger(OVERRIDE + key, key));
    Config whole =
        layer(overrides, OVERRIDE)
            .withFallback(layer(fromProperties, "-D"))
            .withFallback(users)
            .withFallback(rings(properties.getProperty(RINGS), users, fromProperties.keySet()))
            .withFallback(layer(defaults, "default "))
            .withFallback(reference());
    stop();
    whole = whole.resolve(ConfigResolveOptions.defaults());
    checkRoot(users);
    stop();
    return settings(whole);
  }

  /** All CPUs' rings together take 64 MiB, on a machine of up to 256 CPUs. */
  private Config rings(String directory, Config users, Set<String> given) {
    boolean isChosen = CHOICES.stream().anyMatch(key -> given.contains(key) || isIn(users, key));
    if (directory == null || isChosen) {
      return ConfigFactory.empty();
    }
    int pages = RING_PAGES / Runtime.getRuntime().availableProcessors();
    return layer(
        Map.of(
            "pagewheel.buffers.main.backend", "offheap",
            "pagewheel.buffers.main.file", Path.of(directory, "main.ring").toString(),
            "pagewheel.buffers.main.pages", Integer.toString(Math.clamp(pages, 64, 4096))),
        "pagewheel run: ");
  }

  private static boolean isIn(Config users, String key) {
    try {
      return users.hasPath(key);
    } catch (ConfigException.NotResolved e) {
      return true; // it refers to something, so it was set on purpose
    }
  }

  /** A root that is not an object hides everything below it. */
  private void checkRoot(Config users) {
    ConfigResolveOptions asFarAsCanBe = ConfigResolveOptions.defaults().setAllowUnresolved(true);
    ConfigValue root = users.withFallback(reference()).resolve(asFarAsCanBe).root().get(ROOT);
    try {
      if (root.valueType() != ConfigValueType.OBJECT) {
        String place = Section.where(root);
        problems.add(place + ": " + ROOT + " is " + Wording.kind(root) + ", an object is needed");
      }
    } catch (ConfigException.NotResolved e) {
      // it refers to what is not in a file
    }
  }

  /** What is outside belongs to nothing, unless it names a value that is referred to. */
  private void strangers(Config users, ConfigFile files) {
    users
        .root()
        .forEach(
            (key, value) -> {
              if (!key.equals(ROOT) && !files.refersTo(key)) {
                stranger(Section.where(value) + ": " + ConfigUtil.joinPath(key), key);
              }
            });
  }

  private void stranger(String place, String key) {
    String first = key.replaceFirst("\\..*", "");
    Set<String> known = new TreeSet<>(reference().getConfig(ROOT).root().keySet());
    String hint =
        Optional.of(first)
            .filter(wrong -> !wrong.equals(ROOT))
            .flatMap(wrong -> Nearest.to(wrong, Set.of(ROOT)))
            .or(() -> Nearest.to(first, known).map(PREFIX::concat))
            .orElse(PREFIX + "buffers");
    strangers.add("%s: there is no such key, did you mean %s?".formatted(place, hint));
  }

  /** The one next to this class: a library may bring its own file of that name. */
  private static Config reference() {
    try (InputStream file = ConfigLoader.class.getResourceAsStream(REFERENCE)) {
      if (file == null) {
        throw new ConfigurationException(List.of(NO_REFERENCE));
      }
      return ConfigFactory.parseReader(
          new InputStreamReader(file, StandardCharsets.UTF_8),
          ConfigParseOptions.defaults().setOriginDescription(REFERENCE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Path> fileOf(Properties properties) {
    String named = properties.getProperty(FILE);
    if (named != null) {
      try {
        if (named.isBlank()) {
          problems.add("-D" + FILE + " is empty: the path of a file would be right");
          return Optional.empty();
        }
        return Optional.of(Path.of(named));
      } catch (InvalidPathException e) {
        problems.add("-D" + FILE + "=" + named + ": the path of a file would be right");
        return Optional.empty();
      }
    }
    return Optional.ofNullable(properties.getProperty(HOME))
        .map(home -> Path.of(home, "etc", "pagewheel.conf"))
        .filter(Files::exists);
  }

  private Config layer(Map<String, String> values, String origin) {
    return Layer.of(values, origin, origin::concat, "pagewheel.buffers.main.pages", problems);
  }

  private Settings settings(Config whole) {
    ConfigObject all = (ConfigObject) whole.root().get(ROOT);
    Section root = new Section(ROOT, all, problems);
    FOREIGN.forEach(root::leave);
    Rules rules =
        new Rules(root.section("defaults").object(), root.section("consumer-defaults").object());
    stop(); // everything else is read with them
    // The defaults are read once by themselves, so that a wrong one is reported at its own place.
    rules.buffer("defaults", new Section(ROOT + ".defaults", rules.defaults(), problems));
    int wrongDefaults = problems.size();
    List<BufferPlan> buffers = new ArrayList<>();
    root.sections("buffers", Optional.of(rules.defaults()))
        .forEach((name, section) -> buffers.add(rules.buffer(name, section)));
    dropRepeated(wrongDefaults);
    buffers.sort(
        Comparator.comparing((BufferPlan b) -> !b.name().equals("main"))
            .thenComparing(BufferPlan::name));

    Section others = root.section("source-defaults");
    Optional<ConfigObject> sourceDefaults = Optional.of(others.object());
    Map<String, Boolean> sources = new TreeMap<>();
    root.sections("sources", sourceDefaults)
        .forEach(
            (name, section) -> {
              sources.put(name, section.flag("enabled"));
              section.end();
            });
    boolean otherSources = others.flag("enabled");
    others.end();
    Section control = root.section("control");
    control.flag("enabled"); // for the shell, which reads the effective value
    control.end();
    Section jmx = root.section("jmx");
    jmx.flag("enabled"); // likewise, by Settings.isOn
    jmx.end();
    Section agent = root.section("agent");
    String agentCommands = agent.text("commands");
    agent.end();
    Settings settings =
        new Settings(
            List.copyOf(buffers),
            Map.copyOf(sources),
            otherSources,
            root.time("open-timeout"),
            root.time("drain-timeout"),
            root.time("stop-timeout"),
            snapshots(root),
            kept(root),
            save(root),
            agentCommands,
            effective(whole, rules),
            rules,
            again);
    root.end();
    problems.addAll(strangers);
    strangers.clear();
    stop();
    return settings;
  }

  private Settings.Snapshots snapshots(Section root) {
    Section section = root.section("snapshots");
    Settings.Snapshots snapshots =
        new Settings.Snapshots(
            section.path("directory").orElse(Path.of("")),
            section.number("keep", 1, MAX_KEPT),
            section.flag("all-buffers"),
            section.time("cool-down"));
    section.end();
    return snapshots;
  }

  private Settings.Kept kept(Section root) {
    Section section = root.section("kept");
    Settings.Kept kept =
        new Settings.Kept(
            section.path("directory").orElse(Path.of("")),
            section.number("keep", 1, MAX_KEPT),
            section.size("keep-size"),
            section.flag("all-buffers"),
            section.time("cool-down"));
    section.end();
    return kept;
  }

  private Settings.Save save(Section root) {
    Section section = root.section("save");
    Settings.Save save =
        new Settings.Save(
            section.path("on-exit"),
            section.path("on-out-of-memory"),
            section.flag("report-on-exit"));
    section.end();
    return save;
  }

  /** A wrong default is wrong in each buffer that has it: one report is enough. */
  private void dropRepeated(int first) {
    List<String> places = problems.subList(0, first).stream().map(ConfigLoader::place).toList();
    problems.subList(first, problems.size()).removeIf(line -> places.contains(place(line)));
  }

  private static String place(String problem) {
    String place = problem.substring(0, Math.max(0, problem.indexOf(": ")));
    boolean isKey =
        place.startsWith("-D") || place.startsWith(OVERRIDE); // with a value, or without
    return isKey ? place.replaceFirst(" = .*", "") : place;
  }

  private static List<Setting> effective(Config whole, Rules rules) {
    Config shown = whole.withOnlyPath(ROOT);
    Object buffers = ((ConfigObject) whole.root().get(ROOT)).get("buffers");
    if (buffers instanceof ConfigObject byName) {
      for (String name : byName.keySet()) {
        if (byName.get(name).valueType() == ConfigValueType.OBJECT) {
          String path = ROOT + ".buffers." + ConfigUtil.joinPath(name);
          shown = shown.withValue(path, rules.whole((ConfigObject) byName.get(name)));
        }
      }
    }
    return shown.entrySet().stream()
        .map(
            e ->
                new Setting(
                    e.getKey(),
                    e.getValue().render(ConfigRenderOptions.concise()),
                    Section.where(e.getValue())))
        .sorted(Comparator.comparing(Setting::key))
        .toList();
  }

  private void stop() {
    if (!problems.isEmpty()) {
      throw all();
    }
  }

  private ConfigurationException all() {
    problems.addAll(strangers);
    problems.sort(Comparator.comparing(ConfigLoader::file).thenComparing(ConfigLoader::line));
    return new ConfigurationException(problems);
  }

  private static String file(String problem) {
    Matcher place = PLACE.matcher(problem);
    return place.lookingAt() ? place.group(1) : problem;
  }

  private static int line(String problem) {
    Matcher place = PLACE.matcher(problem);
    return place.lookingAt() ? Integer.parseInt(place.group(2)) : 0;
  }
}
