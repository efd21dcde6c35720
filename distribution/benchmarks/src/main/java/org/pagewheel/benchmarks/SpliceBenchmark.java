package org.pagewheel.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.pagewheel.Page;
import org.pagewheel.PageReader;
import org.pagewheel.spi.BatchConsumer;
import org.pagewheel.spi.PageConsumer;

/**
 * Pages from the ring to files by the splice consumer, {@link #PAGES} at a time; and the same bytes
 * by {@link FileChannel#write} from memory, page by page and some together. All begin a new file
 * after {@link #FILE_SIZE} bytes and keep two.
 */
public class SpliceBenchmark {
  /** Pages that {@link ReadBenchmark.Filled} fills: 113 events of 36 bytes on each. */
  static final int PAGES = Math.ceilDiv(ReadBenchmark.EVENTS, 113);

  private static final long FILE_SIZE = 64 << 20;

  /** How many of a CPU's pages a consumer is given at once at most: half of a ring's 8 spares. */
  private static final int HELD = 4;

  /** A directory that is deleted with what is in it. */
  @State(Scope.Benchmark)
  public static class Directory {
    Path path;

    @Setup(Level.Trial)
    public void create() throws IOException {
      path = Files.createTempDirectory("pagewheel-benchmark");
    }

    @TearDown(Level.Trial)
    public void delete() throws IOException {
      try (var files = Files.list(path)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(path);
    }
  }

  /** The consumer. */
  @State(Scope.Benchmark)
  public static class Spliced {
    private PageConsumer consumer;

    @Setup(Level.Trial)
    public void open(ReadBenchmark.Filled filled, Directory directory) throws IOException {
      Map<String, String> settings =
          Map.of("dir", directory.path.toString(), "max-size", "64 MiB", "max-files", "2");
      consumer = Given.open("splice", filled.buffer, settings);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      consumer.close();
    }
  }

  /** Files without a format, from a page of native memory. */
  @State(Scope.Benchmark)
  public static class Plain {
    private final Arena arena = Arena.ofShared();
    private final ByteBuffer page = page();
    private final ByteBuffer[] pages =
        Stream.generate(this::page).limit(HELD).toArray(ByteBuffer[]::new);
    private Path directory;
    private FileChannel channel;
    private int number;

    private ByteBuffer page() {
      return arena.allocate(BufferUnderTest.PAGE_SIZE, BufferUnderTest.PAGE_SIZE).asByteBuffer();
    }

    @Setup(Level.Trial)
    public void open(Directory in) throws IOException {
      directory = in.path;
      next();
    }

    private Path file(int which) {
      return directory.resolve(which + ".raw");
    }

    private void next() throws IOException {
      if (channel != null) {
        channel.close();
      }
      Files.deleteIfExists(file(number - 2));
      channel =
          FileChannel.open(file(number++), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private void write() throws IOException {
      if (channel.position() >= FILE_SIZE) {
        next();
      }
      page.clear();
      while (page.hasRemaining()) {
        channel.write(page);
      }
    }

    private void writeTogether(int count) throws IOException {
      if (channel.position() >= FILE_SIZE) {
        next();
      }
      for (int i = 0; i < count; i++) {
        pages[i].clear();
      }
      while (pages[count - 1].hasRemaining()) {
        channel.write(pages, 0, count);
      }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      channel.close();
      arena.close();
    }
  }

  @Benchmark
  public int splice(ReadBenchmark.Filled filled, Spliced spliced) throws IOException {
    return pass(filled, (BatchConsumer) spliced.consumer);
  }

  /** All that is in the ring to a consumer, one by one; returns how many pages that were. */
  static int pass(ReadBenchmark.Filled filled, PageConsumer consumer) throws IOException {
    int count = 0;
    try (PageReader pages = filled.buffer.readers().pages()) {
      for (Page page = pages.take(0, false); page != null; page = pages.take(0, false)) {
        consumer.accept(page, 0);
        page.release();
        count++;
      }
    }
    return checked(count);
  }

  /** The same as a pump does it: some are held at once. */
  private static int pass(ReadBenchmark.Filled filled, BatchConsumer consumer) throws IOException {
    int count = 0;
    List<Page> held = new ArrayList<>(HELD);
    try (PageReader pages = filled.buffer.readers().pages()) {
      while (take(pages, held)) {
        int taken = consumer.accept(held, 0);
        held.subList(0, taken).forEach(Page::release);
        held.subList(0, taken).clear();
        count += taken;
      }
    }
    return checked(count);
  }

  /** Fills up what is held; false if there is nothing. */
  private static boolean take(PageReader pages, List<Page> held) {
    Page page = held.size() < HELD ? pages.take(0, false) : null;
    while (page != null) {
      held.add(page);
      page = held.size() < HELD ? pages.take(0, false) : null;
    }
    return !held.isEmpty();
  }

  private static int checked(int count) {
    if (count < PAGES) {
      throw new IllegalStateException("only " + count + " pages, " + PAGES + " were written");
    }
    return count;
  }

  @Benchmark
  public int floor(Plain plain) throws IOException {
    for (int i = 0; i < PAGES; i++) {
      plain.write();
    }
    return PAGES;
  }

  @Benchmark
  public int floorTogether(Plain plain) throws IOException {
    for (int left = PAGES; left > 0; left -= HELD) {
      plain.writeTogether(Math.min(HELD, left));
    }
    return PAGES;
  }
}
