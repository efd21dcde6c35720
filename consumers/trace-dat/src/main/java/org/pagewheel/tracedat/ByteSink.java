package org.pagewheel.tracedat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteOrder;

/** Collects bytes, with numbers in a file's byte order. */
final class ByteSink {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ByteOrder order;

  ByteSink(ByteOrder order) {
    this.order = order;
  }

  int size() {
    return bytes.size();
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  ByteSink raw(byte[] run) {
    bytes.writeBytes(run);
    return this;
  }

  /** A word with its NUL. */
  ByteSink word(String word) {
    return raw(FileLayout.terminated(word));
  }

  ByteSink u8(int number) {
    bytes.write(number);
    return this;
  }

  ByteSink u16(int number) {
    return number(number, Short.BYTES);
  }

  ByteSink u32(long number) {
    return number(number, Integer.BYTES);
  }

  ByteSink u64(long number) {
    return number(number, Long.BYTES);
  }

  private ByteSink number(long number, int length) {
    for (int i = 0; i < length; i++) {
      int at = order == ByteOrder.BIG_ENDIAN ? length - 1 - i : i;
      bytes.write((int) (number >>> 8 * at));
    }
    return this;
  }
}
