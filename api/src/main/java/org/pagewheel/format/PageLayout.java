package org.pagewheel.format;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The binary page, as the rings of Pagewheel and the Linux kernel (64 bits, little endian) write
 * it.
 *
 * <pre>
 *  byte 0                            8                                16
 *      +--------------------------------+--------------------------------+---------------- … -+
 *      | time of the first event (u64)  | commit (u64)                   | records …          |
 *      +--------------------------------+--------------------------------+---------------- … -+
 *
 *  commit, low half:  31 30  29 27  26                                            0
 *                    +--+--+------+------------------------------------------------+
 *                    |M |S | zero | bytes of records                               |
 *                    +--+--+------+------------------------------------------------+
 *      M  events were lost before this page
 *      S  how many is stored, as u64, right after the records
 *  commit, high half: zero; ignored on reading (the kernel may leave ones there beside M)
 * </pre>
 *
 * <p>Everything after the records, and after the count if there is one, is zero when a page is
 * handed on. {@link PageFormat} describes the variants of other machines. Source: trace-dat(5),
 * {@code events/header_page}.
 */
public final class PageLayout {
  /** The smallest page that tools accept. */
  public static final int MIN_PAGE_SIZE = 4096;

  /** The largest page: the kernel's write index has 20 bits. */
  public static final int MAX_PAGE_SIZE = 1 << 20;

  /** Offset of the time of the page's first event, 8 bytes. */
  public static final int TIME = 0;

  /** Offset of the commit word, 8 bytes, of which the low 4 count. */
  public static final int COMMIT = 8;

  /** Offset of the first record. */
  public static final int DATA = 16;

  /** The bits of the commit word that count bytes. */
  public static final int COMMIT_MASK = (1 << 27) - 1;

  /** The bit of the commit word that says that events were lost before the page. */
  public static final int MISSED_EVENTS = 1 << 31;

  /** The bit of the commit word that says that the number of lost events is stored. */
  public static final int MISSED_STORED = 1 << 30;

  /** The bits of the commit word that are not the count. */
  public static final int COMMIT_FLAGS = MISSED_EVENTS | MISSED_STORED;

  /** The bytes that a writer keeps free for the number of lost events. */
  public static final int MISSED_ROOM = 8;

  /** An unknown number of lost events. */
  public static final long MISSED_UNKNOWN = -1;

  /** How a page's 8-byte words are read and written; unaligned, for a page may be anywhere. */
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** How a page's 4-byte words are read and written. */
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PageLayout() {}

  /**
   * The bytes of records on a page.
   *
   * @param page a page of ours, unchecked; all of it and nothing else
   * @return what the commit word says, but never more than the page can hold; on a damaged page not
   *     always a multiple of 4
   */
  public static int used(MemorySegment page) {
    return (int) Math.min(used(page.get(INT, COMMIT)), page.byteSize() - DATA);
  }

  /**
   * The bytes of records that a commit word counts.
   *
   * @param commit the low half of the word, unchecked
   * @return from 0 to {@link #COMMIT_MASK}, which is more than any page can hold
   */
  public static int used(int commit) {
    return commit & COMMIT_MASK;
  }

  /**
   * The sum of two numbers of lost events, either of which may be unknown.
   *
   * @param one at least 0, or {@link #MISSED_UNKNOWN}; anything below 0 is taken as that
   * @param other likewise
   * @return the sum, or {@link #MISSED_UNKNOWN}
   */
  public static long sumOfMissed(long one, long other) {
    return one < 0 || other < 0 ? MISSED_UNKNOWN : one + other;
  }

  /**
   * The bytes of records that a page can hold.
   *
   * @param pageSize the size of the page
   * @return the size less the header
   */
  public static int capacity(int pageSize) {
    return pageSize - DATA;
  }

  /**
   * The longest payload of an event on a page of its own.
   *
   * @param pageSize the size of the page
   * @return the capacity less the two header words of a long record
   */
  public static int maxEventSize(int pageSize) {
    return capacity(pageSize) - RecordLayout.headerSize(capacity(pageSize));
  }

  /**
   * Whether a record still fits. The first record may fill the page; after it {@link #MISSED_ROOM}
   * bytes stay free, so that a loss before the page can be reported with its number.
   *
   * @param pageSize the size of the page
   * @param used bytes of the records so far
   * @param recordSize bytes of the new record, including a time extend before it
   * @return whether it may be written at {@code DATA + used}
   */
  public static boolean fits(int pageSize, int used, int recordSize) {
    int capacity = capacity(pageSize);
    return used + recordSize <= capacity - MISSED_ROOM || used == 0 && recordSize <= capacity;
  }

  /**
   * Checks a page size.
   *
   * @param pageSize a size in bytes
   * @return the same
   * @throws IllegalArgumentException if it is not a power of two from {@link #MIN_PAGE_SIZE} to
   *     {@link #MAX_PAGE_SIZE}
   */
  public static int checkPageSize(int pageSize) {
    if (pageSize < MIN_PAGE_SIZE || pageSize > MAX_PAGE_SIZE || Integer.bitCount(pageSize) != 1) {
      throw new IllegalArgumentException(
          "page size "
              + pageSize
              + " is not a power of two from "
              + MIN_PAGE_SIZE
              + " to "
              + MAX_PAGE_SIZE);
    }
    return pageSize;
  }
}
