package org.pagewheel.tracedat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.pagewheel.format.PageFormat;
import org.pagewheel.tracedat.FileContent.BufferContent;
import org.pagewheel.tracedat.FileContent.Region;

/** Reads a file of version 7, from after the page size. */
final class V7Reader {
  private static final int MAX_NAME = 4096;

  /** Of options, each pointing to the next; a file has a few. */
  private static final int MAX_SECTIONS = 1 << 12;

  /** A CPU in the option BUFFER: number, offset, size. */
  private static final int CPU_ENTRY_SIZE = 4 + 8 + 8;

  private record SectionHeader(int id, boolean packed, long size) {}

  private final InputFile file;
  private final ByteOrder order;
  private final TraceMetadataBuilder metadata;
  private final FileContent content;

  /** Of several pointers to the same kind of section the last one counts. */
  private final Map<Integer, Long> pointers = new TreeMap<>();

  /** Buffers by the place of their option; their names must be known before the pages. */
  private final Map<Long, byte[]> buffers = new LinkedHashMap<>();

  private Unpacker unpacker;

  V7Reader(InputFile file, TraceMetadataBuilder metadata, FileContent content) {
    this.file = file;
    this.order = metadata.pageFormat.order();
    this.metadata = metadata;
    this.content = content;
  }

  /** Reads the file, and says how its compressed parts are unpacked. */
  Unpacker read(ByteCursor in) throws IOException {
    String algorithm = in.string(MAX_NAME, "the compressor's name");
    in.string(MAX_NAME, "the compressor's version");
    unpacker = new Unpacker(file, algorithm);
    long options = in.i64("the place of the options");
    content.take(0, in.position(), "the file's beginning");
    Set<Long> seen = new HashSet<>();
    long from = in.position() - Long.BYTES;
    do {
      if (!seen.add(options)) {
        throw file.bad(from, "options at " + options + " form a circle");
      }
      if (seen.size() > MAX_SECTIONS) {
        throw file.bad(from, "there are more than " + MAX_SECTIONS + " sections of options");
      }
      from = options;
      options = options(options);
    } while (options != 0);
    metadata();
    unpointed(in.position());
    for (Map.Entry<Long, byte[]> buffer : buffers.entrySet()) {
      buffer(buffer.getKey(), ByteCursor.ofBytes(file, order, buffer.getKey(), buffer.getValue()));
    }
    return unpacker;
  }

  private SectionHeader header(long at, int id, String what) throws IOException {
    if (at < 0 || at > file.size() - FileLayout.SECTION_HEADER_SIZE) {
      throw file.bad(
          at,
          "no room for %s there: the file has %d bytes and ends too early or points too far"
              .formatted(what, file.size()));
    }
    ByteCursor in = ByteCursor.ofFile(file, order, at, at + FileLayout.SECTION_HEADER_SIZE);
    int found = in.u16("a section's number");
    boolean packed = (in.u16("a section's flags") & FileLayout.SECTION_COMPRESSED) != 0;
    in.u32("a section's name");
    long size = in.i64("a section's size");
    if (found != id) {
      throw file.bad(at, "section " + found + " lies where " + what + " (" + id + ") should");
    }
    return new SectionHeader(found, packed, size);
  }

  /** The plain content of a section. */
  private ByteCursor section(long at, int id, String what) throws IOException {
    SectionHeader header = header(at, id, what);
    long from = at + FileLayout.SECTION_HEADER_SIZE;
    if (header.size() < 0 || header.size() > file.size() - from) {
      throw file.bad(
          at,
          "%s of %s bytes reaches beyond the file's end at %d"
              .formatted(what, Long.toUnsignedString(header.size()), file.size()));
    }
    content.take(at, from + header.size(), what);
    ByteCursor in = ByteCursor.ofFile(file, order, from, from + header.size());
    return header.packed() ? unpacker.section(in, order, at, what) : in;
  }

  private long options(long at) throws IOException {
    ByteCursor in = section(at, FileLayout.DONE, "options");
    while (in.remaining() > 0) {
      long place = in.position();
      int id = in.u16("an option");
      byte[] data = in.bytes(in.u32("an option's size"), "option " + id);
      ByteCursor inside = ByteCursor.ofBytes(file, order, place, data);
      switch (id) {
        case FileLayout.DONE -> {
          return data.length < Long.BYTES ? 0 : inside.i64("the place of more options");
        }
        case FileLayout.BUFFER -> buffers.put(place, data);
        case FileLayout.CPU_COUNT -> {
          int count = FileLayout.cpuCount(data, order);
          if (count >= 0) {
            metadata.cpuCount(count);
          } else {
            metadata.option(new TraceOption(id, data));
          }
        }
        case FileLayout.HEADERS,
            FileLayout.FTRACE,
            FileLayout.EVENTS,
            FileLayout.KALLSYMS,
            FileLayout.PRINTK,
            FileLayout.COMMANDS ->
            pointers.put(id, inside.i64("the place of a section"));
        default -> {
          if (!isPointer(id, data)) {
            metadata.option(new TraceOption(id, data));
          }
        }
      }
    }
    return 0;
  }

  /**
   * Newer options point to sections of their own: 8 bytes, the place of a section with the option's
   * number.
   */
  private boolean isPointer(int id, byte[] data) throws IOException {
    if (id <= FileLayout.COMMANDS || data.length != Long.BYTES) {
      return false;
    }
    long at = ByteCursor.ofBytes(file, order, 0, data).i64("a place");
    if (at < 0 || at > file.size() - FileLayout.SECTION_HEADER_SIZE) {
      return false;
    }
    if (ByteCursor.ofFile(file, order, at, file.size()).u16("a section's number") != id) {
      return false;
    }
    pointers.put(id, at);
    return true;
  }

  private void metadata() throws IOException {
    if (!pointers.containsKey(FileLayout.HEADERS) || !pointers.containsKey(FileLayout.EVENTS)) {
      throw file.bad(file.size(), "no options lead to the headers and the event formats");
    }
    MetadataReader reader = new MetadataReader(metadata);
    for (Map.Entry<Integer, Long> pointer : pointers.entrySet()) {
      int id = pointer.getKey();
      String what = FileLayout.SECTION_NAMES.getOrDefault(id, "section " + id);
      ByteCursor in = section(pointer.getValue(), id, "the section of " + what);
      switch (id) {
        case FileLayout.HEADERS -> reader.headers(in);
        case FileLayout.FTRACE -> reader.ftrace(in);
        case FileLayout.EVENTS -> reader.events(in);
        case FileLayout.KALLSYMS -> reader.kallsyms(in);
        case FileLayout.PRINTK -> reader.printk(in);
        case FileLayout.COMMANDS -> reader.commandLines(in);
        default -> metadata.sections.add(new TraceSection(id, in.bytes(in.remaining(), what)));
      }
    }
  }

  /**
   * Sections that nothing points to, found by walking over all of them for as long as that works.
   */
  private void unpointed(long first) throws IOException {
    long at = first;
    while (at >= 0 && at <= file.size() - FileLayout.SECTION_HEADER_SIZE) {
      ByteCursor in = ByteCursor.ofFile(file, order, at, at + FileLayout.SECTION_HEADER_SIZE);
      int id = in.u16("a section's number");
      in.skip(Short.BYTES + Integer.BYTES, "a section's flags and name");
      long size = in.i64("a section's size");
      long next = at + FileLayout.SECTION_HEADER_SIZE + size;
      if (size <= 0 || next > file.size()) {
        return; // the necessary ones have been found by their pointers
      }
      if (!FileLayout.SECTION_NAMES.containsKey(id) && !pointers.containsValue(at)) {
        ByteCursor inside = section(at, id, "section " + id);
        metadata.sections.add(new TraceSection(id, inside.bytes(inside.remaining(), "section")));
      }
      at = next;
    }
  }

  private void buffer(long place, ByteCursor in) throws IOException {
    long sectionAt = in.i64("the place of a buffer");
    String name = in.string(MAX_NAME, "the name of a buffer");
    String clock = in.string(MAX_NAME, "the clock of a buffer");
    int pageSize = pageSize(in, in.u32("the page size of a buffer"), name);
    int listed = in.count(CPU_ENTRY_SIZE, TraceBuffer.MAX_CPUS, "CPUs of a buffer");
    Map<Integer, Region> regions = new TreeMap<>();
    int cpus = metadata.cpuCount;
    boolean packed = listed > 0 && header(sectionAt, FileLayout.BUFFER, "a buffer").packed();
    for (int i = 0; i < listed; i++) {
      long cpu = in.u32("a CPU's number");
      long offset = in.i64("the place of a CPU's data");
      long size = in.i64("the size of a CPU's data");
      if (cpu >= TraceBuffer.MAX_CPUS || regions.containsKey((int) cpu)) {
        throw in.bad("CPU " + cpu + " is out of range or given twice in buffer '" + name + "'");
      }
      cpus = Math.max(cpus, (int) cpu + 1);
      Region region = content.region(name, (int) cpu, place, offset, size, packed);
      if (region != null) {
        regions.put((int) cpu, region);
      }
    }
    Region[] byCpu = content.regions(cpus, place);
    regions.forEach((cpu, region) -> byCpu[cpu] = region);
    content.buffers.add(new BufferContent(new TraceBuffer(name, clock, pageSize, cpus), byCpu));
  }

  /** Tools use the file's page size for the top buffer, and so must we. */
  private int pageSize(ByteCursor in, long size, String name) throws TraceFormatException {
    int own = metadata.pageFormat.pageSize();
    if (name.isEmpty() && size != own) {
      content.warnings.add("the top buffer's page size " + size + " is not the file's " + own);
      return own;
    }
    try {
      PageFormat format = metadata.pageFormat;
      return new PageFormat(order, format.longSize(), Math.toIntExact(size)).pageSize();
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw in.bad("buffer '" + name + "': " + e.getMessage());
    }
  }
}
