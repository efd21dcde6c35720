package org.pagewheel.runtime.internal.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plugins by name, and by name and version. */
class CatalogTest {
  private final Catalog<String> catalog = new Catalog<>(plugin -> Optional.empty());

  @BeforeEach
  void add() {
    add("guest", "old", 0, 1, 0, 0);
    add("guest", "new", 0, 1, 10, 2);
    add("guest", "newer", 0, 1, 10, 3);
    add("lone", "lone", 0, 2, 0, 0);
  }

  private void add(String name, String plugin, int ranking, int major, int minor, int micro) {
    catalog.add(
        name, new Catalog.Rank(ranking, List.of(major, minor, micro)), plugin, Optional.empty());
  }

  private String find(String name) {
    return catalog.find(name).orElse("none");
  }

  @Test
  void theHighestVersionCountsUnlessOneIsNamed() {
    assertEquals("newer", find("guest"));
    assertEquals("old", find("guest@1.0.0"));
    assertEquals("new", find("guest@1.10.2"));
    assertEquals("lone", find("lone@2.0.0"));
  }

  @Test
  void theEndOfAVersionMayBeLeftOut() {
    assertEquals("newer", find("guest@1"));
    assertEquals("newer", find("guest@1.10"));
    assertEquals("old", find("guest@1.0"));
  }

  @Test
  void aPluginThatTellsNullOfItsSettingsIsLeftOut() {
    Catalog<String> mute = new Catalog<>(plugin -> null);
    var wrong = assertThrows(NullPointerException.class, () -> mute.add("mute", 0, "plugin"));
    assertEquals("mute has null defaults", wrong.getMessage());
    assertEquals(Set.of(), mute.names());
  }

  @Test
  void aVersionThatIsNotThereIsNotFound() {
    assertEquals("none", find("guest@1.1"));
    assertEquals("none", find("guest@2"));
    assertEquals("none", find("guest@"));
    assertEquals("none", find("gues"));
  }

  @Test
  void aRankingGoesBeforeAVersion() {
    add("guest", "preferred", 1, 0, 1, 0);
    assertEquals("preferred", find("guest"));
    assertEquals("newer", find("guest@1"));
  }

  @Test
  void versionsAreAmongTheNamesWhereThereAreSeveral() {
    assertEquals(
        Set.of("guest", "guest@1.0.0", "guest@1.10.2", "guest@1.10.3", "lone"), catalog.names());
    catalog.remove("new");
    catalog.remove("newer");
    assertEquals(Set.of("guest", "lone"), catalog.names());
  }

  @Test
  void aNameMeansEachOfItsVersions() {
    assertTrue(catalog.means("guest", "old"));
    assertTrue(catalog.means("guest@1.0.0", "old"));
    assertFalse(catalog.means("guest@1.10", "old"));
    assertFalse(catalog.means("guest", "lone"));
  }
}
