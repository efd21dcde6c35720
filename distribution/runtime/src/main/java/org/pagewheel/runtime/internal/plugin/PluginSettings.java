package org.pagewheel.runtime.internal.plugin;

import com.typesafe.config.ConfigUtil;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.runtime.Setting;
import org.pagewheel.runtime.internal.config.BufferPlan;
import org.pagewheel.runtime.internal.config.ConsumerPlan;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Nearest;

/**
 * The settings that plugins declare: which configured ones are unknown, and which values hold where
 * nothing is configured.
 */
public final class PluginSettings {
  /** A key of every buffer, which the backend gets among its settings. */
  private static final String FILE = "file";

  private final Settings settings;
  private final Plugins plugins;

  public PluginSettings(Settings settings, Plugins plugins) {
    this.settings = settings;
    this.plugins = plugins;
  }

  /** The settings given to a backend that it does not have, a line each. */
  public List<String> unknown(String buffer, String backend, Map<String, String> said) {
    return unknown(of(buffer) + "settings.", said, plugins.backends().defaults(backend));
  }

  /** The settings given to a consumer that its type does not have, a line each. */
  public List<String> unknown(String buffer, ConsumerPlan consumer) {
    Optional<DefaultSettings> known = plugins.consumers().defaults(consumer.type());
    return unknown(of(buffer, consumer), consumer.settings(), known);
  }

  /** Those of a whole configuration, for the plugins that are available. */
  public List<String> unknown() {
    List<String> problems = new ArrayList<>();
    for (BufferPlan plan : settings.buffers()) {
      problems.addAll(unknown(plan.name(), plan.config().backend(), plan.config().settings()));
      plan.consumers().forEach(consumer -> problems.addAll(unknown(plan.name(), consumer)));
    }
    return problems;
  }

  /** Unknown fallbacks whose name is close to an available backend, a line each. */
  public List<String> misspeltFallbacks() {
    List<String> problems = new ArrayList<>();
    var known = plugins.backends().names();
    for (BufferPlan plan : settings.buffers()) {
      String name = plan.fallback().orElse("");
      if (!name.isEmpty()
          && plugins.backends().find(name).isEmpty()
          && Nearest.to(name, known).isPresent()) {
        problems.add(
            "%s: there is no backend %s, %s"
                .formatted(
                    settings.place(of(plan.name()) + "fallback"), name, Nearest.hint(name, known)));
      }
    }
    return problems;
  }

  /**
   * Configured sources that are not available: misspelt ones, and those that are to run. Turning
   * off a source that is not available is not a mistake.
   */
  public List<String> unknownSources() {
    return unknownSources(false);
  }

  /** The same, but only those close to an available one: misspelt names, not late bundles. */
  List<String> misspeltSources() {
    return unknownSources(true);
  }

  private List<String> unknownSources(boolean nearAlone) {
    List<String> problems = new ArrayList<>();
    var known = plugins.sources().names();
    settings
        .sources()
        .forEach(
            (name, enabled) -> {
              boolean isNear = Nearest.to(name, known).isPresent();
              if (!known.contains(name) && (isNear || enabled && !nearAlone)) {
                problems.add(
                    "%s: there is no source %s, %s"
                        .formatted(
                            settings.place("pagewheel.sources." + name + ".enabled"),
                            name,
                            Nearest.hint(name, known)));
              }
            });
    problems.sort(null);
    return problems;
  }

  /**
   * Throws if there are problems.
   *
   * @throws ConfigurationException if there are lines
   */
  public static void check(List<String> unknown) {
    if (!unknown.isEmpty()) {
      throw new ConfigurationException(unknown);
    }
  }

  private List<String> unknown(
      String path, Map<String, String> said, Optional<DefaultSettings> known) {
    List<String> problems = new ArrayList<>();
    if (known.isPresent()) {
      TreeSet<String> unknown = new TreeSet<>(said.keySet());
      unknown.removeAll(known.get().values().keySet());
      for (String key : unknown) {
        String whole = path + key;
        if (key.equals(FILE) && settings.origin(whole, said.get(key)).isEmpty()) {
          whole = path.replaceFirst("settings\\.$", "") + key;
        }
        problems.add(
            "%s: there is no such key, %s"
                .formatted(
                    settings.placed(whole, said.get(key)),
                    Nearest.hint(key, known.get().values().keySet())));
      }
    }
    return problems;
  }

  /** Every value of the configuration with its origin, with the defaults of plugins in use. */
  public List<Setting> effective() {
    List<Setting> all = new ArrayList<>(settings.effective());
    for (BufferPlan plan : settings.buffers()) {
      String backend = plan.config().backend();
      plugins
          .backends()
          .defaults(backend)
          .ifPresent(
              defaults -> {
                String who = "backend " + backend;
                add(all, of(plan.name()) + "settings.", who, defaults, plan.config().settings());
              });
      for (ConsumerPlan consumer : plan.consumers()) {
        plugins
            .consumers()
            .defaults(consumer.type())
            .ifPresent(
                defaults -> {
                  String who = "consumer " + consumer.type();
                  add(all, of(plan.name(), consumer), who, defaults, consumer.settings());
                });
      }
    }
    all.sort(Comparator.comparing(Setting::key));
    return List.copyOf(all);
  }

  private static void add(
      List<Setting> to,
      String path,
      String who,
      DefaultSettings defaults,
      Map<String, String> said) {
    defaults
        .values()
        .forEach(
            (key, value) -> {
              boolean buffers = key.equals(FILE) && path.endsWith(".settings.");
              if (!said.containsKey(key) && !buffers) {
                String origin =
                    "%s of %s:%d".formatted(DefaultSettings.FILE, who, defaults.line(key));
                to.add(new Setting(path + key, written(value), origin));
              }
            });
  }

  /** In the form of other values: numbers and truth values plain, texts in quotes. */
  private static String written(String value) {
    return value.matches("-?[0-9]+(\\.[0-9]+)?|true|false") ? value : ConfigUtil.quoteString(value);
  }

  private static String of(String buffer) {
    return "pagewheel.buffers." + buffer + ".";
  }

  private static String of(String buffer, ConsumerPlan consumer) {
    return of(buffer) + "consumers." + consumer.name() + ".";
  }
}
