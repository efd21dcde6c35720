package org.pagewheel.backend.offheap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.ring.Salvage;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.ringfile.RingFileException;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/** Damaged ring files: a clear error or what holds together, never an event that was not. */
class DamageTest {
  private static final int MUTATIONS = Integer.getInteger("damage.mutations", 3000);
  private static final long SEED = Long.getLong("damage.seed", System.nanoTime());
  private static final int PAGE = 4096;

  @TempDir Path directory;
  private Path file;
  private byte[] whole;
  private final Set<StepEvent> written = new HashSet<>();

  @BeforeEach
  void recordSomething() throws IOException {
    file = directory.resolve("ring");
    BufferConfig config =
        BufferConfig.of("damage", "offheap")
            .withMode(Mode.OVERWRITE)
            .withPages(4, PAGE)
            .withClock(
                2, Clock.of("mono", System::nanoTime), () -> (int) (System.nanoTime() >>> 12))
            .withBackend(
                "offheap", Map.of("file", file.toString(), "spares", "1", "metadata", "64"));
    try (Ring ring = new OffHeapBackend().open(RingConfig.of(config))) {
      for (int number = 0; number < 1000; number++) {
        StepEvent event = new StepEvent(7, number);
        long at = ring.reserve(event.length());
        event.write(ring, at);
        if (number % 50 == 0) {
          ring.discard(at);
        } else {
          ring.commit(at);
          written.add(event);
        }
      }
    }
    whole = Files.readAllBytes(file);
  }

  @Test
  void anUndamagedFileIsReadWhole() throws IOException {
    try (RingFile ring = RingFile.open(file)) {
      assertTrue(ring.isClosed());
      assertFalse(ring.isBeingWritten());
      long events = 0;
      for (int cpu = 0; cpu < ring.cpus(); cpu++) {
        Salvage salvage = ring.salvage(cpu);
        assertEquals(List.of(), salvage.damage());
        events += events(salvage, 0);
      }
      assertTrue(events > 200);
    }
  }

  @Test
  void otherFilesAreRefusedInOneLine() throws IOException {
    refused(new byte[0], "it is not a ring");
    refused(Arrays.copyOf(whole, 100), "it has 100 bytes");
    refused(new byte[100_000], "it is not a ring");
    byte[] random = new byte[100_000];
    new Random(1).nextBytes(random);
    refused(random, "it is not a ring");
    byte[] newer = whole.clone();
    newer[8] = 3;
    refused(newer, "it has version 3, this program reads version 2");
    for (int at = 12; at < 228; at++) {
      byte[] forged = whole.clone();
      forged[at] ^= 1;
      refused(forged, "its header is damaged");
    }
  }

  private void refused(byte[] bytes, String problem) throws IOException {
    Files.write(file, bytes);
    RingFileException e = assertThrows(RingFileException.class, () -> RingFile.open(file));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
    assertTrue(e.getMessage().startsWith("file " + file + ": "), e.getMessage());
    assertFalse(e.getMessage().contains("\n"));
  }

  @Test
  void damageNeverMakesAnEvent() {
    System.out.println("DamageTest: to repeat this run, -Ddamage.seed=" + SEED);
    Random random = new Random(SEED);
    assertTimeoutPreemptively(
        Duration.ofSeconds(300 + MUTATIONS / 50),
        () -> {
          int partial = 0;
          for (int i = 0; i < MUTATIONS; i++) {
            byte[] damaged = whole.clone();
            int altered = mutate(damaged, random, i % 4);
            int length = i % 4 == 3 ? random.nextInt(4096, whole.length) : whole.length;
            Files.write(file, Arrays.copyOf(damaged, length));
            partial += salvage(altered) ? 1 : 0;
          }
          assertTrue(partial > 0, "no damage was noticed");
        });
  }

  /** Returns how many events the damage may have altered: bytes of payload have no check sum. */
  private int mutate(byte[] bytes, Random random, int kind) {
    int rings = 4096 + (64 << 10);
    switch (kind) {
      case 0 -> { // bit flips anywhere behind the header
        int flips = random.nextInt(1, 5);
        for (int i = 0; i < flips; i++) {
          bytes[random.nextInt(rings, bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return flips;
      }
      case 1 -> { // words of the ring
        int flips = random.nextInt(1, 4);
        for (int i = 0; i < flips; i++) {
          bytes[rings + random.nextInt(1024)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 2 -> { // two pages swapped
        int pages = (bytes.length - rings) / PAGE;
        int a = rings + random.nextInt(pages) * PAGE;
        int b = rings + random.nextInt(pages) * PAGE;
        byte[] page = Arrays.copyOfRange(bytes, a, a + PAGE);
        System.arraycopy(bytes, b, bytes, a, PAGE);
        System.arraycopy(page, 0, bytes, b, PAGE);
      }
      default -> {
        // truncation
      }
    }
    return 0;
  }

  private boolean salvage(int altered) throws IOException {
    boolean partial = false;
    try (RingFile ring = RingFile.open(file)) {
      partial |= !ring.problems().isEmpty();
      for (int cpu = 0; cpu < ring.cpus(); cpu++) {
        Salvage salvage = ring.salvage(cpu);
        partial |= !salvage.damage().isEmpty();
        events(salvage, altered);
      }
    }
    return partial;
  }

  private long events(Salvage salvage, int altered) throws IOException {
    PageCursor cursor = new PageCursor(PageFormat.of(PAGE));
    Set<StepEvent> seen = new HashSet<>();
    List<StepEvent> all = new ArrayList<>();
    long[] time = {Long.MIN_VALUE};
    salvage.forEachPage(
        page -> {
          cursor.reset(page);
          while (cursor.next()) {
            StepEvent event = StepEvent.read(cursor.payload());
            all.add(event);
            assertTrue(cursor.time() >= time[0], "time runs back");
            time[0] = cursor.time();
            if (event != null) {
              assertTrue(written.contains(event), "invented: " + event);
              assertTrue(seen.add(event), "twice: " + event);
            }
          }
        });
    int strange = all.size() - seen.size();
    assertTrue(strange <= altered, strange + " events are not what was written");
    return all.size();
  }
}
