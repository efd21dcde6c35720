package org.pagewheel.runtime.internal.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.pagewheel.spi.Nearest;

/**
 * One object of the configuration, read key by key; what is wrong goes to a list that all sections
 * share, so that all problems are told at once. A wrong value reads as the one given for that case,
 * only so that reading can go on. Every key that was asked for is known; {@link #end} reports the
 * others.
 */
final class Section {
  /** The origin of an object that exists only because a key was given below it. */
  private static final String MADE = "withValue(";

  private final String path;
  private final ConfigObject object;
  private final String origin;
  private final List<String> problems;
  private final Set<String> known = new TreeSet<>();

  Section(String path, ConfigObject object, List<String> problems) {
    this(path, object, where(object), problems);
  }

  private Section(String path, ConfigObject object, String origin, List<String> problems) {
    this.path = path;
    this.object = object;
    this.origin = origin;
    this.problems = problems;
  }

  /** A whole number. */
  int number(String key, int least, int most) {
    return read(
        key,
        least,
        "a whole number from " + least + " to " + most,
        value -> {
          long number = Long.parseLong(plain(value).strip());
          return number >= least && number <= most ? Optional.of((int) number) : Optional.empty();
        });
  }

  /** A whole number, or a word that stands for one. */
  int numberOr(String key, int least, int most, String word, int meaning) {
    if (get(key).map(value -> plain(value).equals(word)).orElse(false)) {
      return meaning;
    }
    return number(key, least, most);
  }

  /** Bytes, a power of two. */
  int powerOfTwo(String key, int least, int most) {
    return read(
        key,
        least,
        "a power of two from " + Units.bytes(least) + " to " + Units.bytes(most),
        value -> {
          long bytes = value.atKey(key).getBytes(ConfigUtil.quoteString(key));
          return bytes >= least && bytes <= most && Long.bitCount(bytes) == 1
              ? Optional.of((int) bytes)
              : Optional.empty();
        });
  }

  /** A time of at least a millisecond. */
  Duration time(String key) {
    return read(
        key,
        Duration.ofSeconds(1),
        "a time, such as 500 ms, 10 s or 2 min,",
        value -> {
          String text = plain(value).strip().replaceFirst("\\s*min$", " minutes");
          ConfigValue spelled = com.typesafe.config.ConfigValueFactory.fromAnyRef(text);
          Duration time = spelled.atKey(key).getDuration(ConfigUtil.quoteString(key));
          return time.toMillis() >= 1 && time.toDays() <= 36500
              ? Optional.of(time)
              : Optional.empty();
        });
  }

  /** True or false. */
  boolean flag(String key) {
    return read(
        key,
        true,
        "true or false",
        value ->
            switch (plain(value).strip()) {
              case "true", "on", "yes" -> Optional.of(true);
              case "false", "off", "no" -> Optional.of(false);
              default -> Optional.empty();
            });
  }

  /** Any text. */
  String text(String key) {
    return read(key, "", "text", value -> Optional.of(plain(value).strip()));
  }

  /** A path; none if the text is empty. */
  Optional<Path> path(String key) {
    return read(
        key,
        Optional.empty(),
        "a path, or \"\" for none,",
        value -> {
          String text = plain(value).strip();
          return Optional.of(text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
        });
  }

  /** One of several things by name. */
  <T> T choice(String key, T otherwise, Map<String, T> choices) {
    return read(
        key,
        otherwise,
        "one of " + String.join(", ", choices.keySet()),
        value -> Optional.ofNullable(choices.get(plain(value).strip())));
  }

  /** Text that must have a certain form. */
  String name(String key, String form, String right) {
    return read(
        key,
        "",
        right,
        value -> Optional.of(plain(value).strip()).filter(text -> text.matches(form)));
  }

  /** A list of texts; a single text is a list of one. */
  List<String> list(String key) {
    Optional<ConfigValue> value = get(key);
    if (value.isPresent() && value.get().valueType() == ConfigValueType.LIST) {
      return value.get().atKey("x").getAnyRefList("x").stream().map(Object::toString).toList();
    }
    String text = text(key);
    return text.isEmpty() ? List.of() : List.of(text);
  }

  /** A list of texts; in a single text commas separate several. */
  List<String> texts(String key) {
    Optional<ConfigValue> value = get(key);
    if (value.isPresent() && value.get().valueType() == ConfigValueType.LIST) {
      return list(key);
    }
    String text = text(key);
    List<String> parts = new ArrayList<>(List.of(text.split("\\s*,\\s*")));
    parts.removeIf(String::isEmpty);
    return parts;
  }

  /** The object below a key, as texts by path. */
  Map<String, String> map(String key) {
    return object(key).map(Section::flat).orElse(Map.of());
  }

  /** The objects below a key, by name; {@code defaults} go beneath each. */
  Map<String, Section> sections(String key, Optional<ConfigObject> defaults) {
    Map<String, Section> sections = new LinkedHashMap<>();
    object(key)
        .ifPresent(
            all ->
                all.forEach(
                    (name, value) -> {
                      if (value.valueType() == ConfigValueType.OBJECT) {
                        ConfigObject own = (ConfigObject) value;
                        ConfigObject whole = defaults.map(own::withFallback).orElse(own);
                        String below = path + "." + key + "." + ConfigUtil.joinPath(name);
                        String where = where(own);
                        sections.put(name, new Section(below, whole, where, problems));
                      } else {
                        wrong(key + "." + name, value, "an object { ... }");
                      }
                    }));
    return sections;
  }

  /** The object below a key; an empty one if there is none. */
  Section section(String key) {
    ConfigObject below = object(key).orElseGet(() -> ConfigFactory.empty().root());
    return new Section(path + "." + key, below, problems);
  }

  /** The object below a key, if there is one. */
  Optional<ConfigObject> object(String key) {
    Optional<ConfigValue> value = get(key);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof ConfigObject found) {
      return Optional.of(found);
    }
    wrong(key, value.get(), "an object { ... }");
    return Optional.empty();
  }

  /** What nobody has asked for by now, as texts by path; known from now on. */
  Map<String, String> rest() {
    Map<String, String> rest = new TreeMap<>(flat(object));
    rest.keySet().removeIf(key -> known.contains(ConfigUtil.splitPath(key).getFirst()));
    known.addAll(object.keySet());
    return rest;
  }

  /** A key that belongs to somebody else. */
  void leave(String key) {
    known.add(key);
  }

  /** A value that is wrong for a reason of its own. */
  void wrong(String key, String reason) {
    get(key)
        .ifPresentOrElse(
            value ->
                problems.add(
                    "%s: %s.%s = %s: %s".formatted(where(value), path, key, plain(value), reason)),
            () -> problems.add(path + "." + key + ": " + reason));
  }

  /** A name among this section's that is wrong. */
  void wrongName(String reason) {
    problems.add(origin + ": " + path + ": " + reason);
  }

  /** Reports the keys that nobody asked for. */
  void end() {
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      if (!known.contains(entry.getKey())) {
        problems.add(
            "%s: %s.%s: there is no such key, %s"
                .formatted(
                    where(entry.getValue()),
                    path,
                    ConfigUtil.joinPath(entry.getKey()),
                    Nearest.hint(entry.getKey(), known)));
      }
    }
  }

  private Optional<ConfigValue> get(String key) {
    known.add(key);
    return Optional.ofNullable(object.get(key))
        .filter(value -> value.valueType() != ConfigValueType.NULL);
  }

  private <T> T read(
      String key, T otherwise, String right, Function<ConfigValue, Optional<T>> parser) {
    Optional<ConfigValue> value = get(key);
    if (value.isEmpty()) {
      problems.add(path + "." + key + " is missing: " + right + " would be right");
      return otherwise;
    }
    try {
      ConfigValueType type = value.get().valueType();
      if (type != ConfigValueType.OBJECT && type != ConfigValueType.LIST) {
        Optional<T> parsed = parser.apply(value.get());
        if (parsed.isPresent()) {
          return parsed.get();
        }
      }
    } catch (NumberFormatException | ConfigException | InvalidPathException notSo) {
      // reported below like every other wrong value
    }
    wrong(key, value.get(), right);
    return otherwise;
  }

  private void wrong(String key, ConfigValue value, String right) {
    problems.add(
        "%s: %s.%s = %s: %s would be right"
            .formatted(where(value), path, key, plain(value), right));
  }

  /** File and line, or what else is known. */
  static String where(ConfigValue value) {
    String place = value.origin().description();
    if (value instanceof ConfigObject made && place.startsWith(MADE) && !made.isEmpty()) {
      return where(made.values().iterator().next()); // around a value that somebody has given
    }
    return place.replaceFirst(": ([0-9]+)$", ":$1");
  }

  /** A value as text, without quotes. */
  static String plain(ConfigValue value) {
    return switch (value.valueType()) {
      case OBJECT, LIST -> value.render(com.typesafe.config.ConfigRenderOptions.concise());
      default -> String.valueOf(value.unwrapped());
    };
  }

  private static Map<String, String> flat(ConfigObject object) {
    Map<String, String> texts = new TreeMap<>();
    object.toConfig().entrySet().forEach(e -> texts.put(e.getKey(), plain(e.getValue())));
    return texts;
  }
}
