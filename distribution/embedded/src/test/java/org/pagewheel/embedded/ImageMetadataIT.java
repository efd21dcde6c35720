package org.pagewheel.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What GraalVM is told; nobody here has it, so the resources alone are compared. */
class ImageMetadataIT {
  private static final Path FILE =
      Path.of(
          "src/main/resources/META-INF/native-image/org.pagewheel/pagewheel",
          "reachability-metadata.json");

  @Test
  void everyReferenceConfIsAResource() throws IOException {
    String text = Files.readString(FILE);
    Set<String> named =
        Pattern.compile("\"glob\": \"([^\"]+)\"")
            .matcher(text)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> there = new TreeSet<>();
    for (String part :
        new String[] {
          "api",
          "backend-heap",
          "backend-lockfree",
          "backend-offheap",
          "consumers",
          "distribution/runtime",
          "distribution/sources/base"
        }) {
      try (Stream<Path> files = Files.walk(Path.of("../..", part))) {
        files
            .map(path -> path.toString().replace('\\', '/'))
            .filter(path -> path.contains("src/main/resources") && path.endsWith("reference.conf"))
            .forEach(path -> there.add(path.replaceFirst(".*src/main/resources/", "")));
      }
    }
    assertTrue(there.size() >= 7, there::toString);
    assertEquals(there, named);
  }
}
