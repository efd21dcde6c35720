package org.pagewheel.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * The kind of a file, by its first bytes, which are defined only here: the code that makes such
 * files and the code that must not replace or delete others use the same ones.
 */
public enum FileKind {
  /** A ring in a mapped file. */
  RING("PAGEWHL\n"),

  /** A ring whose header is not written yet, by a process that is alive or was killed. */
  UNFINISHED_RING("PAGEWHL-"),

  /** A ring from before version 2. */
  OLD_RING("PAGWEHL\n"),

  /** A trace of Pagewheel or of another tool. */
  TRACE("\u0017\bDtracing"),

  /** Anything else, including an empty file. */
  OTHER("");

  private static final int LONGEST = 10;

  private final byte[] begin;

  FileKind(String begin) {
    this.begin = begin.getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * The first bytes of such a file.
   *
   * @return the bytes; none for {@link #OTHER}
   */
  public byte[] begin() {
    return begin.clone();
  }

  /**
   * The first eight bytes as a number.
   *
   * @return little endian
   * @throws UnsupportedOperationException for {@link #OTHER}
   */
  public long number() {
    if (this == OTHER) {
      throw new UnsupportedOperationException("nothing is known of other files");
    }
    return ByteBuffer.wrap(begin).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /**
   * Whether it is a ring, finished or not.
   *
   * @return true if its content exists nowhere else
   */
  public boolean isRing() {
    return this == RING || this == UNFINISHED_RING || this == OLD_RING;
  }

  /**
   * Looks at a file. Not for a file in {@link OwnFiles}: that would drop the lock on it.
   *
   * @param file a regular file
   * @return what it is
   * @throws IOException if it cannot be read
   */
  public static FileKind of(Path file) throws IOException {
    ByteBuffer there = ByteBuffer.allocate(LONGEST);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (there.hasRemaining() && channel.read(there) >= 0) {
        // a read may return less than the file has
      }
    }
    byte[] bytes = Arrays.copyOf(there.array(), there.position());
    for (FileKind kind : values()) {
      int length = kind.begin.length;
      if (bytes.length >= length && Arrays.equals(bytes, 0, length, kind.begin, 0, length)) {
        return kind;
      }
    }
    return OTHER;
  }
}
