package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.spi.RingConfig;

/** The system calls, as the kernel itself tells what they have done. */
class KeptMemoryTest {
  private static final int PAGE = 4096;
  private static final Path MAPS = Path.of("/proc/self/maps");

  @Test
  void itIsAllThereAndZeroAndCanBeEmptied() throws IOException {
    MemorySegment memory = KeptMemory.take(64 * PAGE, 60 * PAGE);
    assertEquals(0, memory.address() % PAGE);
    assertEquals(60, pagesPresent(memory));
    assertEquals(-1, memory.mismatch(MemorySegment.ofArray(new byte[64 * PAGE])));
    memory.fill((byte) 7);
    assertEquals(64, pagesPresent(memory));

    KeptMemory.empty(memory.asSlice(2 * PAGE));
    assertEquals(2, pagesPresent(memory), "the system has the others back");
    assertEquals(7, memory.get(ValueLayout.JAVA_BYTE, 2 * PAGE - 1));
    assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, 2 * PAGE));
    memory.set(ValueLayout.JAVA_BYTE, 64 * PAGE - 1, (byte) 1); // a late store harms nobody
  }

  @Test
  void whatIsDetachedBelongsToTheFileNoMore(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("ring"), new byte[4 * PAGE]);
    MemorySegment memory;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      memory = channel.map(MapMode.READ_WRITE, 0, 4 * PAGE, Arena.ofAuto());
    }
    memory.fill((byte) 7);
    assertTrue(Files.readString(MAPS).contains(file.toString()));

    KeptMemory.detach(memory.asSlice(0, PAGE));
    KeptMemory.empty(memory.asSlice(PAGE));
    assertFalse(Files.readString(MAPS).contains(file.toString()));
    assertEquals(7, memory.get(ValueLayout.JAVA_BYTE, PAGE - 1));
    assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, PAGE));
    memory.fill((byte) 1);
    for (byte each : Files.readAllBytes(file)) {
      assertEquals(7, each);
    }
  }

  @Test
  void onlyTheCollectorTakesTheAddressesAndWithVeryManyThereAreNoMore() throws Exception {
    List<MemorySegment> memories = new ArrayList<>();
    do {
      while (KeptMemory.isAvailable()) {
        memories.add(KeptMemory.take(PAGE, PAGE));
        assertTrue(memories.size() <= KeptMemory.MAX);
      }
      System.gc(); // what other tests have left must not go later
      Thread.sleep(100);
    } while (KeptMemory.isAvailable());
    memories.forEach(KeptMemory::empty);
    assertFalse(KeptMemory.isAvailable());
    RingLayout layout = new RingLayout(Mode.DISCARD, 2, 1, PAGE);
    assertFalse(new NativeMemories(layout, 1).areKept());

    memories.clear();
    long begin = System.nanoTime();
    while (!KeptMemory.isAvailable()) {
      System.gc();
      Thread.sleep(10);
      assertTrue(System.nanoTime() - begin < 120_000_000_000L, "the collector has not come");
    }
    assertTrue(new NativeMemories(layout, 1).areKept());
  }

  @Test
  void besideItsPagesARingHasTwoPerCentUnlessReadersHoldMore() throws IOException {
    BufferConfig config =
        BufferConfig.of("test", "lockfree").withClock(1, Clock.MONO, () -> 0); // 256 pages
    RingLayout layout = new RingLayout(config.mode(), config.pages(), 8, config.pageSize());
    NativeMemories memories = new NativeMemories(layout, 1);
    try (PageRing ring = new PageRing(RingConfig.of(config), layout, memories)) {
      long at = ring.reserve(1000);
      MemorySegment memory = ring.memory(at);
      ring.commit(at);
      long budget = config.pages() * 102L / 100;
      for (int i = 0; i < 3 * config.pages(); i++) { // pages are taken, and taken again
        for (int event = 0; event < 4; event++) {
          ring.commit(ring.reserve(1000));
        }
        Page page = ring.take(0, false);
        if (page != null) {
          page.release();
        }
      }
      assertEquals(layout.bytes(), memory.byteSize());
      long present = pagesPresent(memory);
      assertTrue(present > config.pages() && present <= budget, present + " of " + budget);
    }
  }

  /** As the kernel tells it: a long for each page, whose highest bits say that it is there. */
  private static long pagesPresent(MemorySegment memory) throws IOException {
    int pages = (int) (memory.byteSize() / PAGE);
    ByteBuffer entries = ByteBuffer.allocate(pages * Long.BYTES).order(ByteOrder.nativeOrder());
    try (FileChannel map = FileChannel.open(Path.of("/proc/self/pagemap"))) {
      long at = memory.address() / PAGE * Long.BYTES;
      while (entries.hasRemaining()) {
        at += map.read(entries, at);
      }
    }
    entries.flip();
    long present = 0;
    while (entries.hasRemaining()) {
      present += entries.getLong() >>> 62 != 0 ? 1 : 0; // in memory, or swapped out
    }
    return present;
  }
}
