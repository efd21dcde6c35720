package org.pagewheel.runtime.internal.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.format.PageLayout;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.spi.Nearest;

/** Makes a ring's configuration from keys and values, for a new buffer and for a change of ring. */
final class RingRules {
  static final int MAX_PAGES = 1 << 20;
  static final String SETTINGS = "settings";
  static final String ELSEWHERE = "; those of a backend belong in " + SETTINGS;

  private static final String BACKEND = "backend";
  private static final String CLOCK = "clock";
  private static final String FILE = "file";
  private static final String BACKEND_FORM = "[a-z0-9-]+(@\\d+(\\.\\d+){0,2})?";

  private RingRules() {}

  /** Everything but the CPUs. */
  static BufferConfig.Builder read(String name, Section section) {
    Map<String, String> settings = new HashMap<>(section.map(SETTINGS));
    String file = section.text(FILE);
    if (!file.isEmpty()) {
      settings.put(FILE, file);
    }
    return BufferConfig.builder(
            name, section.name(BACKEND, BACKEND_FORM, "the name of a backend, or \"name@1.2.0\","))
        .mode(section.choice("mode", Mode.OVERWRITE, modes()))
        .pages(section.number("pages", 2, MAX_PAGES))
        .pageSize(
            section.powerOfTwo("page-size", PageLayout.MIN_PAGE_SIZE, PageLayout.MAX_PAGE_SIZE))
        .clock(clock(section))
        .settings(settings);
  }

  private static Clock clock(Section section) {
    try {
      return section.choice(CLOCK, () -> Clock.MONO, Clocks.all()).get();
    } catch (UnsupportedOperationException e) {
      section.wrong(CLOCK, e.getMessage());
      return Clock.MONO;
    }
  }

  private static Map<String, Mode> modes() {
    Map<String, Mode> modes = new LinkedHashMap<>();
    for (Mode mode : Mode.values()) {
      modes.put(word(mode), mode);
    }
    return modes;
  }

  private static String word(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Moves the backend's settings, which may be among other keys, to their place.
   *
   * @param own the other keys
   * @param ofBackend the settings that the backend has; if it does not declare them, whatever is
   *     not close to one of the other keys
   */
  static Map<String, String> placed(
      Map<String, String> values, Set<String> own, Optional<Set<String>> ofBackend) {
    Map<String, String> placed = new HashMap<>();
    values.forEach(
        (key, value) -> {
          boolean isBackends =
              !own.contains(key.replaceFirst("\\..*", ""))
                  && ofBackend
                      .map(keys -> keys.contains(key))
                      .orElseGet(() -> Nearest.to(key, own).isEmpty());
          placed.put(isBackends ? SETTINGS + "." + key : key, value);
        });
    return placed;
  }

  /**
   * Another ring for a buffer. A key that is not given keeps its value, except the backend's own
   * settings when a backend is given.
   *
   * @param ofBuffer the keys of a buffer, most of which a ring does not have
   */
  static BufferConfig changed(
      BufferConfig now,
      Map<String, String> values,
      Set<String> ofBuffer,
      Optional<Set<String>> ofBackend) {
    ConfigObject current = current(now, values.containsKey(BACKEND));
    List<String> problems = new ArrayList<>();
    for (String key : values.keySet()) {
      String first = key.replaceFirst("\\..*", "");
      if (ofBuffer.contains(first) && !current.containsKey(first)) {
        problems.add(
            key + " is of the buffer, not of its ring: ring:create or the configuration takes it");
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    BufferConfig said =
        Rules.checked(
            placed(values, ofBuffer, ofBackend),
            current,
            section -> {
              BufferConfig ring = read(now.name(), section).cpus(now.cpus()).build();
              section.others(ofBackend.orElse(Set.of()), ELSEWHERE);
              section.end();
              return ring;
            });
    return now.withBackend(said.backend(), said.settings())
        .withPages(said.pages(), said.pageSize())
        .withMode(said.mode())
        .withClock(
            now.cpus(), values.containsKey(CLOCK) ? said.clock() : now.clock(), now.cpuNumber());
  }

  private static ConfigObject current(BufferConfig now, boolean isAnothers) {
    Map<String, Object> current = new HashMap<>();
    current.put(BACKEND, now.backend());
    current.put("mode", word(now.mode()));
    current.put("pages", now.pages());
    current.put("page-size", now.pageSize());
    current.put(CLOCK, Clock.MONO.name()); // an application's own clock has no name here
    current.put(FILE, "");
    current.put(SETTINGS, isAnothers ? Map.of() : now.settings());
    return ConfigValueFactory.fromMap(current, Section.DIRECT);
  }
}
