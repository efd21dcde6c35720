package org.pagewheel.format;

import static org.pagewheel.format.PageLayout.INT;

import java.lang.foreign.MemorySegment;

/**
 * The records on a page: one word, and what its type says. All begin at a multiple of 4.
 *
 * <pre>
 *   31                                                      5 4       0
 *  +---------------------------------------------------------+---------+
 *  | time delta in ns since the record before (27 bits)      |  type   |      (little endian)
 *  +---------------------------------------------------------+---------+
 *
 *  type     1 … 28      0                    29                 30, 31
 *         +--------+  +--------+           +--------+         +--------+
 *         | word   |  | word   |           | word   |         | word   |
 *         +--------+  +--------+           +--------+         +--------+
 *         | payload|  | L      |           | L      |         | time   | bits 27 and up
 *         | 4·type |  +--------+           +--------+         +--------+
 *         | bytes  |  | payload|           | L − 4  |         30: a delta to add, the event follows
 *         +--------+  | L − 4  |           | bytes  |         31: the time itself, low 59 bits
 *                     | bytes  |           | unused |
 *                     +--------+           +--------+
 *         an event    an event of more     a discarded event
 *                     than 112 bytes       or padding
 * </pre>
 *
 * <p>The time of a record is the page's time and all deltas up to its own, those of type 29 too:
 * libtraceevent adds them (measured: a discarded record with delta 1000 moves the events after it
 * by 1000), so Pagewheel writes them that way and reads them that way.
 */
public final class RecordLayout {
  /** The largest type of an event whose type holds its payload length. */
  public static final int MAX_SMALL_TYPE = 28;

  /** The longest payload of such an event. */
  public static final int MAX_SMALL = 4 * MAX_SMALL_TYPE;

  /** The type of a discarded event and of padding. */
  public static final int PADDING = 29;

  /** The type of a time extend. */
  public static final int TIME_EXTEND = 30;

  /** The type of an absolute time stamp. */
  public static final int TIME_STAMP = 31;

  /** Bits of the type. */
  public static final int TYPE_BITS = 5;

  /** Bits of the delta in the first word; those above go to the second of an extend or stamp. */
  public static final int DELTA_BITS = 27;

  /** The largest delta of a single word: 134 ms. */
  public static final int MAX_DELTA = (1 << DELTA_BITS) - 1;

  /** Bytes of the first word, and of the length or time word after it. */
  public static final int WORD = 4;

  /** Bytes of a time extend or an absolute time stamp. */
  public static final int EXTEND_SIZE = 2 * WORD;

  /** Bits of the time that an absolute stamp carries. */
  public static final int STAMP_BITS = 59;

  private RecordLayout() {}

  /**
   * Bytes before the payload.
   *
   * @param payloadLength bytes of payload, at least 0
   * @return 4 or 8
   */
  public static int headerSize(int payloadLength) {
    return payloadLength > MAX_SMALL ? 2 * WORD : WORD;
  }

  /**
   * Bytes that an event takes on the page, as the kernel counts them: rounded up to 4, and 16 if
   * that gives 12, so that any event can be turned into a time extend and padding.
   *
   * @param payloadLength bytes of payload, at least 0; 0 is taken as 1
   * @return a multiple of 4, at least 8
   */
  public static int size(int payloadLength) {
    int length = Math.max(payloadLength, 1);
    int size = headerSize(length) + roundUp(length);
    return size == 3 * WORD ? 4 * WORD : size;
  }

  /**
   * The first word of a record.
   *
   * @param type from 0 to 31
   * @param delta from 0 to {@link #MAX_DELTA}
   * @return the word
   */
  public static int word(int type, int delta) {
    return delta << TYPE_BITS | type;
  }

  /**
   * The type in a record's first word.
   *
   * @param word the word
   * @return from 0 to 31
   */
  public static int type(int word) {
    return word & (1 << TYPE_BITS) - 1;
  }

  /**
   * The delta in a record's first word.
   *
   * @param word the word
   * @return from 0 to {@link #MAX_DELTA}
   */
  public static int delta(int word) {
    return word >>> TYPE_BITS;
  }

  /**
   * Bytes of the record at an offset of a page, its words included. Whatever the bytes are, the
   * result moves a walk forward and not beyond the end.
   *
   * @param memory the memory that holds the page
   * @param page the page's offset
   * @param at where the record begins in the page
   * @param end the first byte of the page after the records
   * @return a multiple of 4, at least 8, at most {@code end - at}
   * @throws DamagedPageException if there is no such record
   */
  public static int sizeAt(MemorySegment memory, long page, int at, int end)
      throws DamagedPageException {
    if (end - at < 2 * WORD) {
      throw new DamagedPageException(at, "no room for a record in " + (end - at) + " bytes");
    }
    int type = type(memory.get(INT, page + at));
    long rest =
        switch (type) {
          case 0, PADDING -> memory.get(INT, page + at + WORD) & 0xffffffffL;
          case TIME_EXTEND, TIME_STAMP -> WORD;
          default -> type * WORD;
        };
    if (rest < WORD || rest > end - at - WORD || rest % WORD != 0) {
      throw new DamagedPageException(
          at, "a record of type " + type + " cannot have " + rest + " bytes after its first word");
    }
    return WORD + (int) rest;
  }

  /**
   * The next multiple of a word.
   *
   * @param bytes a number of at least 0
   * @return the same or up to 3 more
   */
  public static int roundUp(int bytes) {
    return bytes + WORD - 1 & -WORD;
  }
}
