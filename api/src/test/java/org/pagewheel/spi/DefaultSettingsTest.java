package org.pagewheel.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.spi.broken.Broken;

/** The file {@code reference.conf} of a plugin. */
class DefaultSettingsTest {
  /** Has the file beside it, for it lies in this package. */
  private static final class Described implements Backend {
    @Override
    public String name() {
      return "described";
    }

    @Override
    public Ring open(RingConfig config) {
      throw new UnsupportedOperationException();
    }
  }

  private final DefaultSettings settings = DefaultSettings.of(DefaultSettingsTest.class);

  @Test
  void everySettingHasItsValueAndItsLine() {
    assertEquals(List.of("spares", "max-size", "names.first", "file"), keys(settings.values()));
    assertEquals("8", settings.values().get("spares"));
    assertEquals("64 MiB", settings.values().get("max-size"));
    assertEquals("/tmp/a #1", settings.values().get("names.first"));
    assertEquals("", settings.values().get("file"));
    assertEquals(2, settings.line("spares"));
    assertEquals(8, settings.line("file"));
  }

  @Test
  void whatIsSaidGoesOverTheDefaults() {
    Map<String, String> all = settings.complete("it", Map.of("spares", "9", "file", "x"));

    assertEquals(List.of("spares", "max-size", "names.first", "file"), keys(all));
    assertEquals("9", all.get("spares"));
    assertEquals("x", all.get("file"));
    assertEquals("64 MiB", all.get("max-size"));
  }

  @Test
  void anUnknownSettingIsNamedWithThoseThatThereAre() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> settings.complete("the new backend", Map.of("spares", "9", "sparse", "9")));

    assertEquals(
        "the new backend has no setting sparse; it has spares, max-size, names.first, file",
        e.getMessage());
  }

  @Test
  void aPluginIsDescribedByTheFileBesideItOrNotAtAll() {
    assertEquals(settings.values(), new Described().defaults().orElseThrow().values());
    assertEquals(Optional.empty(), DefaultSettings.find(BufferConfig.class));
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> DefaultSettings.of(BufferConfig.class));
    assertEquals(
        "there is no file reference.conf next to org.pagewheel.BufferConfig", e.getMessage());
  }

  @Test
  void aFileOfAnotherFormIsToldWithItsLine() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> DefaultSettings.find(Broken.class));

    assertEquals(
        "reference.conf of org.pagewheel.spi.broken.Broken:3: spares = 9: a line key = value, with"
            + " each key once, is right",
        e.getMessage());
  }

  private static List<String> keys(Map<String, String> map) {
    return List.copyOf(map.keySet());
  }
}
