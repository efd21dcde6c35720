package org.pagewheel.runtime.internal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.runtime.Setting;
import org.pagewheel.runtime.internal.config.ConsumerPlan.Policy;

class ConfigLoaderTest {
  @TempDir Path directory;

  private final Properties properties = new Properties();

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("pagewheel.conf"), text);
  }

  private Settings load(String text) throws Exception {
    return ConfigLoader.load(Optional.of(file(text)), properties, Map.of());
  }

  private List<String> problems(String text) throws Exception {
    return assertThrows(ConfigurationException.class, () -> load(text)).problems();
  }

  @Test
  void withoutAFileThereIsOneBufferWithTheDefaults() {
    Settings settings = ConfigLoader.load(Optional.empty(), properties, Map.of());

    assertEquals(1, settings.buffers().size());
    BufferPlan main = settings.buffers().getFirst();
    assertEquals("main", main.name());
    assertEquals(Mode.OVERWRITE, main.config().mode());
    assertEquals(256, main.config().pages());
    assertEquals(4096, main.config().pageSize());
    assertEquals(Runtime.getRuntime().availableProcessors(), main.config().cpus());
    assertEquals(Clock.MONO, main.config().clock());
    assertEquals(Map.of(), main.config().settings());
    assertTrue(main.on());
    assertEquals(List.of("*"), main.events());
    assertTrue(settings.mayRun("anything"));
  }

  @Test
  void eachClockIsKnownByItsName() throws Exception {
    for (String name : List.of("mono", "global", "counter", "x86-tsc", "mono-tsc")) {
      Settings settings = load("pagewheel.buffers.main.clock = " + name);
      assertEquals(name, settings.buffers().getFirst().config().clock().name());
      assertTrue(Clocks.names().contains(name));
    }
    ConfigurationException wrong =
        assertThrows(
            ConfigurationException.class, () -> load("pagewheel.buffers.main.clock = tsc"));
    assertTrue(
        wrong.getMessage().contains("one of mono, global, counter, x86-tsc, mono-tsc"),
        wrong.getMessage());
  }

  @Test
  void everyKeyOfABufferIsRead() throws Exception {
    Settings settings =
        load(
            """
            pagewheel.buffers.net {
              backend = lockfree, mode = discard, pages = 1000, page-size = 64 KiB, cpus = 3
              clock = counter, events = ["net:*", "shop:order"], on = false, file = "/tmp/x"
              fallback = heap, watermark = 10, flush = 250 ms
              settings { sync = true }
              consumers.disk {
                type = splice, queue = 9, policy = block, block-timeout = 2 min
                max = 64 MiB, keep = 10 s
              }
            }
            pagewheel.sources.jfr.enabled = false
            pagewheel.stop-timeout = 90s
            """);

    assertEquals("main", settings.buffers().getFirst().name());
    BufferPlan net = settings.buffers().getLast();
    BufferConfig config = net.config();
    assertEquals("net", config.name());
    assertEquals("lockfree", config.backend());
    assertEquals(Mode.DISCARD, config.mode());
    assertEquals(1000, config.pages());
    assertEquals(65536, config.pageSize());
    assertEquals(3, config.cpus());
    assertEquals("counter", config.clock().name());
    assertEquals(Map.of("file", "/tmp/x", "sync", "true"), config.settings());
    assertEquals(List.of("net:*", "shop:order"), net.events());
    assertEquals(Optional.of("heap"), net.fallback());
    assertEquals(new BufferPlan.Flow(10, Duration.ofMillis(250)), net.flow());
    assertEquals(
        List.of(
            new ConsumerPlan(
                "disk",
                "splice",
                9,
                Policy.BLOCK,
                Duration.ofMinutes(2),
                Map.of("max", "64 MiB", "keep", "10 s"))),
        net.consumers());
    assertEquals(false, settings.mayRun("jfr"));
    assertEquals(true, settings.mayRun("osgi"));
    assertEquals(Duration.ofSeconds(90), settings.stopTimeout());
  }

  @Test
  void systemPropertiesGoOverTheFileAndTheCallerOverBoth() throws Exception {
    Path file = file("pagewheel.buffers.main { pages = 10, page-size = 8 KiB, mode = discard }");
    properties.setProperty("pagewheel.buffers.main.page-size", "16384");
    properties.setProperty("pagewheel.buffers.main.mode", "overwrite");
    properties.setProperty("unrelated.key", "x");

    Settings settings =
        ConfigLoader.load(
            Optional.of(file), properties, Map.of("pagewheel.buffers.main.mode", "discard"));

    BufferConfig main = settings.buffers().getFirst().config();
    assertEquals(10, main.pages());
    assertEquals(16384, main.pageSize());
    assertEquals(Mode.DISCARD, main.mode());
    assertEquals(
        new Setting("pagewheel.buffers.main.pages", "10", file + ":1"),
        setting(settings, "pagewheel.buffers.main.pages"));
    assertEquals(
        "-Dpagewheel.buffers.main.page-size",
        setting(settings, "pagewheel.buffers.main.page-size").origin());
    assertTrue(
        setting(settings, "pagewheel.buffers.main.clock").origin().startsWith("reference.conf:"));
  }

  private static Setting setting(Settings settings, String key) {
    return settings.effective().stream().filter(s -> s.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void theFileIsNamedByAPropertyOrLiesInTheHome() throws Exception {
    Path file = file("pagewheel.buffers.main.pages = 11");
    properties.setProperty("pagewheel.config", file.toString());
    assertEquals(11, mainPages());

    properties.clear();
    properties.setProperty("pagewheel.home", directory.toString());
    assertEquals(256, mainPages());
    Files.createDirectories(directory.resolve("etc"));
    Files.copy(file, directory.resolve("etc/pagewheel.conf"));
    assertEquals(11, mainPages());
  }

  private int mainPages() {
    Settings settings = ConfigLoader.load(Optional.empty(), properties, Map.of());
    return settings.buffers().getFirst().config().pages();
  }

  @Test
  void everyWrongValueIsToldAtOnceWithFileAndLine() throws Exception {
    List<String> problems =
        problems(
            """
            pagewheel {
              buffers.main {
                pages = many
                page-size = 5000
                mode = overrite
                clock = sundial
                events = ["a b c"]
                flush = soon
                pagess = 3
                consumers.x { queue = 0 }
              }
              buffers."Big One" { pages = 1 }
              open-timeout = [1]
              bufers = 1
              sources.jfr.enable = true
            }
            """);

    List<String> expected =
        List.of(
            ":3: pagewheel.buffers.main.pages = many: a whole number from 2 to 1048576 would",
            ":4: pagewheel.buffers.main.page-size = 5000: a power of two from 4 KiB to 1 MiB would",
            ":5: pagewheel.buffers.main.mode = overrite: one of overwrite, discard would be right",
            ":6: pagewheel.buffers.main.clock = sundial: one of mono, global, counter,"
                + " x86-tsc, mono-tsc would be",
            ":7: pagewheel.buffers.main.events = [\"a b c\"]: ",
            ":8: pagewheel.buffers.main.flush = soon: a time from 1 ms to 36500 d, such as",
            ":9: pagewheel.buffers.main.pagess: there is no such key, did you mean pages?",
            ":10: pagewheel.buffers.main.consumers.x.queue = 0: a whole number from 1 to 1048576",
            ":12: pagewheel.buffers.\"Big One\".pages = 1: a whole number from 2 to 1048576 would",
            ":12: \"Big One\" is not a name for a buffer: at most 40 lower-case",
            ":13: pagewheel.open-timeout = [1]: a time",
            ":14: pagewheel.bufers: there is no such key, did you mean buffers?",
            ":15: pagewheel.sources.jfr.enable: there is no such key, did you mean enabled?",
            "pagewheel.buffers.main.consumers.x.type is missing: the type of a consumer");
    String all = String.join("\n", problems);
    String file = directory.resolve("pagewheel.conf").toString();
    for (String start : expected) {
      String whole = start.startsWith(":") ? file + start : start;
      assertEquals(1, problems.stream().filter(p -> p.startsWith(whole)).count(), start + all);
    }
    assertEquals(expected.size(), problems.size(), all);
  }

  @Test
  void aWrongDefaultIsToldOnceThoughEachBufferHasIt() throws Exception {
    List<String> problems =
        problems("pagewheel { defaults.pages = 0 \n buffers.a {} \n buffers.b {} }");

    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains("pagewheel.defaults.pages = 0"), problems.toString());
  }

  @Test
  void aWrongSystemPropertyIsToldByItsName() {
    properties.setProperty("pagewheel.buffers.main.pagesize", "8 KiB");
    ConfigurationException e =
        assertThrows(
            ConfigurationException.class,
            () -> ConfigLoader.load(Optional.empty(), properties, Map.of()));

    assertEquals(
        "-Dpagewheel.buffers.main.pagesize: there is no such key, did you mean page-size?",
        e.getMessage());
  }

  @Test
  void aWrongValueOfASystemPropertyHasItsNameOnce() {
    properties.setProperty("pagewheel.defaults.pages", "0");
    properties.setProperty("pagewheel.buffers.main.mode", "x");
    properties.setProperty("pagewheel.buffers.\"two.words\".pages", "8");
    Map<String, String> overrides = Map.of("pagewheel.drain-timeout", "soon");
    ConfigurationException e =
        assertThrows(
            ConfigurationException.class,
            () -> ConfigLoader.load(Optional.empty(), properties, overrides));
    List<String> keys = e.problems().stream().map(line -> line.replaceFirst(": .*", "")).toList();
    assertEquals(
        List.of(
            "-Dpagewheel.buffers.\"two.words\".pages",
            "-Dpagewheel.buffers.main.mode = x",
            "-Dpagewheel.defaults.pages = 0",
            "override pagewheel.drain-timeout = soon"),
        keys,
        e.getMessage());
  }

  /** As where somebody has packed the classes anew without it. */
  @Test
  void aJarWithoutTheDefaultsIsNamed() throws Exception {
    URL[] classes =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(path -> Path.of(path).toUri())
            .map(ConfigLoaderTest::url)
            .toArray(URL[]::new);
    try (var bare =
        new URLClassLoader(classes, ClassLoader.getPlatformClassLoader()) {
          @Override
          public URL getResource(String name) {
            return name.endsWith("config/reference.conf") ? null : super.getResource(name);
          }
        }) {
      var load =
          bare.loadClass(ConfigLoader.class.getName())
              .getMethod("load", Optional.class, Properties.class, Map.class);
      Throwable thrown =
          assertThrows(
                  InvocationTargetException.class,
                  () -> load.invoke(null, Optional.empty(), properties, Map.of()))
              .getCause();
      assertEquals(
          "Pagewheel has no reference.conf in org/pagewheel/runtime/internal/config: its jar"
              + " was repackaged without it, and it belongs there",
          thrown.getMessage());
    }
  }

  private static URL url(URI uri) {
    try {
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void aSystemPropertyThatIsWrongFarUpIsToldByItsNameToo() {
    properties.setProperty("pagewheel.buffer.main.pages", "8");
    properties.setProperty("pagewheel.buffers.Bad.pages", "8");
    ConfigurationException e =
        assertThrows(
            ConfigurationException.class,
            () -> ConfigLoader.load(Optional.empty(), properties, Map.of()));

    assertEquals(
        List.of(
            "-Dpagewheel.buffer.main.pages: pagewheel.buffer: there is no such key, did you mean"
                + " buffers?",
            "-Dpagewheel.buffers.Bad.pages: \"Bad\" is not a name for a buffer: at most 40"
                + " lower-case letters, digits, - and _ would be right"),
        e.problems());
  }

  @Test
  void aFileThatCannotBeReadOrParsedIsOneLine() throws Exception {
    Path none = directory.resolve("none.conf");
    ConfigurationException missing =
        assertThrows(
            ConfigurationException.class,
            () -> ConfigLoader.load(Optional.of(none), properties, Map.of()));
    assertTrue(missing.getMessage().startsWith(none + ": cannot be read"), missing.getMessage());

    List<String> broken = problems("pagewheel {\n  buffers {\n");
    assertEquals(1, broken.size());
    assertTrue(broken.getFirst().contains("pagewheel.conf"), broken.getFirst());

    List<String> unresolved = problems("pagewheel.buffers.main.file = ${nowhere}/x");
    assertEquals(1, unresolved.size());
    assertTrue(unresolved.getFirst().contains("nowhere"), unresolved.getFirst());
  }

  @Test
  void aShellMakesBuffersByTheSameRules() throws Exception {
    Rules rules = load("pagewheel.defaults.page-size = 16 KiB").rules();

    BufferConfig config = rules.buffer("x", Map.of("pages", "7", "settings.spares", "3")).config();
    assertEquals(7, config.pages());
    assertEquals(16384, config.pageSize());
    assertEquals(Map.of("spares", "3"), config.settings());
    Set<String> own = Set.of("spares", "keep");
    assertEquals(
        Map.of("spares", "3", "keep", "1", "file", "f"),
        rules
            .buffer(
                "x",
                Map.of("spares", "3", "settings.keep", "1", "file", "f", "pages", "7"),
                Optional.of(own))
            .config()
            .settings());
    assertRefused(
        "page: there is no such key, did you mean pages?",
        () -> rules.buffer("x", Map.of("page", "7")));
    assertRefused(
        "kep: there is no such key, did you mean keep?",
        () -> rules.buffer("x", Map.of("kep", "7"), Optional.of(own)));
    assertRefused(
        "page: there is no such key, did you mean pages?",
        () -> rules.buffer("x", Map.of("page", "7"), Optional.empty()));
    assertRefused(
        "pages = 1: a whole number from 2 to 1048576 would be right",
        () -> rules.buffer("x", Map.of("pages", "1")));
    assertRefused(
        "\"../x\" is not a name for a buffer: at most 40 lower-case letters, digits, - and _ would"
            + " be right",
        () -> rules.buffer("../x", Map.of()));
    assertRefused(
        "\"../x\" is not a name for a consumer: at most 40 lower-case letters, digits, - and _"
            + " would be right",
        () -> rules.consumer("../x", Map.of("type", "splice")));
    assertRefused(
        "../y: not a valid key; pages would be one", () -> rules.buffer("x", Map.of("../y", "7")));
    assertRefused(
        "settings = 3: an object { ... } would be right, for there is settings.keep as well",
        () -> rules.buffer("x", Map.of("settings", "3", "settings.keep", "1")));
  }

  private static void assertRefused(String message, Executable making) {
    assertEquals(message, assertThrows(ConfigurationException.class, making).getMessage());
  }

  @Test
  void valuesOfAnApplicationAreCheckedToo() {
    BufferConfig config = BufferConfig.of("x", "heap").withPages(1, 5000);
    ConfigurationException e =
        assertThrows(ConfigurationException.class, () -> Rules.check(config));
    assertEquals(
        List.of(
            "buffer x: pages = 1: a whole number from 2 to 1048576 would be right",
            "buffer x: page-size = 5000: a power of two from 4 KiB to 1 MiB would be right"),
        e.problems());
  }
}
