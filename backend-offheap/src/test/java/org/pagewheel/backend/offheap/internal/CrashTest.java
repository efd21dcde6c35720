package org.pagewheel.backend.offheap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.ring.Salvage;
import org.pagewheel.ringfile.RingFile;

/**
 * Kills a process while it records, again and again, and finds every event that it had committed.
 * {@code -Dcrash.kills=N} sets how often, {@code -Dcrash.seed=N} repeats a run.
 */
class CrashTest {
  private static final int KILLS = Integer.getInteger("crash.kills", 100);
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
  private static final int WRITERS = 2;

  @TempDir Path directory;

  @Test
  void everyCommittedEventIsFoundAfterAKill() {
    System.out.println("CrashTest: to repeat this run, -Dcrash.seed=" + SEED);
    AtomicLong found = new AtomicLong();
    assertTimeoutPreemptively(
        Duration.ofSeconds(300 + 30L * KILLS),
        () ->
            IntStream.range(0, KILLS).parallel().forEach(i -> found.addAndGet(killAndRecover(i))));
    System.out.println("CrashTest: " + KILLS + " kills, " + found + " events found");
    assertTrue(found.get() > KILLS);
  }

  /** How a process dies. */
  private enum Death {
    KILL,
    SEGV,
    HALT,
    OUT_OF_MEMORY;

    /** Mostly by kill -9. */
    static Death of(int round) {
      return switch (round % 20) {
        case 0 -> SEGV;
        case 1 -> HALT;
        case 2 -> OUT_OF_MEMORY;
        default -> KILL;
      };
    }

    void strike(Process child) throws IOException, InterruptedException {
      switch (this) {
        case KILL -> child.destroyForcibly();
        case SEGV ->
            new ProcessBuilder("kill", "-SEGV", Long.toString(child.pid())).start().waitFor();
        case HALT -> tell(child, 'h');
        case OUT_OF_MEMORY -> tell(child, 'o');
      }
    }

    private static void tell(Process child, char how) throws IOException {
      child.getOutputStream().write(how);
      child.getOutputStream().flush();
    }
  }

  private long killAndRecover(int round) {
    Random random = new Random(SEED + round);
    boolean overwrite = random.nextBoolean();
    Path ring = directory.resolve("ring" + round);
    Path progress = directory.resolve("progress" + round);
    try {
      kill(ring, progress, overwrite, random.nextInt(40), Death.of(round));
      long[] committed = committed(progress);
      long events = 0;
      try (RingFile file = RingFile.open(ring)) {
        assertFalse(file.isBeingWritten());
        assertFalse(file.isClosed());
        assertEquals(WRITERS, file.cpus());
        for (int cpu = 0; cpu < WRITERS; cpu++) {
          events += check(file.salvage(cpu), overwrite, committed[cpu]);
        }
      }
      Files.delete(ring);
      Files.delete(progress);
      return events;
    } catch (IOException | InterruptedException | AssertionError e) {
      throw new AssertionError(
          "kill %d, -Dcrash.seed=%d: %s".formatted(round, SEED, e.getMessage()), e);
    }
  }

  private static void kill(Path ring, Path progress, boolean overwrite, int millis, Death death)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-XX:+CrashOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CrashChild.class.getName(),
                ring.toString(),
                progress.toString(),
                overwrite ? "OVERWRITE" : "DISCARD",
                Integer.toString(WRITERS))
            .redirectErrorStream(true)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("ready", out.readLine());
      Thread.sleep(millis);
      death.strike(child);
      assertTrue(child.waitFor() != 0);
    } finally {
      child.destroyForcibly();
    }
  }

  private static long[] committed(Path progress) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(progress)).order(ByteOrder.LITTLE_ENDIAN);
    long[] committed = new long[WRITERS];
    bytes.asLongBuffer().get(committed);
    return committed;
  }

  /** The last events, without a gap, and what was overwritten before them counted. */
  private static long check(Salvage salvage, boolean overwrite, long committed) throws IOException {
    assertEquals(List.of(), salvage.damage());
    Stream stream = new Stream(salvage.cpu());
    salvage.forEachPage(stream::read);
    assertEquals(stream.events, salvage.events());
    long next = Math.max(stream.next, 0); // killed before its first event
    assertTrue(
        next == committed || next == committed + 1,
        "committed " + committed + ", the last one found is " + (next - 1));
    assertEquals(next, stream.events + stream.missed, "found and overwritten");
    assertTrue(overwrite || stream.missed == 0);
    return stream.events;
  }

  /** The pages of a CPU, one after another. */
  private static final class Stream {
    private final PageCursor cursor = new PageCursor(PageFormat.of(4096));
    private final int cpu;
    private long next = -1;
    private long time = Long.MIN_VALUE;
    private long missed;
    private long events;

    Stream(int cpu) {
      this.cpu = cpu;
    }

    void read(MemorySegment page) throws IOException {
      cursor.reset(page);
      missed += cursor.missed();
      while (cursor.next()) {
        StepEvent event = StepEvent.readWhole(cursor.payload());
        assertEquals(cpu, event.writer());
        assertTrue(next < 0 || event.number() == next, event + " instead of " + next);
        assertTrue(cursor.time() >= time, "time runs back");
        time = cursor.time();
        next = event.number() + 1;
        events++;
      }
    }
  }
}
