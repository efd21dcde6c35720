package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedPathTest {
  @TempDir Path parent;

  private Path directory(String name, int mode) throws IOException {
    Path made = Files.createDirectory(parent.resolve(name));
    Files.setAttribute(made, "unix:mode", mode);
    return made.toRealPath();
  }

  private static void assertRefused(Path place) {
    var refused =
        assertThrows(IOException.class, () -> TrustedPath.firstOf(List.of(place))).getMessage();
    assertTrue(refused.startsWith(place + ", for temporary files, is not "), refused);
  }

  @Test
  void whereEverybodyMayWriteItMustBeSticky() throws IOException {
    assertRefused(directory("open", 0777));
    assertRefused(directory("group", 0770));
    Path sticky = directory("sticky", 01777);
    assertEquals(sticky, TrustedPath.firstOf(List.of(sticky)));
  }

  @Test
  void allAboveItMustBeTrustedToo() throws IOException {
    Path below = Files.createDirectory(directory("open", 0777).resolve("own"));
    assertRefused(below);
  }

  @Test
  void theDirectoryOfAnotherUserIsPassedOver() throws IOException {
    Path foreign = directory("foreign", 01777);
    Foreign.give(foreign);
    assertRefused(foreign);
    Path own = directory("own", 0700);
    assertEquals(own, TrustedPath.firstOf(List.of(foreign, own)));
  }

  @Test
  void aLinkIsFollowedOnceAndForAll() throws IOException {
    Path own = directory("own", 0700);
    Path link = Files.createSymbolicLink(parent.resolve("link"), own);
    Foreign.give(link);
    assertEquals(own, TrustedPath.firstOf(List.of(link)));
  }

  @Test
  void whatIsMissingIsPassedOver() {
    assertRefused(parent.resolve("missing"));
  }

  @Test
  void pluginsComeFromTheOwnersOfTheirHome() throws IOException {
    Path home = directory("home", 0755);
    Path plugins = directory("plugins", 0755);
    assertTrue(TrustedPath.isClosed(plugins, List.of(home)));
    assertTrue(TrustedPath.isClosed(parent.resolve("missing"), List.of(home)));
    Foreign.give(plugins);
    assertFalse(TrustedPath.isClosed(plugins, List.of(home)));
    Foreign.give(home);
    assertTrue(TrustedPath.isClosed(plugins, List.of(home)));
    assertFalse(TrustedPath.isClosed(directory("open", 01777), List.of(home)));
  }
}
