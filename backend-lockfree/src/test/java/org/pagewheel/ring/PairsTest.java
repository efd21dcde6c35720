package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each method that touches a shared word with an ordering says what it pairs with. */
class PairsTest {
  private static final Path SOURCE =
      Path.of("src", "main", "java", "org", "pagewheel", "ring", "RingMemory.java");

  private static final Pattern METHOD =
      Pattern.compile(
          "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:static )?\\w+ "
              + "(\\w*(?:Acquire|Release|Opaque)|cas\\w+|add|announce\\w*|isSlotStill)\\(",
          Pattern.DOTALL);

  @Test
  void everyOrderedAccessNamesItsPartner() throws IOException {
    Matcher method = METHOD.matcher(Files.readString(SOURCE));
    List<String> silent = new ArrayList<>();
    int methods = 0;
    while (method.find()) {
      methods++;
      String says = method.group(1);
      if (!says.matches("(?s).*([Pp]airs with|, see \\w+|ordered before|proves|checked by).*")) {
        silent.add(method.group(2));
      }
    }
    assertEquals(List.of("announce", "announceExtend"), silent, "say so in their bodies");
    assertTrue(methods >= 25, "methods found: " + methods);
  }
}
