package org.pagewheel.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.pagewheel.Page;
import org.pagewheel.PageReader;

/**
 * Pages from the ring to a file, {@link #PAGES} at a time, written over again each time; and the
 * same bytes written without a ring.
 */
public class SpliceBenchmark {
  /** Pages that {@link ReadBenchmark.Filled} fills: 113 events of 36 bytes on each. */
  static final int PAGES = Math.ceilDiv(ReadBenchmark.EVENTS, 113);

  /** The file, and native memory for pages that lie on the heap, as a consumer would have it. */
  @State(Scope.Benchmark)
  public static class Target {
    private Path file;
    private FileChannel channel;
    private ByteBuffer copy;
    private MemorySegment copySegment;
    private Arena arena;

    @Setup(Level.Trial)
    public void open() throws IOException {
      file = Files.createTempFile("pagewheel-benchmark", ".raw");
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      arena = Arena.ofShared();
      copySegment = arena.allocate(BufferUnderTest.PAGE_SIZE, BufferUnderTest.PAGE_SIZE);
      copy = copySegment.asByteBuffer();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      channel.close();
      Files.delete(file);
      arena.close();
    }

    private void write(ByteBuffer page) throws IOException {
      while (page.hasRemaining()) {
        channel.write(page);
      }
    }
  }

  @Benchmark
  public int splice(ReadBenchmark.Filled filled, Target target) throws IOException {
    int count = 0;
    target.channel.position(0);
    try (PageReader pages = filled.buffer.readers().pages()) {
      for (Page page = pages.take(0, false); page != null; page = pages.take(0, false)) {
        if (page.memory().isNative()) {
          target.write(page.memory().asByteBuffer());
        } else {
          target.copySegment.copyFrom(page.memory());
          target.write(target.copy.clear());
        }
        page.release();
        count++;
      }
    }
    if (count < PAGES) {
      throw new IllegalStateException("only " + count + " pages, " + PAGES + " were written");
    }
    return count;
  }

  @Benchmark
  public int floor(Target target) throws IOException {
    target.channel.position(0);
    for (int i = 0; i < PAGES; i++) {
      target.write(target.copy.clear());
    }
    return PAGES;
  }
}
