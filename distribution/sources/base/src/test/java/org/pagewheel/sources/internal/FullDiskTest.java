package org.pagewheel.sources.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Pagewheel;

/** JFR ends the JVM where it cannot write; the source sees to it that JFR does not try. */
class FullDiskTest {
  @TempDir Path directory;

  @Test
  @Timeout(value = 300, unit = TimeUnit.SECONDS)
  void theProcessOutlivesAFullDisk() throws Exception {
    Path disk = Files.createDirectory(directory.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=32m", "none", disk.toString());
    try {
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djava.io.tmpdir=" + disk,
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  Child.class.getName(),
                  disk.resolve("filling").toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(child.getInputStream().readAllBytes());
      assertEquals(0, child.waitFor(), output);
      assertEquals(1, output.lines().filter(line -> line.contains("pauses: ")).count(), output);
      assertTrue(output.contains("source jvm goes on"), output);
    } finally {
      run("umount", disk.toString());
    }
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  /** The process that records while its disk fills. */
  static final class Child {
    private static final DiskRoom ROOM = new DiskRoom(8 << 20);
    private static final int FLUSHES = 4;

    private Child() {}

    /** The file that fills the disk. */
    public static void main(String[] arguments) throws Exception {
      Path filling = Path.of(arguments[0]);
      Map<String, String> settings =
          Map.of(
              "pagewheel.buffers.main.backend", "heap", "pagewheel.sources.jvm.enabled", "false");
      Buffers buffers = Pagewheel.start(settings).buffers();
      JvmStream stream = new JvmStream(buffers, ROOM).start();
      awaitEvents(buffers, 0);
      try (OutputStream out = Files.newOutputStream(filling)) {
        while (ROOM.problem(false) == null) {
          out.write(new byte[1 << 20]);
        }
        while (!stream.isPaused()) {
          Thread.sleep(10);
        }
        fill(out);
      }
      for (int i = 0; i < 10 * FLUSHES; i++) { // JFR would write each second
        makeEvents();
      }
      long before = written(buffers);
      Files.delete(filling);
      awaitEvents(buffers, before);
      stream.close();
      System.exit(0);
    }

    private static void fill(OutputStream out) {
      try {
        while (true) {
          out.write(new byte[4096]);
        }
      } catch (IOException e) {
        // it is full
      }
    }

    private static void awaitEvents(Buffers buffers, long before) throws InterruptedException {
      while (written(buffers) <= before) {
        makeEvents();
      }
    }

    private static void makeEvents() throws InterruptedException {
      System.gc();
      Thread.ofPlatform().start(() -> {}).join();
      Thread.sleep(100);
    }

    private static long written(Buffers buffers) {
      return buffers.find(JvmSource.BUFFER).map(jvm -> jvm.counters().written()).orElse(0L);
    }
  }
}
