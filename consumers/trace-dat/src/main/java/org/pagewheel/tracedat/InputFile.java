package org.pagewheel.tracedat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.pagewheel.spi.OwnFiles;

/**
 * A file that is read at given places, by any number of threads. Everything kept in memory is
 * charged to one budget, so that no forged length causes a huge allocation.
 */
final class InputFile implements Closeable {
  /** Bytes that a file's metadata may take; symbols and formats of a large kernel take 20 MiB. */
  private static final long BUDGET = 128L << 20;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private long budget = BUDGET;

  /** Opens a regular file only: a FIFO would block for ever. */
  InputFile(Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new IOException(path + " is not a regular file");
    }
    if (Files.exists(path) && OwnFiles.contains(path)) {
      throw new IOException(path + " is the file of a ring that this process writes, not a trace");
    }
    this.path = path;
    this.channel = FileChannel.open(path, StandardOpenOption.READ);
    this.size = channel.size();
  }

  Path path() {
    return path;
  }

  long size() {
    return size;
  }

  /** Fills the buffer from the place of {@code what}. */
  void read(long at, ByteBuffer into, String what) throws IOException {
    long from = at;
    while (into.hasRemaining()) {
      int count = channel.read(into, from);
      if (count < 0) {
        throw bad(from, "the file ends within " + what);
      }
      from += count;
    }
  }

  /** Takes memory for metadata out of the budget. */
  void spend(long bytes, long at, String what) throws TraceFormatException {
    budget -= bytes;
    if (budget < 0) {
      throw bad(
          at, what + " of " + bytes + " bytes: more than " + BUDGET + " bytes beside the pages");
    }
  }

  TraceFormatException bad(long offset, String problem) {
    return new TraceFormatException(path, offset, problem);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
