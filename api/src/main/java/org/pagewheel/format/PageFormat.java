package org.pagewheel.format;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * How the pages of a file are written: those of other machines differ in byte order and in the size
 * of the commit word.
 *
 * @param order the byte order of all words
 * @param longSize bytes of the commit word and of the number of lost events, 4 or 8
 * @param pageSize bytes of a page, a power of two from 4096 to 1048576
 */
public record PageFormat(ByteOrder order, int longSize, int pageSize) {
  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is out of range
   */
  public PageFormat {
    if (longSize != Integer.BYTES && longSize != Long.BYTES) {
      throw new IllegalArgumentException("long size " + longSize + " is neither 4 nor 8");
    }
    PageLayout.checkPageSize(pageSize);
  }

  /**
   * The pages that Pagewheel writes.
   *
   * @param pageSize bytes of a page
   * @return little endian, long size 8
   */
  public static PageFormat of(int pageSize) {
    return new PageFormat(ByteOrder.LITTLE_ENDIAN, Long.BYTES, pageSize);
  }

  /**
   * Where the records begin.
   *
   * @return 16 or 12
   */
  public int data() {
    return PageLayout.COMMIT + longSize;
  }

  /**
   * Where the 4 significant bytes of the commit word are.
   *
   * @return the low half of the word
   */
  public int commit() {
    return order == ByteOrder.BIG_ENDIAN ? PageLayout.COMMIT + longSize - 4 : PageLayout.COMMIT;
  }

  /**
   * How 4-byte words are read.
   *
   * @return an unaligned layout of this byte order
   */
  public ValueLayout.OfInt intLayout() {
    return ValueLayout.JAVA_INT_UNALIGNED.withOrder(order);
  }

  /**
   * How 8-byte words are read.
   *
   * @return an unaligned layout of this byte order
   */
  public ValueLayout.OfLong longLayout() {
    return ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order);
  }

  /**
   * The type in a record's first word, which big-endian machines keep in the high bits.
   *
   * @param word the word, read with {@link #intLayout}
   * @return from 0 to 31
   */
  public int type(int word) {
    return order == ByteOrder.BIG_ENDIAN
        ? word >>> RecordLayout.DELTA_BITS
        : RecordLayout.type(word);
  }

  /**
   * The delta in a record's first word.
   *
   * @param word the word, read with {@link #intLayout}
   * @return from 0 to {@link RecordLayout#MAX_DELTA}
   */
  public int delta(int word) {
    return order == ByteOrder.BIG_ENDIAN ? word & RecordLayout.MAX_DELTA : RecordLayout.delta(word);
  }

  /**
   * A record's first word.
   *
   * @param type from 0 to 31
   * @param delta from 0 to {@link RecordLayout#MAX_DELTA}
   * @return the word, to be written with {@link #intLayout}
   */
  public int word(int type, int delta) {
    return order == ByteOrder.BIG_ENDIAN
        ? type << RecordLayout.DELTA_BITS | delta
        : RecordLayout.word(type, delta);
  }
}
