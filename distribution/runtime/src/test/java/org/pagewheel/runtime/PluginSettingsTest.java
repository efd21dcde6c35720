package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerFactory;

/** Settings of backends and consumers: their defaults, and what is none of them. */
class PluginSettingsTest {
  @TempDir Path directory;

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("pagewheel.conf"), text);
  }

  private Pagewheel start(String text) throws Exception {
    return Pagewheel.start(file(text));
  }

  private static String setting(Pagewheel pagewheel, String key) {
    return pagewheel.administration().settings().stream()
        .filter(setting -> setting.key().equals("pagewheel.buffers.main." + key))
        .map(setting -> setting.value() + " " + setting.origin())
        .reduce((a, b) -> a + ", and " + b)
        .orElse("none");
  }

  @Test
  void whatAPluginInUseHasIsShownWithItsOrigin() throws Exception {
    try (Pagewheel pagewheel =
        start(
            """
            pagewheel.buffers.main {
              backend = lockfree
              settings.spares = 9
              consumers.disk { type = splice, max-files = 3, dir = "%s" }
            }
            """
                .formatted(directory))) {
      Path file = directory.resolve("pagewheel.conf");

      assertEquals("9 " + file + ":3", setting(pagewheel, "settings.spares"));
      assertEquals(
          "\"auto\" reference.conf of backend lockfree:5", setting(pagewheel, "settings.memory"));
      assertEquals("3 " + file + ":4", setting(pagewheel, "consumers.disk.max-files"));
      assertEquals(
          "\"64 MiB\" reference.conf of consumer splice:9",
          setting(pagewheel, "consumers.disk.max-size"));
      assertTrue(
          setting(pagewheel, "consumers.disk.queue").startsWith("64 reference.conf:"),
          setting(pagewheel, "consumers.disk.queue"));
      assertEquals("none", setting(pagewheel, "consumers.disk.http-port"));
    }
  }

  @Test
  void theFileOfABufferIsShownOnce() throws Exception {
    try (Pagewheel pagewheel = start("pagewheel.buffers.main.backend = offheap")) {
      assertTrue(setting(pagewheel, "file").startsWith("\"\" reference.conf:"));
      assertEquals("none", setting(pagewheel, "settings.file"));
      assertEquals(
          "\"keep\" reference.conf of backend offheap:9", setting(pagewheel, "settings.left"));
    }
  }

  @Test
  void everyUnknownKeyIsToldAtOnceWithFileLineAndTheNearest() throws Exception {
    Path file =
        file(
            """
            pagewheel.buffers.main {
              settings.sparse = 9
              consumers.disk { type = splice, dir = x, max-file = 3 }
            }
            pagewheel.buffers.b.file = x
            """);

    List<String> problems =
        assertThrows(ConfigurationException.class, () -> Pagewheel.start(file)).problems();

    assertEquals(
        List.of(
            file
                + ":2: pagewheel.buffers.main.settings.sparse: there is no such key, did you mean"
                + " spares?",
            file
                + ":3: pagewheel.buffers.main.consumers.disk.max-file: there is no such key, did"
                + " you mean max-files?",
            file + ":5: pagewheel.buffers.b.file: there is no such key, there are memory, spares"),
        problems);
  }

  @Test
  void theSameAtAReloadAndByHand() throws Exception {
    try (Pagewheel pagewheel = start("")) {
      Administration administration = pagewheel.administration();
      Path file = file("\npagewheel.buffers.main.settings.spare = 9");
      assertEquals(
          file
              + ":2: pagewheel.buffers.main.settings.spare: there is no such key, did you mean"
              + " spares?",
          assertThrows(ConfigurationException.class, administration::reload).getMessage());
      assertEquals(
          "pagewheel.buffers.main.settings.spare: there is no such key, did you mean spares?",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      administration.replace(
                          administration.configure("main", Map.of("settings.spare", "9"))))
              .getMessage());
      assertEquals(
          "pagewheel.buffers.main.consumers.s.event: there is no such key, did you mean events?",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      administration.attach("main", "s", Map.of("type", "stats", "event", "false")))
              .getMessage());
      assertEquals(List.of(), administration.consumers());
    }
  }

  @Test
  void everyPluginOfOursTellsItsSettings() {
    for (Backend backend : ServiceLoader.load(Backend.class)) {
      assertTrue(backend.defaults().isPresent(), backend.name());
    }
    for (ConsumerFactory factory : ServiceLoader.load(ConsumerFactory.class)) {
      assertTrue(factory.defaults().isPresent(), factory.type());
    }
  }
}
