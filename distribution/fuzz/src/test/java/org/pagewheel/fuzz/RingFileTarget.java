package org.pagewheel.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.backend.offheap.internal.OffHeapBackend;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.ring.Salvage;
import org.pagewheel.ringfile.RingFile;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.Ring;
import org.pagewheel.spi.RingConfig;

/**
 * A ring file with patches: it is refused with a message, or gives pages that hold together and
 * events that were written. The input is a list of patches, each of a place (4 bytes; negative: on
 * the first page, which has the header), twice the length (1 byte) and the bytes; where that is odd
 * the file is cut off, too.
 */
public final class RingFileTarget {
  private static final int PAGE = 4096;
  private static final int EVENTS = 300;
  private static final int LENGTH = 32;

  /** Of the kernel's text marks, which every file knows. */
  private static final int ID = 5;

  private static final byte[] WHOLE = record();
  private static final Path FILE = temporary("fuzzed");

  private RingFileTarget() {}

  private static Path temporary(String name) {
    try {
      Path directory = Files.createTempDirectory("pagewheel-fuzz");
      directory.toFile().deleteOnExit(); // after its file
      Path file = directory.resolve(name);
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] record() {
    Path file = temporary("whole");
    BufferConfig config =
        BufferConfig.of("fuzz", "offheap")
            .withPages(4, PAGE)
            .withClock(1, Clock.MONO, () -> 0)
            .withBackend(
                "offheap", Map.of("file", file.toString(), "spares", "1", "metadata", "64"));
    try (Ring ring = new OffHeapBackend().open(RingConfig.of(config))) {
      for (int i = 0; i < EVENTS; i++) {
        long at = ring.reserve(LENGTH);
        ring.memory(at).set(PageLayout.INT, Reservation.offset(at), ID);
        ring.commit(at);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Called by the fuzzer. */
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    Files.write(FILE, patched(ByteBuffer.wrap(data)));
    try (RingFile file = RingFile.open(FILE)) {
      file.metadata().formats();
      file.metadata().threadNames();
      assertLines(file.problems());
      assertLines(List.of(file.bufferName(), file.clock()));
      for (int cpu = 0; cpu < Math.min(file.cpus(), 4); cpu++) {
        Salvage salvage = file.salvage(cpu);
        assertLines(salvage.damage());
        salvage.forEachPage(RingFileTarget::checkWhole);
      }
    } catch (IOException e) {
      if (e.getMessage() == null || e.getMessage().isBlank() || e.getMessage().contains("\n")) {
        throw new AssertionError("not one clear line", e);
      }
    }
  }

  /** What is shown to people has no control characters out of the file. */
  private static void assertLines(List<String> texts) {
    for (String text : texts) {
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw new AssertionError("not one clear line: " + text);
      }
    }
  }

  /** A page that was saved can be read to its end. */
  private static void checkWhole(MemorySegment page) {
    try {
      PageCursor cursor = new PageCursor(PageFormat.of((int) page.byteSize())).reset(page);
      long time = Long.MIN_VALUE;
      while (cursor.next()) {
        if (cursor.time() < time) {
          throw new AssertionError("time runs back on a page that was saved");
        }
        time = cursor.time();
      }
    } catch (DamagedPageException e) {
      throw new AssertionError("a damaged page passed off as saved", e);
    }
  }

  private static byte[] patched(ByteBuffer patches) {
    byte[] bytes = WHOLE.clone();
    int size = bytes.length;
    while (patches.remaining() >= 5) {
      int place = patches.getInt();
      int at = Integer.remainderUnsigned(place, place < 0 ? PAGE : bytes.length);
      int length = patches.get() & 0xff;
      if (length % 2 == 1) {
        size = at;
      }
      int count = Math.min(length / 2, Math.min(patches.remaining(), bytes.length - at));
      patches.get(bytes, at, count);
    }
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }
}
