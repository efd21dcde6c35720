package org.pagewheel.runtime.internal.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
 * One object of the configuration, read key by key; what is wrong goes to a list shared by all
 * sections, so that all problems are reported at once. A wrong value reads as the one given for
 * that case, so that reading can go on. Every key that was read is known; {@link #end} reports the
 * others.
 */
final class Section {
  /** The origin of values that are not in a file: a message then begins with the key. */
  static final String DIRECT = "direct";

  /** The origin of an object that exists only because a key was given below it. */
  private static final String MADE = "withValue(";

  private static final String OBJECT = "an object { ... }";

  private final String path;
  private final ConfigObject object;
  private final String origin;
  private final List<String> problems;
  private final Set<String> known = new TreeSet<>();

  /** A missing object, which has been reported: nothing more is said about its keys. */
  private boolean isMissing;

  /** More to say about an unknown key. */
  private String elsewhere = "";

  private Collection<String> keysElsewhere = List.of();

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

  /** A whole number, or a word that means one. */
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

  /** Bytes, at least one. */
  long size(String key) {
    return read(
        key,
        1L,
        "a size of at least 1 B, such as 64 MiB or 1 GiB,",
        value -> {
          long bytes = value.atKey(key).getBytes(ConfigUtil.quoteString(key));
          return bytes >= 1 ? Optional.of(bytes) : Optional.empty();
        });
  }

  /** A time of at least a millisecond. */
  Duration time(String key) {
    return read(
        key,
        Duration.ofSeconds(1),
        "a time from 1 ms to 36500 d, such as 500 ms, 10 s or 2 min,",
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
    if (value.isPresent() && value.get() instanceof ConfigList texts) {
      return texts.stream().map(Section::plain).toList();
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
                        String below = whole(key) + "." + ConfigUtil.joinPath(name);
                        String where = where(own);
                        sections.put(name, new Section(below, whole, where, problems));
                      } else {
                        wrong(key + "." + ConfigUtil.joinPath(name), value, OBJECT);
                      }
                    }));
    return sections;
  }

  /** The object below a key, which must exist. */
  Section section(String key) {
    int before = problems.size();
    Optional<ConfigObject> below = object(key);
    if (below.isEmpty() && problems.size() == before) {
      problems.add(whole(key) + " is missing: " + OBJECT + " would be right");
    }
    Section section =
        new Section(whole(key), below.orElseGet(() -> ConfigFactory.empty().root()), problems);
    section.isMissing = below.isEmpty();
    return section;
  }

  /** The object of this section. */
  ConfigObject object() {
    return object;
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
    wrong(key, value.get(), OBJECT);
    return Optional.empty();
  }

  /** The keys not read so far, as texts by path; known from now on. */
  Map<String, String> rest() {
    Map<String, String> rest = new TreeMap<>(flat(object));
    rest.keySet().removeIf(key -> known.contains(ConfigUtil.splitPath(key).getFirst()));
    known.addAll(object.keySet());
    return rest;
  }

  /** A key that belongs to another part. */
  void leave(String key) {
    known.add(key);
  }

  /** Keys known elsewhere, and where keys unknown here belong. */
  void others(Collection<String> keys, String hint) {
    keysElsewhere = keys;
    elsewhere = hint;
  }

  /** A value that is wrong for another reason. */
  void wrong(String key, String reason) {
    get(key)
        .ifPresentOrElse(
            value ->
                problems.add("%s = %s: %s".formatted(placed(key, value), plain(value), reason)),
            () -> problems.add(whole(key) + ": " + reason));
  }

  /** A name of this section that is wrong. */
  void wrongName(String name, String what, String right) {
    boolean isSaid = origin.equals(DIRECT) || path.isEmpty();
    problems.add(
        "%s\"%s\" is not a name for a %s: %s would be right"
            .formatted(isSaid ? "" : origin + ": ", name, what, right));
  }

  /** Reports the keys that were not read. */
  void end() {
    Set<String> all = new TreeSet<>(known);
    all.addAll(keysElsewhere);
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      if (!known.contains(entry.getKey())) {
        problems.add(
            "%s: there is no such key, %s%s"
                .formatted(
                    placed(ConfigUtil.joinPath(entry.getKey()), entry.getValue()),
                    Nearest.hint(entry.getKey(), all),
                    Nearest.to(entry.getKey(), all).isPresent() ? "" : elsewhere));
      }
    }
  }

  /** A key with all its parents. */
  private String whole(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The same, preceded by its place. */
  private String placed(String key, ConfigValue value) {
    String place = where(value);
    return place.equals(DIRECT) ? whole(key) : Wording.placed(place, whole(key));
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
      if (!isMissing) {
        problems.add(whole(key) + " is missing: " + right + " would be right");
      }
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
    } catch (IllegalArgumentException | ArithmeticException | ConfigException notSo) {
      // reported below like every other wrong value
    }
    wrong(key, value.get(), right);
    return otherwise;
  }

  private void wrong(String key, ConfigValue value, String right) {
    problems.add("%s = %s: %s would be right".formatted(placed(key, value), plain(value), right));
  }

  /** File and line, or what else is known. */
  static String where(ConfigValue value) {
    String place = value.origin().description();
    if (value instanceof ConfigObject made && place.startsWith(MADE) && !made.isEmpty()) {
      return where(made.values().iterator().next()); // around a value that was given
    }
    return Wording.place(place);
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
