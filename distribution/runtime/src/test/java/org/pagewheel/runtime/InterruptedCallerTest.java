package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.Mode;

/** A thread that was interrupted for reasons of its own can do all that others can. */
@Timeout(120)
class InterruptedCallerTest extends WithProbes {
  @TempDir Path directory;

  private interface Action {
    void run() throws Exception;
  }

  private static void interrupted(Action action) throws Exception {
    Thread.currentThread().interrupt();
    try {
      action.run();
      assertTrue(Thread.currentThread().isInterrupted(), "the interrupt is kept for its owner");
    } finally {
      Thread.interrupted();
    }
  }

  @AfterEach
  void forget() {
    Thread.interrupted();
  }

  @Test
  void itCanSave() throws Exception {
    Buffer buffer = createOne(Mode.OVERWRITE, 16);
    assertTrue(Load.write(buffer, 0, 0));
    Path file = directory.resolve("x.dat");
    interrupted(() -> assertEquals(1, engine.buffers().save(file, "x")));
    assertTrue(Files.size(file) > 0);
  }

  @Test
  void itCanTakeASnapshot() throws Exception {
    restart(Map.of("pagewheel.snapshots.directory", directory.toString()));
    Buffer buffer = createOne(Mode.OVERWRITE, 16);
    assertTrue(Load.write(buffer, 0, 0));
    interrupted(() -> assertTrue(Files.exists(engine.administration().snapshot("x"))));
  }

  @Test
  void itCanAttachAndDetachAndNothingIsLost() throws Exception {
    restart(Map.of("pagewheel.stop-timeout", "60 s"));
    Buffer buffer = createOne(Mode.DISCARD, 16);
    interrupted(() -> attach("one", "policy", "block", "block-timeout", "60 s"));
    Probe probe = probes.get("one");
    probe.taker = page -> Thread.sleep(50); // there is something to wait for
    for (int i = 0; i < 1000; i++) {
      assertTrue(Load.write(buffer, 0, i));
    }
    interrupted(() -> engine.administration().detach("x", "one"));
    assertTrue(probe.isClosed());
    assertEquals(1000, probe.account.events() + buffer.counters().unread());
    assertTrue(probe.account.events() > 0);
    assertEquals(0, probe.missed());
    interrupted(() -> attach("two"));
    assertEquals(1, engine.administration().consumers().size());
  }

  @Test
  void itCanReplaceTheRingManyTimesAndClose() throws Exception {
    Buffer buffer = createOne(Mode.DISCARD, 16);
    Probe probe = attach("one", "policy", "block", "block-timeout", "60 s");
    Load load = new Load(buffer, THREADS).start();
    for (int i = 0; i < 10; i++) {
      int pages = 16 + i;
      interrupted(() -> engine.administration().replace(buffer.config().withPages(pages, 4096)));
    }
    long written = load.stop();
    interrupted(buffer::close);
    assertTrue(probe.isClosed());
    probe.account.assertComplete(written);
    assertEquals(0, probe.missed());
  }

  @Test
  void whatIsToBeSavedAtTheEndIsSaved() throws Exception {
    Path file = directory.resolve("exit.dat");
    restart(Map.of("pagewheel.save.on-exit", file.toString()));
    Buffer buffer = createOne(Mode.OVERWRITE, 16);
    assertTrue(Load.write(buffer, 0, 0));
    assertFalse(Files.exists(file));
    interrupted(engine::stop);
    assertTrue(Files.size(file) > 0);
  }
}
