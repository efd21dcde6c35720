package org.pagewheel.probes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.spi.Symbols;

/** Names of many methods. */
class ManySymbolsTest {
  @TempDir private Path directory;

  /** As many methods as a graph means at most by default, with long names. */
  @Test
  void aRingFileHasTheNamesOfTenThousandMethods() throws Exception {
    Path ring = directory.resolve("many");
    Path small = directory.resolve("small");
    Map<String, String> settings =
        Map.of(
            "pagewheel.buffers.main.backend",
            "offheap",
            "pagewheel.buffers.main.file",
            ring.toString(),
            "pagewheel.buffers.other.backend",
            "offheap",
            "pagewheel.buffers.other.file",
            small.toString(),
            "pagewheel.buffers.other.settings.metadata",
            "64");
    List<String> names = new ArrayList<>();
    try (Pagewheel other = Pagewheel.start(settings)) {
      for (int i = 0; i < GraphOptions.LIMIT; i++) {
        names.add("com.acme.many." + "long.".repeat(9) + "Methods.number" + i);
        Symbols.define(names.getLast());
      }
      assertTrue(other.buffers().get("other").isOn());
    }
    try (RingFile file = RingFile.open(ring)) {
      assertEquals(List.of(), file.problems());
      assertTrue(new HashSet<>(file.metadata().symbols().values()).containsAll(names));
    }
    try (RingFile file = RingFile.open(small)) {
      assertEquals(1, file.problems().size());
      String problem = file.problems().getFirst();
      assertTrue(
          problem.matches(
              "\\d{4,5} names of methods, threads and event types did not fit in the file's"
                  + " metadata"),
          problem);
    }
  }
}
