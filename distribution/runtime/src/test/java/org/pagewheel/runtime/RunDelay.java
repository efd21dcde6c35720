package org.pagewheel.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How long the calling thread was ready but not run, as the kernel's scheduler tells it: the second
 * number of {@code schedstat}. For the thread that made it.
 */
final class RunDelay implements AutoCloseable {
  private static final int SIZE = 100;

  private final FileChannel channel;
  private final ByteBuffer text = ByteBuffer.allocateDirect(SIZE);
  private long last;

  RunDelay() throws IOException {
    Path file = Path.of("/proc/thread-self/schedstat");
    channel = FileChannel.open(file.toRealPath(), StandardOpenOption.READ);
  }

  void begin() throws IOException {
    last = read();
  }

  /** Nanoseconds since this or {@link #begin} was called last. */
  long since() throws IOException {
    long now = read();
    long since = now - last;
    last = now;
    return since;
  }

  private long read() throws IOException {
    text.clear();
    int length = channel.read(text, 0);
    int at = 0;
    while (at < length && text.get(at) != ' ') {
      at++;
    }
    long number = 0;
    for (at++; at < length && text.get(at) != ' '; at++) {
      number = number * 10 + text.get(at) - '0';
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
