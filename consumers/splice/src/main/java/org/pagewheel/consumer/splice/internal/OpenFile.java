package org.pagewheel.consumer.splice.internal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.LiveTraceFile;
import org.pagewheel.tracedat.Losses;
import org.pagewheel.tracedat.TraceBuffer;

/** The file that is being written, and whether it is still what its name stands for. */
final class OpenFile implements Closeable {
  final Path path;
  final LiveTraceFile file;
  final TraceBuffer buffer;
  final long begun = System.nanoTime();
  private final Object key;

  OpenFile(Path path, LiveTraceFile file, TraceBuffer buffer) throws IOException {
    this.path = path;
    this.file = file;
    this.buffer = buffer;
    this.key = key(path);
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Whether the name is gone or stands for another file: what is written now nobody would find. */
  boolean hasVanished() throws IOException {
    try {
      Object now = key(path);
      return now != null && !now.equals(key);
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  long[] sizes() {
    long[] sizes = new long[buffer.cpus()];
    for (int cpu = 0; cpu < sizes.length; cpu++) {
      sizes[cpu] = file.size(cpu);
    }
    return sizes;
  }

  boolean isEmpty() {
    for (long size : sizes()) {
      if (size > 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The events of a CPU in the file, those that its pages tell as lost with them. The file can be
   * read as long as it is open, whatever became of its name.
   *
   * @return −1 if they cannot be counted
   */
  long events(int cpu) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(buffer.pageSize(), Long.BYTES);
      PageCursor cursor = new PageCursor(PageFormat.of(buffer.pageSize()));
      long events = 0;
      for (long at = 0; at < file.size(cpu); at += buffer.pageSize()) {
        file.read(cpu, at, page);
        events = Losses.sum(events, Losses.sum(cursor.count(page), cursor.missed()));
      }
      return events;
    } catch (IOException e) {
      return Losses.UNKNOWN;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
