package org.pagewheel.runtime.internal.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.pagewheel.BufferConfig;
import org.pagewheel.event.EventSet;
import org.pagewheel.format.PageLayout;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.runtime.internal.config.ConsumerPlan.Policy;
import org.pagewheel.runtime.internal.trigger.TriggerText;
import org.pagewheel.spi.CpuList;

/** Makes a buffer or a consumer from keys and values, with the defaults of the configuration. */
public final class Rules {
  private static final int MAX_CPUS = 4096;
  private static final String NAME = "[a-z0-9_-]{1,40}";
  private static final String NAME_RIGHT = "at most 40 lower-case letters, digits, - and _";
  private static final Map<String, Policy> POLICIES = policies();

  private final ConfigObject defaults;
  private final ConfigObject consumerDefaults;

  Rules(ConfigObject defaults, ConfigObject consumerDefaults) {
    this.defaults = defaults;
    this.consumerDefaults = consumerDefaults;
  }

  /** Both spellings: {@code drop-oldest} as keys are written, {@code dropOldest} as code is. */
  private static Map<String, Policy> policies() {
    Map<String, Policy> policies = new LinkedHashMap<>();
    policies.put("block", Policy.BLOCK);
    policies.put("drop-oldest", Policy.DROP_OLDEST);
    policies.put("drop-newest", Policy.DROP_NEWEST);
    policies.put("dropOldest", Policy.DROP_OLDEST);
    policies.put("dropNewest", Policy.DROP_NEWEST);
    return policies;
  }

  ConfigObject defaults() {
    return defaults;
  }

  /** A buffer as read: with the defaults of a buffer, and of each of its consumers. */
  ConfigObject whole(ConfigObject buffer) {
    ConfigObject whole = buffer.withFallback(defaults);
    if (whole.get("consumers") instanceof ConfigObject consumers) {
      for (String name : consumers.keySet()) {
        if (consumers.get(name) instanceof ConfigObject consumer) {
          consumers = consumers.withValue(name, consumer.withFallback(consumerDefaults));
        }
      }
      whole = whole.withValue("consumers", consumers);
    }
    return whole;
  }

  /** A buffer from texts, as a shell gets them. */
  public BufferPlan buffer(String name, Map<String, String> values) {
    return buffer(name, values, Optional.of(Set.of()));
  }

  /**
   * The same if the backend's settings are among the buffer's own keys.
   *
   * @param ofBackend the settings that the backend has; none if it does not declare them
   */
  public BufferPlan buffer(
      String name, Map<String, String> values, Optional<Set<String>> ofBackend) {
    Map<String, String> placed = RingRules.placed(values, defaults.keySet(), ofBackend);
    return checked(placed, defaults, section -> buffer(name, section, ofBackend.orElse(Set.of())));
  }

  /**
   * Another ring for a buffer, from texts. A key that is not given keeps its value, except the
   * backend's own settings when a backend is given.
   *
   * @param ofBackend the settings that the backend has; none if it does not declare them
   */
  public BufferConfig ring(
      BufferConfig now, Map<String, String> values, Optional<Set<String>> ofBackend) {
    return RingRules.changed(now, values, defaults.keySet(), ofBackend);
  }

  /** A consumer from texts, as a shell gets them. */
  public ConsumerPlan consumer(String name, Map<String, String> values) {
    return checked(values, consumerDefaults, section -> consumer(name, section));
  }

  static <T> T checked(
      Map<String, String> values, ConfigObject defaults, Function<Section, T> reader) {
    List<String> problems = new ArrayList<>();
    ConfigObject said = Layer.of(values, "", key -> Section.DIRECT, "pages", problems).root();
    T read = problems.isEmpty() ? reader.apply(section(said, defaults, problems)) : null;
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return read;
  }

  private static Section section(ConfigObject said, ConfigObject defaults, List<String> problems) {
    return new Section("", said.withFallback(defaults), problems);
  }

  /** A buffer from a section, with the defaults below it. */
  BufferPlan buffer(String name, Section section) {
    return buffer(name, section, Set.of());
  }

  private BufferPlan buffer(String name, Section section, Set<String> ofBackend) {
    if (!name.matches(NAME)) {
      section.wrongName(name, "buffer", NAME_RIGHT);
    }
    BufferConfig config =
        RingRules.read(name, section)
            .cpus(
                section.numberOr(
                    "cpus", 1, MAX_CPUS, "auto", Runtime.getRuntime().availableProcessors()))
            .build();
    String fallback = section.text("fallback");
    List<ConsumerPlan> consumers = new ArrayList<>();
    section
        .sections("consumers", Optional.of(consumerDefaults))
        .forEach((own, values) -> consumers.add(consumer(own, values)));
    BufferPlan plan =
        new BufferPlan(
            config,
            events(section),
            section.flag("on"),
            recorded(section, config.cpus()),
            section.flag("wait"),
            Optional.of(fallback).filter(text -> !text.isEmpty()),
            new BufferPlan.Flow(section.number("watermark", 0, 100), section.time("flush")),
            consumers,
            triggers(section));
    section.others(ofBackend, RingRules.ELSEWHERE);
    section.end();
    return plan;
  }

  /**
   * A buffer that an application makes, with the defaults for what a BufferConfig does not contain.
   */
  public BufferPlan plan(BufferConfig config) {
    BufferPlan usual = buffer("defaults", Map.of());
    return new BufferPlan(
        config,
        usual.events(),
        true,
        CpuList.of("cpu-mask", CpuList.ALL, config.cpus()),
        usual.waits(),
        usual.fallback(),
        usual.flow(),
        List.of(),
        List.of());
  }

  /** The patterns, each checked. */
  private static List<String> events(Section section) {
    List<String> globs = section.texts("events");
    try {
      globs.forEach(EventSet::checkPattern);
    } catch (IllegalArgumentException e) {
      section.wrong("events", e.getMessage());
    }
    return globs;
  }

  private static BitSet recorded(Section section, int cpus) {
    try {
      return CpuList.of("cpu-mask", section.text("cpu-mask"), cpus);
    } catch (IllegalArgumentException e) {
      String doubled = "cpu-mask = " + section.text("cpu-mask") + ": ";
      section.wrong("cpu-mask", e.getMessage().substring(doubled.length()));
      return new BitSet();
    }
  }

  private static List<TriggerText> triggers(Section section) {
    List<TriggerText> triggers = new ArrayList<>();
    for (String text : section.list("triggers")) {
      try {
        triggers.add(TriggerText.of(text));
      } catch (IllegalArgumentException e) {
        section.wrong("triggers", e.getMessage());
      }
    }
    return triggers;
  }

  private ConsumerPlan consumer(String name, Section section) {
    if (!name.matches(NAME)) {
      section.wrongName(name, "consumer", NAME_RIGHT);
    }
    String type = section.name("type", "[a-z0-9-]+", "the type of a consumer, such as splice,");
    int queue = section.number("queue", 1, RingRules.MAX_PAGES);
    Policy policy = section.choice("policy", Policy.DROP_OLDEST, POLICIES);
    Duration blockTimeout = section.time("block-timeout");
    return new ConsumerPlan(name, type, queue, policy, blockTimeout, section.rest());
  }

  /**
   * Checks what an application hands in as values.
   *
   * @throws ConfigurationException if one is out of range
   */
  public static void check(BufferConfig config) {
    List<String> problems = new ArrayList<>();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("pages", config.pages());
    values.put("page-size", config.pageSize());
    values.put("cpus", config.cpus());
    Section section = new Section("", ConfigValueFactory.fromMap(values, Section.DIRECT), problems);
    if (!config.name().matches(NAME)) {
      section.wrongName(config.name(), "buffer", NAME_RIGHT);
    }
    section.number("pages", 2, RingRules.MAX_PAGES);
    section.powerOfTwo("page-size", PageLayout.MIN_PAGE_SIZE, PageLayout.MAX_PAGE_SIZE);
    section.number("cpus", 1, MAX_CPUS);
    if (!problems.isEmpty()) {
      throw new ConfigurationException(
          problems.stream().map(line -> "buffer " + config.name() + ": " + line).toList());
    }
  }
}
