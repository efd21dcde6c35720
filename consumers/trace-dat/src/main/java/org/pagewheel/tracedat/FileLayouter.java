package org.pagewheel.tracedat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongBiFunction;

/** Places everything in a new file, and encodes all but the pages. */
final class FileLayouter {
  /** Bytes and where they belong. */
  record Part(long at, byte[] bytes) {}

  private final List<TraceBuffer> buffers;
  private final long[][] offsets;
  private final long[][] sizes;
  private final List<Part> parts = new ArrayList<>();

  FileLayouter(
      TraceVersion version,
      TraceMetadata metadata,
      List<TraceBuffer> buffers,
      ToLongBiFunction<TraceBuffer, Integer> size) {
    this.buffers = buffers;
    this.offsets = new long[buffers.size()][];
    this.sizes = new long[buffers.size()][];
    for (int i = 0; i < buffers.size(); i++) {
      TraceBuffer buffer = buffers.get(i);
      offsets[i] = new long[buffer.cpus()];
      sizes[i] = new long[buffer.cpus()];
      for (int cpu = 0; cpu < buffer.cpus(); cpu++) {
        sizes[i][cpu] = size.applyAsLong(buffer, cpu);
      }
    }
    if (version == TraceVersion.V6) {
      layoutV6(new V6Header(metadata, buffers), metadata.pageFormat.pageSize());
    } else {
      layoutV7(new V7Header(metadata, buffers));
    }
  }

  private void layoutV6(V6Header header, int pageSize) {
    byte[] start = header.start();
    long end = start.length + header.rest(start.length, 0, offsets, sizes).length;
    for (int i = 0; i < buffers.size(); i++) {
      end = place(i, end);
    }
    parts.add(new Part(0, start));
    parts.add(new Part(start.length, header.rest(start.length, 0, offsets, sizes)));
    if (end % pageSize != 0) {
      // Without pages: some tools read a little beyond the table.
      parts.add(new Part(end, new byte[pageSize - (int) (end % pageSize)]));
    }
  }

  private void layoutV7(V7Header header) {
    long[] sectionAt = new long[buffers.size()];
    long end = header.encode(sectionAt, offsets, sizes).length;
    List<Part> sections = new ArrayList<>();
    for (int i = 0; i < buffers.size(); i++) {
      sectionAt[i] = end;
      long content = end + V7Header.bufferHeaderSize();
      end = place(i, content);
      sections.add(new Part(sectionAt[i], header.bufferHeader(end - content)));
    }
    parts.add(new Part(0, header.encode(sectionAt, offsets, sizes)));
    parts.addAll(sections);
  }

  /** Places the pages of a buffer at multiples of their size, so that tools can map them. */
  private long place(int buffer, long from) {
    long end = from;
    int pageSize = buffers.get(buffer).pageSize();
    for (int cpu = 0; cpu < offsets[buffer].length; cpu++) {
      if (sizes[buffer][cpu] > 0) {
        offsets[buffer][cpu] = Math.ceilDiv(end, pageSize) * pageSize;
        end = offsets[buffer][cpu] + sizes[buffer][cpu];
      }
    }
    return end;
  }

  List<Part> parts() {
    return parts;
  }

  long offset(int buffer, int cpu) {
    return offsets[buffer][cpu];
  }
}
