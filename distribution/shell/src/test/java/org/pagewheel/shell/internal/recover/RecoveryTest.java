package org.pagewheel.shell.internal.recover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.runtime.Pagewheel;
import org.pagewheel.spi.FileKind;

/** What a process that died in the midst of a swap has left is found by the name people know. */
class RecoveryTest {
  private static final String BEFORE = "the earlier ring is in ";

  @TempDir Path directory;

  /** A ring that took the place of another in its file. */
  private Path swapped() throws IOException {
    Path ring = directory.resolve("ring");
    Map<String, String> settings =
        Map.of(
            "pagewheel.defaults.pages", "4",
            "pagewheel.buffers.main.backend", "offheap",
            "pagewheel.buffers.main.file", ring.toString());
    try (Pagewheel pagewheel = Pagewheel.start(settings)) {
      pagewheel.buffers().get("main").mark("before the swap");
      var config = pagewheel.buffers().get("main").config();
      pagewheel.administration().replace(config.withPages(8, config.pageSize()));
      pagewheel.buffers().get("main").mark("after the swap");
    }
    return ring;
  }

  private Path left() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(path -> path.toString().endsWith(".left")).findFirst().orElseThrow();
    }
  }

  private List<String> recover(Path from) throws IOException {
    return Recovery.recover(from, directory.resolve("out.dat"));
  }

  private String problem(Path from) {
    return assertThrows(IOException.class, () -> recover(from)).getMessage();
  }

  @Test
  void theOlderRingIsNamedWhateverHasBecomeOfTheFile() throws Exception {
    Path ring = swapped();
    Path left = left();
    String line = BEFORE + left + ": recover that too";
    assertEquals(line, recover(ring).getLast());
    assertFalse(String.join("\n", recover(left)).contains(BEFORE));

    Files.write(ring, FileKind.UNFINISHED_RING.begin());
    assertEquals(
        "file " + ring + ": its ring was never finished: there are no events in it; " + line,
        problem(ring));
    Files.delete(ring);
    assertEquals("there is no file " + ring + "; " + line, problem(ring));
    assertEquals("there is no file " + directory.resolve("rin"), problem(directory.resolve("rin")));
    Path nowhere = directory.resolve("none/ring");
    assertEquals("there is no file " + nowhere, problem(nowhere));
  }

  @Test
  void ofSeveralTheNewestIsNamedThatHoldsEvents() throws Exception {
    Path ring = swapped();
    Path left = left();
    Path older = directory.resolve("ring.20200101T000000.left");
    Files.copy(left, older);
    Files.setLastModifiedTime(older, FileTime.fromMillis(1));
    Path unfinished = directory.resolve("ring.20990101T000000-2.left");
    Files.write(unfinished, FileKind.UNFINISHED_RING.begin());
    Files.writeString(directory.resolve("ring.20990101T000000.left"), "something else");
    Files.createSymbolicLink(directory.resolve("ring.20990101T000001.left"), left);
    assertEquals(
        BEFORE + left + " (and 1 older, *.left): recover that too", recover(ring).getLast());
    Files.delete(left);
    Files.delete(older);
    assertTrue(recover(ring).stream().noneMatch(line -> line.contains(BEFORE)));
  }
}
