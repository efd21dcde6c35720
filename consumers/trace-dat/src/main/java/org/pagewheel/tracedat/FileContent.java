package org.pagewheel.tracedat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a reader found in a file; the pages themselves stay in the file. */
final class FileContent {
  /** The pages of one CPU: where they are, and whether they are compressed. */
  record Region(long offset, long size, boolean packed) {}

  /** A buffer and its regions by CPU; null where a CPU has none. */
  record BufferContent(TraceBuffer buffer, Region[] regions) {}

  /** A part of the file with a known use, which nothing else can overlap. */
  private record Taken(long from, long to, String what) {}

  /** The approximate memory cost of a region. */
  private static final int REGION_COST = 64;

  private static final int MAX_BUFFERS = 4096;

  private final InputFile file;
  private final List<Taken> taken = new ArrayList<>();
  final List<BufferContent> buffers = new ArrayList<>();
  final List<String> warnings = new ArrayList<>();

  FileContent(InputFile file) {
    this.file = file;
  }

  void take(long from, long to, String what) {
    taken.add(new Taken(from, to, what));
  }

  /** Allocates the regions of a buffer, before they are read. */
  Region[] regions(int cpus, long at) throws TraceFormatException {
    if (buffers.size() >= MAX_BUFFERS) {
      throw file.bad(at, "more than " + MAX_BUFFERS + " buffers");
    }
    file.spend((long) cpus * REGION_COST, at, "a table of " + cpus + " CPUs");
    return new Region[cpus];
  }

  /** A region as the file gives it, or null if it is empty. */
  Region region(String buffer, int cpu, long at, long offset, long size, boolean packed)
      throws TraceFormatException {
    if (size == 0) {
      return null;
    }
    String what = describe(buffer, cpu);
    if (offset < 0 || size < 0 || offset + size < 0) {
      throw file.bad(
          at,
          "%s cannot lie at %s with %s bytes"
              .formatted(what, Long.toUnsignedString(offset), Long.toUnsignedString(size)));
    }
    if (offset + size > file.size()) {
      warnings.add(
          "%s should end at %d, but the file ends at %d"
              .formatted(what, offset + size, file.size()));
    }
    take(offset, offset + size, what);
    return new Region(offset, size, packed);
  }

  static String describe(String buffer, int cpu) {
    return "the data of CPU " + cpu + (buffer.isEmpty() ? "" : " of buffer " + buffer);
  }

  /** Events must not be read twice, nor metadata read as events. */
  void checkOverlap() throws TraceFormatException {
    taken.sort(Comparator.comparingLong(Taken::from).thenComparingLong(Taken::to));
    for (int i = 1; i < taken.size(); i++) {
      Taken before = taken.get(i - 1);
      Taken next = taken.get(i);
      if (next.from() < before.to()) {
        throw file.bad(next.from(), next.what() + " overlaps " + before.what());
      }
    }
  }
}
