package org.pagewheel.tracedat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.pagewheel.format.PageFormat;

/**
 * Prepares pages for writing by a channel. Native memory is used as it is; heap memory gives a
 * buffer only if it is an array of bytes, and pages there are arrays of longs, so those are copied,
 * as are pages whose header is changed on the way.
 */
public final class PageMemory {
  private MemorySegment scratch = MemorySegment.NULL;

  /** Memory for a copy is allocated for the first one. */
  public PageMemory() {}

  /**
   * The bytes of a page.
   *
   * @param page the page
   * @param format how it is written, page size aside
   * @param missed events lost before it that it does not report; 0 if none, −1 if unknown
   * @return valid until the next call or as long as the page is
   */
  public ByteBuffer bytes(MemorySegment page, PageFormat format, long missed) {
    if (page.isNative() && missed == 0) {
      return page.asByteBuffer();
    }
    long size = page.byteSize();
    if (scratch.byteSize() < size) {
      scratch = Arena.ofAuto().allocate(size, Long.BYTES);
    }
    MemorySegment copy = scratch.asSlice(0, size).copyFrom(page);
    if (missed != 0) {
      PageFormat own = new PageFormat(format.order(), format.longSize(), (int) size);
      PageLosses.add(copy, own, missed);
    }
    return copy.asByteBuffer();
  }
}
