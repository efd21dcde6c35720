package org.pagewheel.tracedat;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks the compressed parts of a file of version 7. zstd needs a library that may be missing;
 * only opening such a file shows it.
 */
final class Unpacker {
  private static final String ZSTD = "zstd";
  private static final String ZLIB = "zlib";

  /** trace-cmd packs ten pages at a time, and metadata as a whole. */
  private static final long MAX_PLAIN = 64L << 20;

  private final InputFile file;
  private final String algorithm;

  Unpacker(InputFile file, String algorithm) {
    this.file = file;
    this.algorithm = algorithm;
  }

  /** The plain content of the compressed section at the cursor. */
  ByteCursor section(ByteCursor in, ByteOrder order, long at, String what) throws IOException {
    long packedSize = in.u32("a packed size");
    long plainSize = in.u32("a plain size");
    byte[] packed = in.bytes(packedSize, what);
    checkPlain(plainSize, at);
    file.spend(plainSize, at, what);
    return ByteCursor.ofBytes(file, order, at, unpack(packed, plainSize, at));
  }

  private void checkPlain(long plainSize, long at) throws TraceFormatException {
    if (plainSize > MAX_PLAIN) {
      throw file.bad(
          at, plainSize + " bytes when unpacked are more than " + MAX_PLAIN + " in one piece");
    }
  }

  /** Unpacks the bytes at an offset of the file; the memory is not charged to the file's budget. */
  byte[] unpack(byte[] packed, long plainSize, long at) throws IOException {
    checkPlain(plainSize, at);
    if (packed.length == 0) {
      throw file.bad(at, "nothing to unpack " + plainSize + " bytes from");
    }
    return switch (algorithm) {
      case ZSTD -> zstd(packed, (int) plainSize, at);
      case ZLIB -> zlib(packed, (int) plainSize, at);
      default ->
          throw file.bad(at, "compressed with '" + algorithm + "': only zstd and zlib are known");
    };
  }

  private byte[] zstd(byte[] packed, int plainSize, long at) throws IOException {
    try {
      return Zstandard.unpack(packed, plainSize);
    } catch (DataFormatException e) {
      throw file.bad(at, "not unpacked by zstd: " + e.getMessage());
    } catch (LinkageError e) {
      throw file.bad(
          at, "compressed with zstd: to read it, install zstd-jni (com.github.luben) as well");
    }
  }

  private byte[] zlib(byte[] packed, int plainSize, long at) throws IOException {
    byte[] plain = new byte[plainSize];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(packed);
      if (inflater.inflate(plain) == plainSize) {
        return plain;
      }
      throw file.bad(at, "less than " + plainSize + " bytes when unpacked by zlib");
    } catch (DataFormatException e) {
      throw file.bad(at, "not unpacked by zlib: " + e.getMessage());
    }
  }

  /** Everything that touches the library, so that the outer class loads without it. */
  private static final class Zstandard {
    static byte[] unpack(byte[] packed, int plainSize) throws DataFormatException {
      try {
        long announced = Zstd.getFrameContentSize(packed);
        if (announced > 0 && announced != plainSize) {
          throw new DataFormatException("holds " + announced + " bytes, not " + plainSize);
        }
        byte[] plain = new byte[plainSize];
        long found = Zstd.decompressByteArray(plain, 0, plainSize, packed, 0, packed.length);
        if (Zstd.isError(found)) {
          throw new DataFormatException(Zstd.getErrorName(found));
        }
        if (found != plainSize) {
          throw new DataFormatException("holds " + found + " bytes, not " + plainSize);
        }
        return plain;
      } catch (ZstdException e) {
        DataFormatException bad = new DataFormatException(e.getMessage());
        bad.initCause(e);
        throw bad;
      }
    }
  }
}
