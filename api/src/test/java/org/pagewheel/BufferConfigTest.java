package org.pagewheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig.Builder;

/** Every value reaches the configuration, a copy of it, and the comparison of two. */
class BufferConfigTest {
  private static final BufferConfig USUAL = BufferConfig.of("orders", "lockfree");

  /** One for each setter of the builder, which changes the usual value. */
  private static final Map<String, UnaryOperator<Builder>> CHANGES =
      Map.of(
          "backend", builder -> builder.backend("offheap"),
          "mode", builder -> builder.mode(Mode.DISCARD),
          "pages", builder -> builder.pages(7),
          "pageSize", builder -> builder.pageSize(8192),
          "cpus", builder -> builder.cpus(USUAL.cpus() + 1),
          "clock", builder -> builder.clock(Clock.of("mono", () -> 1)),
          "cpuNumber", builder -> builder.cpuNumber(() -> 0),
          "settings", builder -> builder.settings(Map.of("file", "x")));

  @Test
  void everySetterIsTried() {
    Set<String> setters =
        Arrays.stream(Builder.class.getMethods())
            .filter(method -> method.getReturnType() == Builder.class)
            .map(Method::getName)
            .collect(Collectors.toSet());
    assertEquals(setters, CHANGES.keySet());
    Set<String> values =
        Arrays.stream(BufferConfig.class.getMethods())
            .filter(method -> method.getDeclaringClass() == BufferConfig.class)
            .filter(method -> method.getParameterCount() == 0)
            .map(Method::getName)
            .collect(Collectors.toSet());
    values.removeAll(List.of("name", "toBuilder", "hashCode", "toString"));
    assertEquals(setters, values, "each value has a setter");
  }

  @Test
  void eachValueIsKeptAndCompared() {
    Set<BufferConfig> all = new HashSet<>(Set.of(USUAL, BufferConfig.of("other", "lockfree")));
    CHANGES.forEach(
        (name, change) -> {
          BufferConfig changed = change.apply(USUAL.toBuilder()).build();
          assertNotEquals(USUAL, changed, name);
          assertEquals(changed, changed.toBuilder().build(), name);
          all.add(changed);
        });
    assertEquals(CHANGES.size() + 2, all.size());
  }

  @Test
  void settingsAreCopied() {
    Map<String, String> settings = new HashMap<>(Map.of("file", "x"));
    BufferConfig config = USUAL.toBuilder().settings(settings).build();
    settings.clear();
    assertEquals(Map.of("file", "x"), config.settings());
  }
}
