package org.pagewheel.tracedat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Encodes all of a file of version 7 but its pages. The options precede the pages, so that a
 * truncated file is recognised, and does not look like an empty one.
 *
 * <p>Sections follow each other without gaps, because tools walk over them to find the strings. The
 * header has the same size wherever the pages lie.
 */
final class V7Header {
  private final MetadataEncoder encoder;
  private final TraceMetadata metadata;
  private final List<TraceBuffer> buffers;

  /** The sections' names, by their places in the section of strings. */
  private final Map<Integer, Integer> nameAt = new TreeMap<>();

  private final ByteSink strings;

  V7Header(TraceMetadata metadata, List<TraceBuffer> buffers) {
    this.encoder = new MetadataEncoder(metadata);
    this.metadata = metadata;
    this.buffers = buffers;
    this.strings = encoder.sink();
    new TreeMap<>(FileLayout.SECTION_NAMES)
        .forEach(
            (id, name) -> {
              nameAt.put(id, strings.size());
              strings.word(name);
            });
  }

  /** Bytes of the header of a buffer's section. */
  static int bufferHeaderSize() {
    return FileLayout.SECTION_HEADER_SIZE;
  }

  /**
   * Everything before the first buffer's section.
   *
   * @param sectionAt where each buffer's section begins
   * @param offsets where the pages are, by buffer and CPU
   * @param sizes how many bytes they take, by buffer and CPU; CPUs with 0 are left out
   */
  byte[] encode(long[] sectionAt, long[][] offsets, long[][] sizes) {
    ByteSink out = encoder.start(TraceVersion.V7).word("none").word("");
    ByteSink sections = encoder.sink();
    int base = out.size() + Long.BYTES;
    List<long[]> pointers = new ArrayList<>();
    add(sections, base, pointers, FileLayout.HEADERS, encoder::headers);
    add(sections, base, pointers, FileLayout.FTRACE, encoder::ftrace);
    add(sections, base, pointers, FileLayout.EVENTS, encoder::events);
    add(sections, base, pointers, FileLayout.KALLSYMS, encoder::kallsyms);
    add(sections, base, pointers, FileLayout.PRINTK, encoder::printk);
    add(sections, base, pointers, FileLayout.COMMANDS, into -> encoder.commandLines(into, 0));
    for (TraceSection section : metadata.sections) {
      add(sections, base, pointers, section.id(), into -> into.raw(section.bytes()));
    }
    out.u64(base + sections.size()).raw(sections.toBytes());
    section(out, FileLayout.DONE, options(pointers, sectionAt, offsets, sizes));
    section(out, FileLayout.STRINGS, strings);
    return out.toBytes();
  }

  private void add(
      ByteSink sections, int base, List<long[]> pointers, int id, Consumer<ByteSink> encode) {
    ByteSink content = encoder.sink();
    encode.accept(content);
    pointers.add(new long[] {id, base + sections.size()});
    section(sections, id, content);
  }

  private void section(ByteSink out, int id, ByteSink content) {
    sectionHeader(out, id, content.size());
    out.raw(content.toBytes());
  }

  private void sectionHeader(ByteSink out, int id, long size) {
    out.u16(id).u16(0).u32(nameAt.getOrDefault(id, FileLayout.NO_STRING)).u64(size);
  }

  /**
   * The header of a buffer's section; its content is everything that follows, including padding.
   */
  byte[] bufferHeader(long size) {
    ByteSink out = encoder.sink();
    sectionHeader(out, FileLayout.BUFFER, size);
    return out.toBytes();
  }

  private ByteSink options(
      List<long[]> pointers, long[] sectionAt, long[][] offsets, long[][] sizes) {
    ByteSink out = encoder.sink();
    for (long[] pointer : pointers) {
      out.u16((int) pointer[0]).u32(Long.BYTES).u64(pointer[1]);
    }
    int cpus = buffers.stream().mapToInt(TraceBuffer::cpus).max().orElse(0);
    out.u16(FileLayout.CPU_COUNT).u32(Integer.BYTES).u32(Math.max(cpus, metadata.cpuCount));
    for (TraceOption option : metadata.options) {
      MetadataEncoder.option(out, option.id(), option.bytes());
    }
    for (int i = 0; i < buffers.size(); i++) {
      byte[] data = buffer(buffers.get(i), sectionAt[i], offsets[i], sizes[i]);
      MetadataEncoder.option(out, FileLayout.BUFFER, data);
    }
    return out.u16(FileLayout.DONE).u32(Long.BYTES).u64(0);
  }

  private byte[] buffer(TraceBuffer buffer, long sectionAt, long[] offsets, long[] sizes) {
    ByteSink cpus = encoder.sink();
    int count = 0;
    for (int cpu = 0; cpu < sizes.length; cpu++) {
      if (sizes[cpu] > 0) {
        cpus.u32(cpu).u64(offsets[cpu]).u64(sizes[cpu]);
        count++;
      }
    }
    return encoder
        .sink()
        .u64(sectionAt)
        .word(buffer.name())
        .word(buffer.clock())
        .u32(buffer.pageSize())
        .u32(count)
        .raw(cpus.toBytes())
        .toBytes();
  }
}
