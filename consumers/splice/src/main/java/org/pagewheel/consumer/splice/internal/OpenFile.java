package org.pagewheel.consumer.splice.internal;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.tracedat.LiveTraceFile;
import org.pagewheel.tracedat.Losses;
import org.pagewheel.tracedat.TraceBuffer;

/** The file being written, whether its name still stands for it, and what would be lost with it. */
final class OpenFile implements Closeable {
  final Path path;
  final LiveTraceFile file;
  final TraceBuffer buffer;
  final long begun = System.nanoTime();
  private final Object key;
  private final PageCursor cursor;
  private final long[] events;
  private final long[] inBand;

  /**
   * Takes over a new file, and closes it if this fails.
   *
   * @throws IOException if it has already been removed by others
   */
  OpenFile(Path path, LiveTraceFile file, TraceBuffer buffer) throws IOException {
    this.path = path;
    this.file = file;
    this.buffer = buffer;
    try {
      this.key = key(path);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    this.cursor = new PageCursor(PageFormat.of(buffer.pageSize()));
    this.events = new long[buffer.cpus()];
    this.inBand = new long[buffer.cpus()];
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /**
   * Whether the name is gone or stands for another file, so that what is written now could not be
   * found.
   */
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

  /** Counts a page that was written, and the losses that it reports in addition to its own. */
  void count(int cpu, MemorySegment page, long told) {
    long missed = told;
    long on;
    try {
      on = cursor.count(page);
      missed = Losses.sum(missed, cursor.missed());
    } catch (DamagedPageException e) {
      on = Losses.UNKNOWN;
    }
    events[cpu] = Losses.sum(events[cpu], on);
    inBand[cpu] = Losses.sum(inBand[cpu], Losses.sum(on, missed));
  }

  /** The events of a CPU in the file; −1 if they cannot be counted. */
  long events(int cpu) {
    return events[cpu];
  }

  /** The same, with those that its pages report as lost. */
  long inBand(int cpu) {
    return inBand[cpu];
  }

  /**
   * Saves what is left of a file that was truncated by others: what was cut off becomes empty
   * pages. From then on {@link #events} and {@link #inBand} count what is gone. The page before a
   * hole may have been cut in its last event, without a trace if that ended in zeros: such a page
   * is given up.
   *
   * @return whether anything is left; if not, nothing has changed
   */
  boolean salvage() throws IOException {
    if (!file.restore()) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment page = arena.allocate(buffer.pageSize(), Long.BYTES);
      for (int cpu = 0; cpu < buffer.cpus(); cpu++) {
        boolean isDoubtful = true; // the end of the pages is like a hole
        for (long at = file.size(cpu) - buffer.pageSize(); at >= 0; at -= buffer.pageSize()) {
          file.read(cpu, at, page);
          isDoubtful = !keeps(cpu, at, page, isDoubtful);
        }
      }
    }
    return true;
  }

  /** Whether a page is kept. */
  private boolean keeps(int cpu, long at, MemorySegment page, boolean isDoubtful)
      throws IOException {
    int used = PageLayout.used(page);
    if (used == 0) {
      return false;
    }
    try {
      long on = cursor.count(page);
      if (!isDoubtful || page.get(PageLayout.INT, PageLayout.DATA + used - Integer.BYTES) != 0) {
        events[cpu] = less(events[cpu], on);
        inBand[cpu] = less(inBand[cpu], Losses.sum(on, cursor.missed()));
        return true;
      }
    } catch (DamagedPageException e) {
      // cut in the middle
    }
    file.blank(cpu, at);
    return false;
  }

  private static long less(long all, long some) {
    return all < 0 || some < 0 ? Losses.UNKNOWN : all - some;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
