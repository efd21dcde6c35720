package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.Page;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.EventAppender;
import org.pagewheel.tracedat.TraceBuffer;
import org.pagewheel.tracedat.TraceFileWriter;
import org.pagewheel.tracedat.TraceMetadata;
import org.pagewheel.tracedat.TraceMetadataBuilder;
import org.pagewheel.tracedat.TraceOption;
import org.pagewheel.tracedat.TraceVersion;

/**
 * Writes snapshots of buffers to one file. Takes as much memory as the ring of one CPU, or, for
 * pictures of one moment, as all of them.
 *
 * <p>A file has one page size for each buffer, and version 6 one for all. A buffer whose page size
 * was changed may hold pages of both: the smaller are padded with zeros, for a page itself says how
 * much of it is used.
 */
public final class Saver {
  private final Path file;
  private final List<Buffer> buffers;

  private final FileClocks clocks;

  /** Per buffer, the size of its pages in the file. */
  private final int[] pageSizes;

  /** Per buffer, the pages of each CPU to write; null if they are copied while writing. */
  private final List<List<List<Page>>> taken;

  private long events;

  private Saver(Path file, List<Buffer> buffers, List<List<List<Page>>> taken) {
    this.taken = taken;
    this.file = file;
    this.buffers = buffers;
    this.clocks = new FileClocks(buffers);
    this.pageSizes = buffers.stream().mapToInt(buffer -> buffer.readers().pageSize()).toArray();
  }

  /** Saves; the first buffer is the file's top one. */
  public static long save(Path file, List<Buffer> buffers) throws IOException {
    return save(file, buffers, List.of());
  }

  /** The same with buffers after them that have been closed since their pictures were taken. */
  static long save(Path file, List<Buffer> buffers, List<Picture> closed) throws IOException {
    List<Buffer> all = new ArrayList<>(buffers);
    List<List<List<Page>>> taken = new ArrayList<>(Collections.nCopies(buffers.size(), null));
    for (Picture each : closed) {
      all.addAll(each.buffers());
      taken.addAll(each.pages());
    }
    return save(new Saver(file, all, taken));
  }

  /** The same for an existing picture. */
  public static long save(Path file, Picture picture) throws IOException {
    return save(new Saver(file, picture.buffers(), picture.pages()));
  }

  private static long save(Saver saver) throws IOException {
    while (!saver.write()) {
      // a buffer has just got a ring with larger pages
    }
    return saver.events;
  }

  private List<Page> pages(int part, int cpu) {
    List<List<Page>> held = taken.get(part);
    return held == null ? buffers.get(part).readers().snapshot(cpu) : held.get(cpu);
  }

  private boolean write() throws IOException {
    events = 0;
    boolean oneSize = java.util.Arrays.stream(pageSizes).distinct().count() == 1;
    TraceVersion version = oneSize ? TraceVersion.V6 : TraceVersion.V7;
    PageFormat format = PageFormat.of(pageSizes[0]);
    try (TraceFileWriter writer = TraceFileWriter.create(file, version, format, parts())) {
      for (int i = 0; i < buffers.size(); i++) {
        for (int cpu = 0; cpu < buffers.get(i).readers().cpus(); cpu++) {
          if (!write(writer, i, cpu)) {
            return false;
          }
        }
      }
      writer.finish(metadata(format));
      return true;
    }
  }

  private List<TraceBuffer> parts() {
    List<TraceBuffer> parts = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      Buffer buffer = buffers.get(i);
      String name = i == 0 ? "" : buffer.name();
      parts.add(new TraceBuffer(name, clocks.name(i), pageSizes[i], buffer.readers().cpus()));
    }
    return parts;
  }

  /** Whether the pages of a CPU fit. */
  private boolean write(TraceFileWriter writer, int part, int cpu) throws IOException {
    PageFormat format = PageFormat.of(pageSizes[part]);
    PageCursor cursor = new PageCursor(format);
    EventAppender others = new EventAppender(writer, part, cpu, format);
    for (Page page : pages(part, cpu)) {
      MemorySegment memory = page.memory();
      int size = (int) memory.byteSize();
      if (size > pageSizes[part]) {
        pageSizes[part] = size;
        return false;
      }
      events += count(memory, size);
      MemorySegment filledUp = filledUp(memory, pageSizes[part]);
      if (clocks.areOthers(part)) {
        clocks.append(part, cursor, filledUp, others);
      } else {
        writer.write(part, cpu, filledUp, 0);
      }
    }
    others.flush();
    return true;
  }

  private static int count(MemorySegment memory, int size) throws IOException {
    try {
      return new PageCursor(PageFormat.of(size)).count(memory);
    } catch (DamagedPageException e) {
      throw new IOException("the ring is damaged: " + e.getMessage(), e);
    }
  }

  private static MemorySegment filledUp(MemorySegment memory, int size) {
    if (memory.byteSize() == size) {
      return memory;
    }
    MemorySegment larger = MemorySegment.ofArray(new long[size / Long.BYTES]);
    return larger.copyFrom(memory);
  }

  private TraceMetadata metadata(PageFormat format) {
    Buffer top = buffers.getFirst();
    TraceMetadataBuilder builder =
        TraceMetadata.builder(format)
            .add(Metadata.process())
            .cpuCount(buffers.stream().mapToInt(b -> b.readers().cpus()).max().orElseThrow())
            .option(TraceOption.uname())
            .option(TraceOption.version());
    clocks.add(builder);
    for (Buffer buffer : buffers) {
      String name = buffer == top ? "" : buffer.name();
      Clock now = buffer.config().clock();
      for (int cpu = 0; cpu < buffer.readers().cpus(); cpu++) {
        builder.option(TraceOption.cpuStat(name, cpu, buffer.counters(cpu), now));
      }
    }
    return builder.build();
  }
}
