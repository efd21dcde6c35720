package org.pagewheel.tracedat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

/**
 * The pages of one CPU, one after another. Empty pages are skipped. Holds a few pages in memory,
 * however long the stream is. For one thread; streams of one file do not disturb each other.
 *
 * <p>If the file is truncated or damaged, the stream first gives all pages before that place and
 * then throws; it does not go on after it.
 */
public final class PageStream {
  private static final int WINDOW = 1 << 15;

  private final InputFile file;
  private final Unpacker unpacker;
  private final PageFormat format;
  private final FileContent.Region region;
  private final String what;

  private long at;
  private long chunks = -1;
  private MemorySegment window = MemorySegment.NULL;
  private long windowUsed;
  private long windowFrom;
  private long next;
  private long pageAt;
  private boolean broken;

  PageStream(
      InputFile file,
      Unpacker unpacker,
      PageFormat format,
      FileContent.Region region,
      String what) {
    this.file = file;
    this.unpacker = unpacker;
    this.format = format;
    this.region = region;
    this.what = what;
    this.at = region == null ? 0 : region.offset();
  }

  /**
   * How the pages are written.
   *
   * @return byte order, size of the commit word, page size
   */
  public PageFormat format() {
    return format;
  }

  /**
   * Goes to the next page.
   *
   * @return the whole page, unchecked, valid until the next call; null after the last one
   * @throws TraceFormatException if the file is truncated or damaged here; from then on at every
   *     call
   * @throws IOException if the file cannot be read
   */
  public MemorySegment next() throws IOException {
    if (region == null) {
      return null;
    }
    if (broken) {
      throw file.bad(at, what + " is truncated or damaged here");
    }
    try {
      while (true) {
        if (next >= windowUsed && !(region.packed() ? unpackChunk() : readWindow())) {
          return null;
        }
        MemorySegment page = window.asSlice(next, format.pageSize());
        pageAt = region.packed() ? windowFrom : windowFrom + next;
        next += format.pageSize();
        if (page.get(format.intLayout(), format.commit()) != 0) {
          return page;
        }
      }
    } catch (IOException e) {
      broken = true;
      throw e;
    }
  }

  /**
   * The place of the page in the file; for messages.
   *
   * @return the offset of the page, or of the compressed run of pages that it is in
   */
  public long offset() {
    return pageAt;
  }

  private boolean readWindow() throws IOException {
    long left = region.offset() + region.size() - at;
    if (left == 0) {
      return false;
    }
    int pageSize = format.pageSize();
    if (at >= file.size()) {
      throw file.bad(at, "the file ends within " + what + ": " + left + " bytes are missing");
    }
    if (window.byteSize() == 0) {
      window = Arena.ofAuto().allocate(Math.max(WINDOW, pageSize), Long.BYTES);
    }
    // Whole pages up to the end of the file; then what is left of the last one.
    long there = Math.min(left, file.size() - at);
    long size = Math.min(window.byteSize(), there >= pageSize ? there - there % pageSize : there);
    file.read(at, window.asSlice(0, size).asByteBuffer(), what);
    windowFrom = at;
    windowUsed = size;
    next = 0;
    if (size < pageSize) {
      completePage((int) size, left);
    }
    at += size;
    return true;
  }

  /** The last page may be cut after its committed bytes: the rest would be zero. */
  private void completePage(int size, long left) throws TraceFormatException {
    window.asSlice(size, format.pageSize() - size).fill((byte) 0);
    int commit = window.get(format.intLayout(), format.commit());
    int used = format.data() + PageLayout.used(commit);
    if ((commit & PageLayout.MISSED_STORED) != 0) {
      used += format.longSize();
    }
    if (used > size || left > size) {
      throw file.bad(
          at, "%s ends within a page: %d of %d bytes".formatted(what, size, format.pageSize()));
    }
  }

  private boolean unpackChunk() throws IOException {
    // The size in the table does not count the number of chunks before them.
    long end = Math.min(region.offset() + Integer.BYTES + region.size(), file.size());
    ByteCursor in = ByteCursor.ofFile(file, format.order(), at, end);
    if (chunks < 0) {
      chunks = in.u32(what);
    }
    if (chunks == 0) {
      return false;
    }
    long place = in.position();
    long packedSize = in.u32(what);
    long plainSize = in.u32(what);
    if (plainSize == 0 || plainSize % format.pageSize() != 0) {
      throw file.bad(place, what + ": " + plainSize + " bytes are not pages");
    }
    byte[] plain = unpacker.unpack(packed(in, packedSize), plainSize, place);
    window = MemorySegment.ofArray(plain);
    windowUsed = plainSize;
    windowFrom = place;
    next = 0;
    chunks--;
    at = in.position();
    return true;
  }

  /** Not out of the file's budget: it is given back at the next chunk. */
  private byte[] packed(ByteCursor in, long size) throws IOException {
    long from = in.position();
    in.skip(size, "a compressed run of pages");
    byte[] packed = new byte[Math.toIntExact(size)];
    file.read(from, ByteBuffer.wrap(packed).order(ByteOrder.nativeOrder()), what);
    return packed;
  }
}
