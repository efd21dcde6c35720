package org.pagewheel.tracedat;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pagewheel.format.PageFormat;

/**
 * Writes a trace.dat file.
 *
 * <pre>{@code
 * try (TraceFileWriter writer =
 *     TraceFileWriter.create(path, TraceVersion.V6, format, List.of(buffer))) {
 *   writer.write(0, cpu, page.memory(), 0); // once for each page, CPUs in any order
 *   writer.finish(metadata);
 * }
 * }</pre>
 *
 * <p>The file appears under its name when it is finished and complete, readable by its owner alone;
 * an existing file is replaced at that moment. If it is not finished, because of an error or
 * because the process ends, the existing file stays. While it is written the pages are in a file
 * without a name in the same directory, so that for a moment at the end they take twice their room.
 * Memory is taken for the metadata and 16 bytes for each run of pages of one CPU. For one thread.
 */
public final class TraceFileWriter implements Closeable {
  private final Path target;
  private final TraceVersion version;
  private final PageFormat format;
  private final List<TraceBuffer> buffers;

  /** The caller's buffers in the order of the file: the top one first, made up if necessary. */
  private final List<TraceBuffer> arranged;

  private final int[] firstStream;
  private final PageSpool spool;
  private final PageMemory memory = new PageMemory();
  private boolean finished;

  private TraceFileWriter(
      Path target, TraceVersion version, PageFormat format, List<TraceBuffer> buffers)
      throws IOException {
    this.target = target;
    this.version = version;
    this.format = format;
    this.buffers = List.copyOf(buffers);
    this.arranged = arrange();
    this.firstStream = new int[buffers.size()];
    int streams = 0;
    for (int i = 0; i < firstStream.length; i++) {
      firstStream[i] = streams;
      streams += buffers.get(i).cpus();
    }
    this.spool = new PageSpool(NewFile.nameless(target), streams);
  }

  /**
   * Refuses a name under which no file can be made, before the work for it is done: that of a
   * directory, a device, a ring's file, or one in a directory that does not exist.
   *
   * @param target the file to write
   * @throws IOException if so, with the reason
   */
  public static void checkTarget(Path target) throws IOException {
    NewFile.checkTarget(target);
  }

  /**
   * Begins a file.
   *
   * @param target its name
   * @param version 6 or 7
   * @param format how the pages are written; the page size is that of the top buffer
   * @param buffers the buffers of the pages to come; at most one without a name, the top buffer. In
   *     version 6 all must have the page size of {@code format}
   * @return a writer without pages
   * @throws IllegalArgumentException if a name occurs twice or a page size does not fit
   * @throws IOException if no file can be written there
   */
  public static TraceFileWriter create(
      Path target, TraceVersion version, PageFormat format, List<TraceBuffer> buffers)
      throws IOException {
    Set<String> names = new HashSet<>();
    for (TraceBuffer buffer : buffers) {
      if (!names.add(buffer.name())) {
        throw new IllegalArgumentException("two buffers are named '" + buffer.name() + "'");
      }
      boolean mustFit = version == TraceVersion.V6 || buffer.name().isEmpty();
      if (mustFit && buffer.pageSize() != format.pageSize()) {
        throw new IllegalArgumentException(
            "buffer '%s' has pages of %d bytes, the file of %d: only instances may, in version 7"
                .formatted(buffer.name(), buffer.pageSize(), format.pageSize()));
      }
    }
    return new TraceFileWriter(target, version, format, buffers);
  }

  /**
   * Copies a whole file: metadata and pages byte for byte, without empty pages.
   *
   * @param from the file to read
   * @param target the file to write
   * @param version the version to write
   * @throws TraceFormatException if the file to read is truncated or damaged; nothing is written
   *     then
   * @throws IOException if reading or writing fails; nothing is written then
   */
  public static void copy(TraceFile from, Path target, TraceVersion version) throws IOException {
    copy(from, target, version, from.metadata());
  }

  static void copy(TraceFile from, Path target, TraceVersion version, TraceMetadata metadata)
      throws IOException {
    List<TraceBuffer> buffers = from.buffers();
    try (TraceFileWriter writer = create(target, version, metadata.pageFormat(), buffers)) {
      for (int buffer = 0; buffer < buffers.size(); buffer++) {
        for (int cpu = 0; cpu < buffers.get(buffer).cpus(); cpu++) {
          PageStream pages = from.pages(buffer, cpu);
          for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
            writer.write(buffer, cpu, page, 0);
          }
        }
      }
      writer.finish(metadata);
    }
  }

  private List<TraceBuffer> arrange() {
    Stream<TraceBuffer> top = buffers.stream().filter(buffer -> buffer.name().isEmpty());
    if (version == TraceVersion.V6 && buffers.stream().noneMatch(b -> b.name().isEmpty())) {
      String clock = buffers.isEmpty() ? "" : buffers.getFirst().clock();
      top = Stream.of(new TraceBuffer("", clock, format.pageSize(), 0));
    }
    return Stream.concat(top, buffers.stream().filter(buffer -> !buffer.name().isEmpty())).toList();
  }

  /**
   * Writes the next page of a CPU.
   *
   * @param buffer the number of the buffer, as given to {@link #create}
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @param page the whole page; it may be used otherwise as soon as this returns
   * @param missed events lost before this page over and above those it tells of; 0 if none, −1 if
   *     their number is unknown
   * @throws IllegalArgumentException if the page has the wrong size
   * @throws IOException if the page cannot be written; the file cannot be finished then
   */
  public void write(int buffer, int cpu, MemorySegment page, long missed) throws IOException {
    TraceBuffer to = buffers.get(buffer);
    if (page.byteSize() != to.pageSize()) {
      throw new IllegalArgumentException(
          "a page of %d bytes in buffer '%s' of %d"
              .formatted(page.byteSize(), to.name(), to.pageSize()));
    }
    if (cpu < 0 || cpu >= to.cpus()) {
      throw new IllegalArgumentException(
          "buffer '%s' has CPUs 0 to %d, and not %d".formatted(to.name(), to.cpus() - 1, cpu));
    }
    spool.append(firstStream[buffer] + cpu, memory.bytes(page, format, missed));
  }

  /**
   * How many bytes of pages have been written.
   *
   * @param buffer the number of the buffer, as given to {@link #create}
   * @param cpu from 0 to {@link TraceBuffer#cpus} − 1
   * @return a multiple of the page size
   */
  public long size(int buffer, int cpu) {
    return spool.size(firstStream[buffer] + cpu);
  }

  /**
   * Finishes the file and gives it its name.
   *
   * @param metadata its content other than the pages, as known by now
   * @throws IllegalArgumentException if it describes the pages differently from the format given to
   *     {@link #create}
   * @throws IllegalStateException if the file is finished or closed
   * @throws IOException if the file cannot be finished; nothing is left of it then
   */
  public void finish(TraceMetadata metadata) throws IOException {
    if (finished) {
      throw new IllegalStateException("the file is finished or closed");
    }
    if (!metadata.pageFormat().equals(format)) {
      throw new IllegalArgumentException(
          "metadata for " + metadata.pageFormat() + ", but pages of " + format);
    }
    try (this;
        NewFile file = new NewFile(target)) {
      FileLayouter layout = new FileLayouter(version, metadata, arranged, this::sizeOf);
      FileChannel channel = file.channel();
      for (FileLayouter.Part part : layout.parts()) {
        PageSpool.writeFully(channel, ByteBuffer.wrap(part.bytes()), part.at());
      }
      for (int i = 0; i < arranged.size(); i++) {
        int source = buffers.indexOf(arranged.get(i));
        for (int cpu = 0; cpu < arranged.get(i).cpus(); cpu++) {
          channel.position(layout.offset(i, cpu));
          spool.copyTo(firstStream[source] + cpu, channel);
        }
      }
      file.finish();
    }
  }

  private long sizeOf(TraceBuffer buffer, int cpu) {
    return size(buffers.indexOf(buffer), cpu);
  }

  /** Abandons the file unless it is finished: nothing is left of it. */
  @Override
  public void close() throws IOException {
    finished = true;
    spool.close();
  }
}
