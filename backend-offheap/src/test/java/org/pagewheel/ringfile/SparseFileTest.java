package org.pagewheel.ringfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Mode;
import org.pagewheel.ring.RingLayout;
import org.pagewheel.ring.Salvage;

/** Files that claim to be very large, and take no room: neither do they take memory. */
class SparseFileTest {
  private static final int METADATA = 1 << 19;

  @TempDir Path directory;

  /** A file with a right header, and nothing behind it. */
  private Path sparse(int cpus, int pages, int pageSize, long metadata) throws IOException {
    RingLayout layout = new RingLayout(Mode.OVERWRITE, pages, 8, pageSize);
    MemorySegment header = MemorySegment.ofArray(new byte[RingFileLayout.HEADER_ROOM]);
    long cpuOffset = RingFileLayout.HEADER_ROOM + metadata;
    long length = cpuOffset + cpus * layout.bytes();
    header.set(RingFileLayout.LONG, 0, RingFileLayout.MAGIC);
    header.set(RingFileLayout.INT, RingFileLayout.VERSION_AT, RingFileLayout.VERSION);
    header.set(RingFileLayout.LONG, RingFileLayout.FILE_LENGTH, length);
    header.set(RingFileLayout.INT, RingFileLayout.CPUS, cpus);
    header.set(RingFileLayout.INT, RingFileLayout.PAGES, pages);
    header.set(RingFileLayout.INT, RingFileLayout.SPARES, 8);
    header.set(RingFileLayout.INT, RingFileLayout.PAGE_SIZE, pageSize);
    header.set(RingFileLayout.LONG, RingFileLayout.CPU_OFFSET, cpuOffset);
    header.set(RingFileLayout.LONG, RingFileLayout.CPU_BYTES, layout.bytes());
    header.set(RingFileLayout.LONG, RingFileLayout.METADATA_OFFSET, RingFileLayout.HEADER_ROOM);
    header.set(RingFileLayout.LONG, RingFileLayout.METADATA_ROOM, metadata);
    header
        .asSlice(RingFileLayout.CLOCK)
        .copyFrom(MemorySegment.ofArray("mono".getBytes(StandardCharsets.US_ASCII)));
    int from = RingFileLayout.VERSION_AT;
    int crc = RingFileLayout.crc(header, from, RingFileLayout.CRC - (long) from);
    header.set(RingFileLayout.INT, RingFileLayout.CRC, crc);
    header.set(RingFileLayout.LONG, RingFileLayout.METADATA_USED, metadata);
    Path file = directory.resolve("ring");
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
      channel.write(header.asByteBuffer(), 0);
      channel.write(ByteBuffer.allocate(1), length - 1);
    }
    return file;
  }

  @Test
  void aLargeRingTakesMemoryForOnePage() throws IOException {
    try (RingFile ring = RingFile.open(sparse(1, 60_000, 1 << 20, METADATA))) {
      Salvage salvage = ring.salvage(0);
      assertEquals(List.of("its words are zero"), salvage.damage());
      assertEquals(0, salvage.pages());
      assertUnknown(salvage);
    }
  }

  @Test
  void ofARingWhoseWordsAreCutNothingIsKnown() throws IOException {
    Path file = sparse(2, 4, 4096, METADATA);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long first = RingFileLayout.HEADER_ROOM + METADATA;
      channel.write(ByteBuffer.allocate(8).put(0, (byte) 1), first);
      channel.truncate(first + 64);
    }
    try (RingFile ring = RingFile.open(file)) {
      for (int cpu = 0; cpu < 2; cpu++) {
        Salvage salvage = ring.salvage(cpu);
        assertEquals(List.of("its words are zero"), salvage.damage());
        assertUnknown(salvage);
      }
    }
  }

  private static void assertUnknown(Salvage salvage) {
    assertEquals(-1, salvage.overwritten());
    assertEquals(-1, salvage.taken());
    assertEquals(-1, salvage.damagedEvents());
  }

  @Test
  void manyCpusAreEmptyOneByOne() throws IOException {
    try (RingFile ring = RingFile.open(sparse(1 << 16, 2, 4096, METADATA))) {
      for (int cpu = 0; cpu < 100; cpu++) {
        assertEquals(1, ring.salvage(ring.cpus() - 1 - cpu).damage().size());
      }
    }
  }

  /** No ring has so much room for them. */
  @Test
  void metadataOfTwoGigabytesIsRefused() throws IOException {
    Path file = sparse(1, 2, 4096, (1L << 31) - 4096);
    IOException refused = assertThrows(IOException.class, () -> RingFile.open(file));
    assertTrue(refused.getMessage().contains("do not fit together"), refused.getMessage());
  }
}
