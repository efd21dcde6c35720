package org.pagewheel.tracedat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Keeps pages in the order they come in until the file's header is known, and returns them by
 * stream. Uses a file without a name: nothing is left of it, however the process ends. Takes 16
 * bytes of memory for a run of pages of one stream.
 */
final class PageSpool implements Closeable {
  private final FileChannel file;
  private final long[][] runs;
  private final int[] runLengths;
  private final long[] sizes;
  private long end;

  /** Takes over an empty file. */
  PageSpool(FileChannel file, int streams) {
    this.file = file;
    this.runs = new long[streams][];
    this.runLengths = new int[streams];
    this.sizes = new long[streams];
  }

  /** Bytes of a stream. */
  long size(int stream) {
    return sizes[stream];
  }

  void append(int stream, ByteBuffer page) throws IOException {
    int size = page.remaining();
    writeFully(file, page, end);
    int used = runLengths[stream];
    if (used > 0 && runs[stream][used - 2] + runs[stream][used - 1] == end) {
      runs[stream][used - 1] += size;
    } else {
      if (runs[stream] == null || used == runs[stream].length) {
        runs[stream] = used == 0 ? new long[2] : Arrays.copyOf(runs[stream], 2 * used);
      }
      runs[stream][used] = end;
      runs[stream][used + 1] = size;
      runLengths[stream] = used + 2;
    }
    sizes[stream] += size;
    end += size;
  }

  /** Writes a stream to where another file is positioned. */
  void copyTo(int stream, FileChannel into) throws IOException {
    for (int i = 0; i < runLengths[stream]; i += 2) {
      long from = runs[stream][i];
      long left = runs[stream][i + 1];
      while (left > 0) {
        long count = file.transferTo(from, left, into);
        if (count <= 0) {
          throw new IOException("the file of pages ended too early");
        }
        from += count;
        left -= count;
      }
    }
  }

  static void writeFully(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += file.write(bytes, to);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
