package org.pagewheel.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes messages as protocol buffers encode them:
 *
 * <pre>
 * message   field…
 * field     key  value            key = number &lt;&lt; 3 | kind
 *   kind 0  varint                seven bits a byte, least first; the last one has no highest bit
 *   kind 1  8 bytes               little-endian: fixed64, double
 *   kind 2  length  bytes         a text, or a message; length is a varint
 * </pre>
 *
 * <p>The length of a message comes before it. It takes four bytes here, whatever it is, so that
 * nothing is moved when it becomes known: a varint may be longer than necessary. For one thread; it
 * allocates only to grow.
 */
final class Protobuf {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;

  /** Bytes of a length, and what they can hold. */
  private static final int LENGTH = 4;

  private static final int MAX_LENGTH = (1 << 7 * LENGTH) - 1;
  private static final int MAX_VARINT = 10;
  private static final int DEPTH = 8;

  private byte[] bytes = new byte[1 << 12];
  private int at;
  private final int[] open = new int[DEPTH];
  private int depth;

  /** Begins a message in a field; what is written until {@link #end} is part of it. */
  Protobuf begin(int field) {
    key(field, BYTES);
    room(LENGTH);
    at += LENGTH;
    open[depth++] = at;
    return this;
  }

  Protobuf end() {
    int begin = open[--depth];
    int length = at - begin;
    if (length > MAX_LENGTH) {
      throw new IllegalStateException("a message of " + length + " bytes is too long");
    }
    for (int i = 0; i < LENGTH; i++) {
      bytes[begin - LENGTH + i] = (byte) (length >>> 7 * i & 0x7f | (i < LENGTH - 1 ? 0x80 : 0));
    }
    return this;
  }

  /** A number, in two's complement if it is negative. */
  Protobuf number(int field, long value) {
    key(field, VARINT);
    varint(value);
    return this;
  }

  Protobuf real(int field, double value) {
    return fixed(field, Double.doubleToRawLongBits(value));
  }

  Protobuf fixed(int field, long value) {
    key(field, FIXED64);
    room(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[at++] = (byte) (value >>> 8 * i);
    }
    return this;
  }

  Protobuf text(int field, String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    key(field, BYTES);
    varint(encoded.length);
    return raw(encoded);
  }

  /** The result of {@link #take}. */
  Protobuf raw(byte[] encoded) {
    room(encoded.length);
    System.arraycopy(encoded, 0, bytes, at, encoded.length);
    at += encoded.length;
    return this;
  }

  /** Returns what has been written, and forgets it; no message may be open. */
  byte[] take() {
    byte[] taken = Arrays.copyOf(bytes, at);
    at = 0;
    return taken;
  }

  private void key(int field, int kind) {
    varint((long) field << 3 | kind);
  }

  private void varint(long value) {
    room(MAX_VARINT);
    long rest = value;
    while ((rest & ~0x7f) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
  }

  private void room(int more) {
    if (bytes.length - at < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, at + more));
    }
  }

  /** How many bytes have been written and not been taken. */
  int size() {
    return at;
  }

  /** Moves what has been written to a stream; no message may be open. */
  void moveTo(OutputStream out) throws IOException {
    out.write(bytes, 0, at);
    at = 0;
  }
}
