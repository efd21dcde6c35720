package org.pagewheel.consumer.splice.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.consumer.testing.Guide;

/** Settings in people's units, and one clear line for what is wrong. */
class SpliceSettingsTest {
  @Test
  void theGuideTellsEverySettingWithItsDefault() throws Exception {
    assertEquals(
        new TreeMap<>(new SpliceFactory().defaults().orElseThrow().values()), Guide.settings());
  }

  @Test
  void everythingCanBeSet() {
    SpliceSettings settings =
        SpliceSettings.parse(
            Map.of("dir", "/tmp", "max-size", "1.5 MiB", "max-age", "10 s", "max-files", "3"),
            "main");
    assertEquals(
        new SpliceSettings(Path.of("/tmp"), "main", 3 << 19, 10_000_000_000L, 3), settings);
  }

  @Test
  void whatIsNotSetHasADefault() {
    SpliceSettings settings = SpliceSettings.parse(Map.of("file", "/tmp/jvm.dat"), "main");
    long none = SpliceSettings.UNLIMITED;
    assertEquals(new SpliceSettings(Path.of("/tmp"), "jvm", 64 << 20, none, 16), settings);
    SpliceSettings unlimited =
        SpliceSettings.parse(
            Map.of("file", "jvm", "max-files", "unlimited", "max-age", "unlimited"), "main");
    assertEquals(none, unlimited.maxFiles());
    assertEquals(Path.of("jvm").toAbsolutePath().getParent(), unlimited.directory());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "max-size; 64 Mb; max-size = 64 Mb: a size such as 64 MiB or 1 GiB is right",
        "max-size; -1; max-size = -1: a size such as 64 MiB or 1 GiB is right",
        "max-size; 0; max-size = 0: it must be more than 0 and at most 8 EiB",
        "max-size; 9999999 TiB; max-size = 9999999 TiB: it must be more than 0 and at most 8 EiB",
        "max-age; 10; max-age = 10: a time such as 10 s, 5 min or 1 h is right",
        "max-age; soon; max-age = soon: a time such as 10 s, 5 min or 1 h is right",
        "max-files; 0; max-files = 0: a number from 1 to 2147483647, or unlimited, is right",
        "maxsize; 1; 'splice has no setting maxsize; it has dir, file, max-size, max-age,"
            + " max-files'",
      })
  void whatIsWrongIsToldInOneLine(String key, String value, String message) {
    IllegalArgumentException wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> SpliceSettings.parse(Map.of("dir", "/tmp", key, value), "main"));
    assertEquals(message, wrong.getMessage());
  }

  @Test
  void thePlaceMustBeGivenOnceAndMakeSense() {
    String needs =
        "splice needs either dir = DIRECTORY or file = DIRECTORY/NAME.dat, to know where to write";
    assertMessage(needs, Map.of());
    assertMessage(needs, Map.of("dir", "/tmp", "file", "/tmp/x.dat"));
    assertMessage("dir =  : it is empty; a path is needed", Map.of("dir", " "));
    String noFile = "file = /tmp/: it names no file, such as trace.dat";
    assertMessage(noFile, Map.of("file", "/tmp/"));
    assertMessage("file = a\0b: Nul character not allowed", Map.of("file", "a\0b"));
  }

  private static void assertMessage(String message, Map<String, String> settings) {
    IllegalArgumentException wrong =
        assertThrows(IllegalArgumentException.class, () -> SpliceSettings.parse(settings, "main"));
    assertEquals(message, wrong.getMessage());
  }
}
