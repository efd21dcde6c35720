package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.FileKind;
import org.pagewheel.spi.OwnFiles;

/** Files that are not replaced by a trace, and traces that are not read to their end. */
class RefusedFilesTest {
  @TempDir Path directory;

  private static TraceFileWriter create(Path file) throws IOException {
    TraceBuffer buffer = new TraceBuffer("", "mono", 4096, 1);
    return TraceFileWriter.create(file, TraceVersion.V6, PageFormat.of(4096), List.of(buffer));
  }

  @Test
  void theFileOfARingIsNotReplaced() throws IOException {
    Path ring = directory.resolve("ring");
    for (FileKind kind : FileKind.values()) {
      if (kind.isRing()) {
        Files.write(ring, kind.begin());
        IOException refused = assertThrows(IOException.class, () -> create(ring));
        assertEquals(
            ring + " is the file of a ring and is not replaced by a trace", refused.getMessage());
        assertArrayEquals(kind.begin(), Files.readAllBytes(ring));
        try (Stream<Path> files = Files.list(directory)) {
          assertEquals(1, files.count());
        }
      }
    }
  }

  @Test
  void norIsOneThatComesWhileTheTraceIsWritten() throws IOException {
    Path ring = directory.resolve("ring");
    try (NewFile file = new NewFile(ring)) {
      Files.write(ring, FileKind.RING.begin());
      assertThrows(IOException.class, file::finish);
    }
    assertArrayEquals(FileKind.RING.begin(), Files.readAllBytes(ring));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  /** To open it once more would drop the lock on it. */
  @Test
  void aFileThatThisProcessHoldsLockedIsNeitherReplacedNorRead() throws IOException {
    Path ring = Files.createFile(directory.resolve("ring"));
    Object key = OwnFiles.add(ring, this);
    try {
      assertThrows(IOException.class, () -> create(ring));
      IOException refused = assertThrows(IOException.class, () -> TraceFile.open(ring));
      assertTrue(refused.getMessage().contains("that this process writes"), refused.getMessage());
    } finally {
      OwnFiles.remove(key);
    }
    create(ring).close();
  }

  @Test
  void anErrorNamesTheFileThatWasAskedFor() {
    Path file = Path.of("/proc/sys/kernel/core_pattern");
    FileSystemException e = assertThrows(FileSystemException.class, () -> create(file));
    assertEquals(file.toString(), e.getFile());
    assertFalse(e.getMessage().contains(".tmp"), e.getMessage());
  }

  /** Each section of options points to the next, for ever or for long. */
  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void aLongChainOfOptionsHasAnEnd() throws IOException {
    int sections = 400_000;
    int size = 16 + 6 + 8;
    byte[] begin = "\u0017\bDtracing7\0\0\b".getBytes(StandardCharsets.ISO_8859_1);
    int first = begin.length + 4 + "none\0\0".length() + 8;
    ByteBuffer file = ByteBuffer.allocate(first + sections * size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(begin).putInt(4096).put("none\0\0".getBytes(StandardCharsets.ISO_8859_1));
    file.putLong(first);
    for (int i = 1; i <= sections; i++) {
      file.putShort((short) 0).putShort((short) 0).putInt(0).putLong(6 + 8);
      file.putShort((short) 0).putInt(8).putLong(i < sections ? first + (long) i * size : 0);
    }
    Path path = Files.write(directory.resolve("chain.dat"), file.array());
    IOException refused = assertThrows(IOException.class, () -> TraceFile.open(path));
    assertTrue(refused.getMessage().contains("sections of options"), refused.getMessage());
  }
}
