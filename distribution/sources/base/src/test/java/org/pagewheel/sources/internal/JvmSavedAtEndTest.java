package org.pagewheel.sources.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.analysis.Lane;
import org.pagewheel.analysis.Trace;
import org.pagewheel.analysis.Traces;
import org.pagewheel.runtime.Pagewheel;

/** What the source has recorded is saved with everything else, although it closes its buffer. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class JvmSavedAtEndTest {
  @TempDir Path directory;

  private Pagewheel start(Path file) {
    return Pagewheel.start(
        Map.of(
            "pagewheel.buffers.main.backend",
            "heap",
            "pagewheel.sources.jvm.enabled",
            "true",
            "pagewheel.save.on-exit",
            file.toString()));
  }

  private static Buffer recorded(Pagewheel pagewheel) throws InterruptedException {
    while (pagewheel.buffers().find(JvmSource.BUFFER).isEmpty()
        || pagewheel.buffers().get(JvmSource.BUFFER).counters().written() == 0) {
      System.gc();
      Thread.sleep(10);
    }
    return pagewheel.buffers().get(JvmSource.BUFFER);
  }

  private static boolean has(Path file, String buffer) throws Exception {
    try (Trace trace = Traces.open(file)) {
      return trace.lanes().stream().map(Lane::buffer).anyMatch(buffer::equals);
    }
  }

  @Test
  void onCloseItsBufferIsInTheFile() throws Exception {
    Path file = directory.resolve("last.dat");
    Buffer jvm;
    try (Pagewheel pagewheel = start(file)) {
      pagewheel.buffers().get("main").mark("the last words");
      jvm = recorded(pagewheel);
    }
    assertTrue(jvm.isClosed());
    assertTrue(has(file, JvmSource.BUFFER), "the buffer of the source");
    assertTrue(has(file, ""), "main, on top");
  }

  @Test
  void whatWasClosedBeforeIsNotInTheFile() throws Exception {
    Path file = directory.resolve("last.dat");
    try (Pagewheel pagewheel = start(file)) {
      pagewheel.buffers().get("main").mark("the last words");
      recorded(pagewheel).close();
    }
    assertFalse(has(file, JvmSource.BUFFER), "a buffer that was closed in between");
  }

  @Test
  void aBufferThatIsAloneIsSavedToo() throws Exception {
    Path file = directory.resolve("last.dat");
    try (Pagewheel pagewheel = start(file)) {
      recorded(pagewheel);
      pagewheel.buffers().get("main").close();
    }
    assertEquals(1, Files.list(directory).filter(file::equals).count());
    assertTrue(has(file, ""), "the source's buffer, on top");
  }
}
