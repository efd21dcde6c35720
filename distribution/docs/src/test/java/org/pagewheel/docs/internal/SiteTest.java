package org.pagewheel.docs.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
  @TempDir Path directory;

  private Path site;

  @BeforeEach
  void documented() throws IOException {
    site = directory.resolve("site");
    write(
        "tree/part/src/main/java/a/package-info.java",
        "/** A package, see {@link Some}. */\n// @Export\npackage a;\n");
    write("tree/part/src/main/java/a/Some.java", "package a; /** One. */ public class Some {}");
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private List<String> make() throws IOException {
    return Site.make(directory.resolve("tree"), site);
  }

  @Test
  void guidesLeadToEachOthersPages() throws IOException {
    write("tree/README.md", "# All\n\n[more](part/more.md#so-it-is) and ![x](part/x.png)\n");
    write("tree/part/more.md", "# More\n\n## So it is\n\n[back](../README.md), [code](src)\n");
    write("tree/part/x.png", "a picture");
    write("tree/part/target/left.md", "[of an earlier build](nowhere.md)");
    assertEquals(List.of(), make());
    String all = Files.readString(site.resolve("index.html"));
    assertTrue(all.contains("<a href=\"part/more.html#so-it-is\">more</a>"), all);
    assertTrue(all.contains("<a href=\"javadoc/index.html\">Javadoc</a>"), all);
    String more = Files.readString(site.resolve("part/more.html"));
    assertTrue(more.contains("<a href=\"../index.html\">back</a>, code"), more);
    assertEquals("a picture", Files.readString(site.resolve("part/x.png")));
    assertTrue(Files.exists(site.resolve("javadoc/a/Some.html")));
  }

  @Test
  void aDeadLinkIsNamedWithItsPage() throws IOException {
    write("tree/README.md", "[a](gone.md) [b](#gone) [c](part/more.md#gone) ![d](gone.png)\n");
    write("tree/part/more.md", "# More\n\n[e](https://example.org/not-followed)\n");
    assertEquals(
        List.of(
            "index.html: the link gone.md leads nowhere",
            "index.html: the link #gone leads nowhere",
            "index.html: the link part/more.html#gone leads nowhere",
            "index.html: the link gone.png leads nowhere"),
        make());
  }
}
