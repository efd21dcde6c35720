package org.pagewheel.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process follows the ring of another. */
class FollowIT {
  @TempDir Path directory;
  private final String pagewheel = Script.home().resolve("pagewheel").toString();

  private Script script(String name) throws Exception {
    return new Script(Files.createDirectory(directory.resolve(name)));
  }

  /** As long as the hang guard of the build allows. */
  private static void await(Path file, String part) throws Exception {
    while (!Files.exists(file) || !Files.readString(file).contains(part)) {
      Thread.sleep(20);
    }
  }

  @Test
  void itEndsWhenItsFileBecomesAnother() throws Exception {
    Path ring = directory.resolve("ring");
    Script writing = script("writing");
    Script following = script("following");
    String key = "-Dpagewheel.buffers.main.";
    Process writer = writing.start(pagewheel, key + "backend=offheap", key + "file=" + ring);
    try (var input = writer.outputWriter()) {
      input.write("ring:mark main one\necho written\n");
      input.flush();
      await(directory.resolve("writing/out"), "written");

      Process follower = following.start(pagewheel, "follow", ring.toString());
      await(directory.resolve("following/out"), "one");
      input.write("ring:mark main two\n");
      input.flush();
      await(directory.resolve("following/out"), "two");

      // Under its name there is a file at any moment, as there is while a ring replaces another.
      Path other = Files.copy(ring, directory.resolve("other"));
      Files.createLink(directory.resolve("ring.left"), ring);
      Files.move(other, ring, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      var result = following.await(follower);
      result.assertStatus(0);
      List<String> lines = result.out().lines().toList();
      assertEquals(
          ring + " is another file now: follow it again for the events to come", lines.getLast());
      assertEquals(
          1, lines.stream().filter(line -> line.endsWith(": two")).count(), lines::toString);
      assertEquals("", result.err());
      assertTrue(writer.isAlive());
    }
    writing.await(writer).assertStatus(0);
  }
}
