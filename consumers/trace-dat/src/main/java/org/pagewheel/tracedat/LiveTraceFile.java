package org.pagewheel.tracedat;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.pagewheel.Page;
import org.pagewheel.format.PageFormat;
import org.pagewheel.spi.PrivateFiles;

/**
 * A trace.dat file of version 6 that can be read at every instant while it is written, whatever
 * happens to the process that writes it. Each CPU has a region of fixed size; what is not written
 * yet reads as empty pages and takes no room on the disk.
 *
 * <p>A page is in the file when {@link #write} returns. Native pages are written from where they
 * are. The file is readable by its owner alone, and locked while it is open, so that others can
 * distinguish it from one whose writer is gone, see {@link #isAbandoned}. For one thread.
 */
public final class LiveTraceFile implements Closeable {
  /*
   * How it works. Everything after the beginning of the metadata, and the table after it, is in one
   * of two areas; which one follows from the size of the text before them, the record's
   * description, of which tools read nothing but the size:
   *
   *   +-------+---------------------+------+------------+------------+---------+---------+----
   *   | start | size of description | text | area A     | area B     | CPU 0   | CPU 1   | …
   *   +-------+---------------------+------+------------+------------+---------+---------+----
   *             = text                     ^ what counts
   *             = text + area A                         ^ what counts
   *
   * New metadata is written to the area that does not count, and then those eight bytes are
   * changed. They do not cross the end of a block, so the process is killed either before or after
   * the change. PageRegions says how pages are written. When the file is finished area A counts and
   * area B is zero, so that it is a file like any other.
   */

  private final FileChannel file;
  private final TraceBuffer buffer;
  private final PageFormat format;
  private final PageRegions regions;

  /** Where the size of the record's description is. */
  private final long sizeAt;

  private final int textSize;
  private final long areaA;
  private final int room;
  private boolean countsB;

  /** The content before {@link #sizeAt}, and that of the area that counts. */
  private byte[] start;

  private byte[] written;
  private TraceMetadata current;

  private LiveTraceFile(
      FileChannel file, TraceMetadata metadata, TraceBuffer buffer, long[] sizes, int room) {
    this.file = file;
    this.buffer = buffer;
    this.format = metadata.pageFormat();
    this.room = room;
    this.current = metadata;
    this.textSize = metadata.headerEvent.length;
    this.areaA = header(metadata).start().length;
    this.sizeAt = areaA - textSize - Long.BYTES;
    long from = dataAt(areaA, room, buffer.pageSize());
    this.regions = new PageRegions(file, buffer.pageSize(), format, from, sizes);
  }

  private static long dataAt(long areaA, int room, int pageSize) {
    return Math.ceilDiv(areaA + 2L * room, pageSize) * pageSize;
  }

  /**
   * How many bytes a file takes in addition to its regions.
   *
   * @param metadata its first content
   * @param buffer the buffer
   * @param spare bytes to keep free for later metadata
   * @return a multiple of the page size
   */
  public static long overhead(TraceMetadata metadata, TraceBuffer buffer, int spare) {
    V6Header header = new V6Header(metadata, List.of(buffer));
    int room = room(header, buffer, spare);
    return dataAt(header.start().length, room, buffer.pageSize());
  }

  private static int room(V6Header header, TraceBuffer buffer, int spare) {
    long[][] none = {new long[buffer.cpus()]};
    int size = header.rest(0, 0, none, none).length;
    return Math.ceilDiv(size + spare, PageRegions.BLOCK) * PageRegions.BLOCK;
  }

  /**
   * Begins a file.
   *
   * @param path its name; there must be no such file
   * @param metadata its first content; the pages are written as it says
   * @param buffer the buffer whose pages come; its name must be empty
   * @param regions bytes for each CPU, multiples of the page size
   * @param spare bytes to keep free for later metadata
   * @return a file that can be read already
   * @throws IllegalArgumentException if a region is not a multiple of the page size, or if their
   *     number is not that of the CPUs
   * @throws IOException if it cannot be made; then nothing is left of it
   */
  public static LiveTraceFile create(
      Path path, TraceMetadata metadata, TraceBuffer buffer, long[] regions, int spare)
      throws IOException {
    if (regions.length != buffer.cpus() || !buffer.name().isEmpty()) {
      throw new IllegalArgumentException(regions.length + " regions for " + buffer);
    }
    for (long region : regions) {
      if (region < 0 || region % buffer.pageSize() != 0) {
        throw new IllegalArgumentException(
            "a region of " + region + " bytes for pages of " + buffer.pageSize());
      }
    }
    int room = room(new V6Header(metadata, List.of(buffer)), buffer, spare);
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(path.toString());
    }
    // It gets its name when its header is complete: the process may be killed before.
    Path unborn = path.resolveSibling("." + path.getFileName() + ".new");
    Files.deleteIfExists(unborn);
    FileChannel channel =
        PrivateFiles.create(
            unborn,
            EnumSet.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    try {
      lock(channel);
      LiveTraceFile file = new LiveTraceFile(channel, metadata, buffer, regions.clone(), room);
      file.begin(metadata);
      Files.move(unborn, path, StandardCopyOption.ATOMIC_MOVE);
      return file;
    } catch (IOException | RuntimeException e) {
      try (channel) {
        Files.deleteIfExists(unborn);
      }
      throw e;
    }
  }

  static FileLock lock(FileChannel channel) {
    try {
      return channel.tryLock();
    } catch (IOException | OverlappingFileLockException e) {
      return null; // not every file system has locks
    }
  }

  /**
   * Whether a file that was begun no longer has a writer, in this process or another.
   *
   * @param path the file
   * @return true if no process writes it
   * @throws IOException if it cannot be opened
   */
  public static boolean isAbandoned(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      return lock(channel) != null;
    }
  }

  /**
   * Makes an ordinary file from one whose writer is gone, with the same pages and no larger than it
   * must be.
   *
   * @param abandoned the file, which stays as it is
   * @param target the file to write
   * @return false if it has nothing worth keeping: its writer was gone before the first page
   * @throws IOException if it is damaged, or if no file can be written
   */
  public static boolean recover(Path abandoned, Path target) throws IOException {
    try (TraceFile file = TraceFile.open(abandoned)) {
      TraceMetadataBuilder metadata = file.metadata().toBuilder();
      metadata.headerEvent = // without the area that does not count
          Arrays.copyOf(
              metadata.headerEvent,
              Math.min(metadata.headerEvent.length, FileLayout.HEADER_EVENT_TEXT.length()));
      TraceFileWriter.copy(file, target, TraceVersion.V6, metadata.build());
      return true;
    } catch (TraceFormatException e) {
      if (e.offset() == 0) {
        return false;
      }
      throw e;
    }
  }

  /** The first bytes come last: until then it is not a trace file at all. */
  private void begin(TraceMetadata metadata) throws IOException {
    // The disk may be full when the file ends, so both areas get their blocks now; otherwise the
    // table would go on to name whole regions, whose holes a reader that maps them cannot handle.
    write(new byte[2 * room], areaA);
    written = rest(metadata, regions.sizes());
    write(written, areaA);
    start = header(metadata).start();
    write(new byte[1], end() - 1);
    write(start, 0);
  }

  private long end() {
    return regions.end();
  }

  /**
   * Whether the file still has its full length: others may truncate it.
   *
   * @return false if some of it is missing
   * @throws IOException if that cannot be determined
   */
  public boolean isWhole() throws IOException {
    return file.size() >= end();
  }

  /**
   * Restores the length of a file that others truncated; what they cut off reads as empty pages.
   *
   * @return false if its beginning is gone, so that it can no longer be read
   * @throws IOException if it cannot be read or written
   */
  public boolean restore() throws IOException {
    if (!isThere(start, 0, (int) sizeAt) || !isThere(written, countsB ? areaA + room : areaA)) {
      return false;
    }
    write(new byte[1], end() - 1);
    return true;
  }

  private boolean isThere(byte[] bytes, long at) throws IOException {
    return isThere(bytes, at, bytes.length);
  }

  private boolean isThere(byte[] bytes, long at, int length) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(length);
    while (found.hasRemaining() && file.read(found, at + found.position()) > 0) {
      // until all of it is read, or the end
    }
    return !found.hasRemaining() && found.flip().equals(ByteBuffer.wrap(bytes, 0, length));
  }

  private V6Header header(TraceMetadata metadata) {
    return new V6Header(metadata, List.of(buffer));
  }

  private void write(byte[] bytes, long at) throws IOException {
    PageSpool.writeFully(file, ByteBuffer.wrap(bytes), at);
  }

  /**
   * Writes the next page of a CPU.
   *
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @param page the whole page; it may be reused as soon as this returns
   * @param missed events lost before this page in addition to those it reports; 0 if none, −1 if
   *     their number is unknown
   * @return false if the CPU's region is full; nothing has been written then
   * @throws IllegalArgumentException if the page has the wrong size
   * @throws IOException if it could not be written; the file is as it was before
   */
  public boolean write(int cpu, MemorySegment page, long missed) throws IOException {
    return regions.write(cpu, page, missed);
  }

  /**
   * Writes the next pages of a CPU, as many as fit in one step.
   *
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @param pages at least one, in order
   * @param missed events lost before the first, as in {@link #write(int, MemorySegment, long)}
   * @return how many, from the first on, are in the file now; 0 if the CPU's region is full
   * @throws IllegalArgumentException if the first page has the wrong size
   * @throws IOException if the first could not be written; the file is as it was before
   */
  public int write(int cpu, List<Page> pages, long missed) throws IOException {
    return regions.write(cpu, pages, missed);
  }

  /**
   * Bytes of a CPU's pages in the file.
   *
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @return a multiple of the page size
   */
  public long size(int cpu) {
    return regions.size(cpu);
  }

  /**
   * Reads back a page that was written; for the account of a file that has lost its name.
   *
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @param at where in the CPU's pages, from 0 to {@link #size}, a multiple of the page size
   * @param into memory of at least a page
   * @throws IOException if it cannot be read
   */
  public void read(int cpu, long at, MemorySegment into) throws IOException {
    regions.read(cpu, at, into);
  }

  /**
   * Makes a written page empty.
   *
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @param at where in the CPU's pages, as in {@link #read}
   * @throws IOException if it cannot be written
   */
  public void blank(int cpu, long at) throws IOException {
    regions.blank(cpu, at);
  }

  /**
   * Updates the metadata, in one step for readers of the file.
   *
   * @param metadata the new content; pages as before
   * @return false if it does not fit; the file is then unchanged
   * @throws IOException if it could not be written; the file is then unchanged
   */
  public boolean update(TraceMetadata metadata) throws IOException {
    byte[] next = rest(metadata, regions.sizes());
    if (next.length > room) {
      return false;
    }
    if (!Arrays.equals(next, written)) {
      replace(next);
      current = metadata;
    }
    return true;
  }

  private void replace(byte[] next) throws IOException {
    write(next, countsB ? areaA : areaA + room);
    ByteBuffer size = ByteBuffer.allocate(Long.BYTES).order(format.order());
    size.putLong(0, textSize + (countsB ? 0 : room));
    PageSpool.writeFully(file, size, sizeAt);
    countsB = !countsB;
    written = next;
  }

  private byte[] rest(TraceMetadata metadata, long[] sizes) {
    return header(metadata).rest(areaA, 0, new long[][] {regions.offsets()}, new long[][] {sizes});
  }

  /**
   * Whether the file can still be written. An interrupt of the writing thread closes it.
   *
   * @return false once it is closed
   */
  public boolean isOpen() {
    return file.isOpen();
  }

  /**
   * Finishes the file: the table gets the true sizes, and what was kept free at the end is given
   * back. The file can be read at every instant of this too.
   *
   * @param metadata the final metadata; what does not fit stays as it was
   * @throws IOException if that fails; the file can be read, and must be closed
   */
  public void finish(TraceMetadata metadata) throws IOException {
    byte[] last = rest(metadata, regions.used());
    if (last.length > room) {
      last = rest(current, regions.used());
    }
    replace(last);
    if (countsB) {
      replace(last);
    }
    write(new byte[room], areaA + room);
    file.truncate(Math.max(areaA + 2L * room, regions.endOfPages()));
  }

  /** Closes the file as it is. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
