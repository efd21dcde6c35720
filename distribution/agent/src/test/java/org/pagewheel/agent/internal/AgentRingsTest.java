package org.pagewheel.agent.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the rings of agents lie. */
class AgentRingsTest {
  private static final String NAME = "agent-" + ProcessHandle.current().pid();

  @TempDir Path directory;

  private Path make() throws IOException {
    return AgentRings.make(Map.of("XDG_STATE_HOME", directory.toString()));
  }

  /** Both are process 1 of their containers, perhaps, and share the directory. */
  @Test
  void twoProcessesOfOneNumberHaveADirectoryEach() throws IOException {
    Path state = directory.resolve("pagewheel");
    assertEquals(state.resolve(NAME), make());
    assertEquals(state.resolve(NAME + "-2"), make());
    assertEquals(state.resolve(NAME + "-3"), make());
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve(NAME))));
  }

  /** A process that is started again and again has the same number in its container each time. */
  @Test
  void theNewestDeadOnesStay() throws IOException {
    for (int i = 0; i < 3 * AgentRings.KEEP; i++) {
      make();
    }
    try (Stream<Path> all = Files.list(directory.resolve("pagewheel"))) {
      assertEquals(AgentRings.KEEP + 1, all.count());
    }
  }
}
