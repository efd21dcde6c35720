package org.pagewheel.tracedat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import org.pagewheel.Page;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * The regions of a file that pages go to, one for each CPU, of fixed size. If the process is
 * killed, the pages are either complete or empty. For one thread.
 */
final class PageRegions {
  /*
   * A page is written in one go if it is a block; a larger one is written with an empty header, in
   * one go too, for the kernel then keeps it in one piece, and its header comes last. Several pages
   * of a block each go in one step, which a kill ends between two of them: the first ones are then
   * written.
   */

  /** The unit that the kernel writes undivided: a page of its cache. */
  static final int BLOCK = 4096;

  /** The most pages in one step. */
  private static final int MAX = 16;

  private final FileChannel file;
  private final int pageSize;
  private final PageFormat format;
  private final long[] offsets;
  private final long[] sizes;
  private final long[] used;
  private final long end;
  private final PageMemory memory = new PageMemory();

  /** Pages that are written in one step. */
  private final ByteBuffer[] gathered = new ByteBuffer[MAX];

  /** The empty header that precedes a page's records until they are written, and the records. */
  private final ByteBuffer[] noHeader = {ByteBuffer.allocateDirect(PageLayout.DATA), null};

  /** The channel's position; changed only here. */
  private long position;

  /**
   * Lays the regions out.
   *
   * @param from where the first begins
   * @param sizes bytes of each, multiples of the page size; kept
   */
  PageRegions(FileChannel file, int pageSize, PageFormat format, long from, long[] sizes) {
    this.file = file;
    this.pageSize = pageSize;
    this.format = format;
    this.sizes = sizes;
    this.used = new long[sizes.length];
    this.offsets = new long[sizes.length];
    long at = from;
    for (int cpu = 0; cpu < sizes.length; cpu++) {
      offsets[cpu] = at;
      at += sizes[cpu];
    }
    this.end = at;
  }

  /** The start of each in the file. */
  long[] offsets() {
    return offsets;
  }

  /** The length of each. */
  long[] sizes() {
    return sizes;
  }

  /** The bytes written in each. */
  long[] used() {
    return used;
  }

  /** The end of the last one. */
  long end() {
    return end;
  }

  /** The end of the last page; 0 if none was written. */
  long endOfPages() {
    long last = 0;
    for (int cpu = 0; cpu < used.length; cpu++) {
      if (used[cpu] > 0) {
        last = offsets[cpu] + used[cpu];
      }
    }
    return last;
  }

  /** Writes the next page of a CPU, see {@link LiveTraceFile#write(int, MemorySegment, long)}. */
  boolean write(int cpu, MemorySegment page, long missed) throws IOException {
    if (page.byteSize() != pageSize) {
      throw new IllegalArgumentException(
          "a page of " + page.byteSize() + " bytes, not " + pageSize);
    }
    if (used[cpu] + pageSize > sizes[cpu]) {
      return false;
    }
    long at = offsets[cpu] + used[cpu];
    ByteBuffer bytes = memory.bytes(page, format, missed);
    try {
      if (pageSize > BLOCK) {
        writeWithoutHeader(bytes.duplicate().position(PageLayout.DATA), at);
        bytes.limit(PageLayout.DATA);
      }
      PageSpool.writeFully(file, bytes, at);
    } catch (IOException e) {
      position = -1;
      blank(at, e);
      throw e;
    }
    used[cpu] += pageSize;
    return true;
  }

  /** Writes as many as go in one step, see {@link LiveTraceFile#write(int, List, long)}. */
  int write(int cpu, List<Page> pages, long missed) throws IOException {
    int count = missed == 0 ? together(cpu, pages) : 1;
    if (count < 2) {
      return write(cpu, pages.getFirst().memory(), missed) ? 1 : 0;
    }
    long at = offsets[cpu] + used[cpu];
    long to = at;
    try {
      moveTo(at);
      for (int i = 0; i < count; i++) {
        gathered[i] = pages.get(i).memory().asByteBuffer();
      }
      while (to < at + (long) count * pageSize) {
        to += file.write(gathered, 0, count);
      }
      position = to;
    } catch (IOException e) {
      position = -1;
      count = (int) ((to - at) / pageSize);
      blank(at + (long) count * pageSize, e);
      if (count == 0) {
        throw e;
      }
    } finally {
      Arrays.fill(gathered, null);
    }
    used[cpu] += (long) count * pageSize;
    return count;
  }

  /** How many of the pages, from the first on, can be written as they are and fit. */
  private int together(int cpu, List<Page> pages) {
    long room = (sizes[cpu] - used[cpu]) / pageSize;
    int most = (int) Math.min(pageSize == BLOCK ? MAX : 1, Math.min(pages.size(), room));
    int count = 0;
    while (count < most && isWhole(pages.get(count).memory())) {
      count++;
    }
    return count;
  }

  private boolean isWhole(MemorySegment page) {
    return page.isNative() && page.byteSize() == pageSize;
  }

  private void writeWithoutHeader(ByteBuffer data, long at) throws IOException {
    noHeader[0].clear();
    noHeader[1] = data;
    moveTo(at);
    while (data.hasRemaining()) {
      position += file.write(noHeader);
    }
    noHeader[1] = null;
  }

  private void moveTo(long at) throws IOException {
    if (position != at) {
      file.position(at);
    }
    position = at;
  }

  /** Empties a page that was not written completely. */
  private void blank(long at, IOException cause) {
    try {
      write(new byte[PageLayout.DATA], at);
    } catch (IOException e) {
      cause.addSuppressed(e); // then nothing was written there either: its block is not allocated
    }
  }

  /** Bytes of a CPU's pages in the file. */
  long size(int cpu) {
    return used[cpu];
  }

  /** Reads back a page that was written. */
  void read(int cpu, long at, MemorySegment into) throws IOException {
    ByteBuffer bytes = into.asSlice(0, pageSize).asByteBuffer();
    long from = offsets[cpu] + at;
    while (bytes.hasRemaining()) {
      int count = file.read(bytes, from);
      if (count < 0) {
        throw new IOException("the file has been truncated");
      }
      from += count;
    }
  }

  /** Makes a written page empty. */
  void blank(int cpu, long at) throws IOException {
    write(new byte[PageLayout.DATA], offsets[cpu] + at);
  }

  private void write(byte[] bytes, long at) throws IOException {
    PageSpool.writeFully(file, ByteBuffer.wrap(bytes), at);
  }
}
