package org.pagewheel.tracedat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads numbers, strings and byte runs one after another, from a part of a file or from bytes
 * unpacked from it. Nothing is read beyond the part, and what does not fit is reported with its
 * place before anything is allocated for it.
 */
final class ByteCursor {
  private static final int WINDOW = 1 << 16;

  private final InputFile file;
  private final ByteOrder order;

  /** Where the unpacked bytes came from, or −1 when the file itself is read. */
  private final long packedAt;

  private final long end;
  private long at;
  private ByteBuffer window;
  private long windowAt;

  private ByteCursor(InputFile file, ByteOrder order, long packedAt, long at, long end) {
    this.file = file;
    this.order = order;
    this.packedAt = packedAt;
    this.at = at;
    this.end = end;
  }

  /** Reads the file itself, from one offset up to another. */
  static ByteCursor ofFile(InputFile file, ByteOrder order, long from, long to) {
    ByteCursor cursor = new ByteCursor(file, order, -1, from, to);
    cursor.window = ByteBuffer.allocate(0);
    cursor.windowAt = from;
    return cursor;
  }

  /** Reads bytes that were unpacked from those at an offset of the file. */
  static ByteCursor ofBytes(InputFile file, ByteOrder order, long packedAt, byte[] bytes) {
    ByteCursor cursor = new ByteCursor(file, order, packedAt, 0, bytes.length);
    cursor.window = ByteBuffer.wrap(bytes).order(order);
    return cursor;
  }

  long remaining() {
    return end - at;
  }

  /** The place in the file, or in the unpacked bytes. */
  long position() {
    return at;
  }

  int u8(String what) throws IOException {
    return take(1, what).get() & 0xff;
  }

  int u16(String what) throws IOException {
    return take(Short.BYTES, what).getShort() & 0xffff;
  }

  long u32(String what) throws IOException {
    return take(Integer.BYTES, what).getInt() & 0xffffffffL;
  }

  /** Eight bytes; a number too large for a long comes out negative, which callers refuse. */
  long i64(String what) throws IOException {
    return take(Long.BYTES, what).getLong();
  }

  /** A number of things, each of which takes at least this many of the bytes left. */
  int count(int eachAtLeast, int limit, String what) throws IOException {
    long count = u32("the number of " + what);
    if (count > limit || count * eachAtLeast > remaining()) {
      at -= Integer.BYTES;
      throw bad(count + " " + what + " are impossible: only " + remaining() + " bytes follow");
    }
    return (int) count;
  }

  /** A run of bytes, taken out of the file's budget. */
  byte[] bytes(long length, String what) throws IOException {
    require(length, what);
    file.spend(length, packedAt < 0 ? at : packedAt, what);
    byte[] bytes = new byte[(int) length];
    if (packedAt < 0) {
      file.read(at, ByteBuffer.wrap(bytes), what);
    } else {
      window.get((int) at, bytes);
    }
    at += length;
    return bytes;
  }

  void skip(long length, String what) throws IOException {
    require(length, what);
    at += length;
  }

  /** A string that ends with a NUL, of at most this many bytes. */
  String string(int limit, String what) throws IOException {
    byte[] bytes = new byte[limit];
    for (int i = 0; i < limit; i++) {
      bytes[i] = (byte) u8(what);
      if (bytes[i] == 0) {
        file.spend(i, packedAt < 0 ? at : packedAt, what);
        return new String(bytes, 0, i, StandardCharsets.UTF_8);
      }
    }
    throw bad(what + " has no end within " + limit + " bytes");
  }

  TraceFormatException bad(String problem) {
    return packedAt < 0
        ? file.bad(at, problem)
        : file.bad(packedAt, problem + " (" + at + " bytes into what is unpacked from here)");
  }

  private void require(long length, String what) throws TraceFormatException {
    if (length < 0 || length > remaining()) {
      throw bad(
          what
              + " of "
              + Long.toUnsignedString(length)
              + " bytes does not fit: "
              + remaining()
              + " are left");
    }
  }

  /** The window, positioned at this many bytes, which count as read. */
  private ByteBuffer take(int length, String what) throws IOException {
    require(length, what);
    if (at < windowAt || at + length > windowAt + window.limit()) {
      window = ByteBuffer.allocate((int) Math.min(WINDOW, remaining())).order(order);
      windowAt = at;
      file.read(at, window, what);
      window.flip();
    }
    window.position((int) (at - windowAt));
    at += length;
    return window;
  }
}
