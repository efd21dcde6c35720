package org.pagewheel.tracedat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Encodes all of a file of version 6 but its pages. The header's size does not depend on where the
 * pages are, so it is known first.
 *
 * <p>All buffers get the same number of CPUs, and the first one is the top buffer: this is how the
 * tools read such a file.
 */
final class V6Header {
  private static final Predicate<String> SHOWN_AS_SECONDS =
      Pattern.compile("local|global|uptime|perf|mono.*|tai").asMatchPredicate();

  private final MetadataEncoder encoder;
  private final TraceMetadata metadata;
  private final List<TraceBuffer> buffers;
  private final int cpus;

  V6Header(TraceMetadata metadata, List<TraceBuffer> buffers) {
    this.encoder = new MetadataEncoder(metadata);
    this.cpus = buffers.stream().mapToInt(TraceBuffer::cpus).max().orElse(0);
    this.metadata = withClock(metadata, buffers);
    this.buffers = buffers;
  }

  /**
   * With the option that promises a clock's name after each table, if a clock is known. With this
   * option tools show the times of some clocks as bare numbers, so for those it is not made up: a
   * copy must say the same.
   */
  private static TraceMetadata withClock(TraceMetadata metadata, List<TraceBuffer> buffers) {
    Optional<String> clock =
        buffers.stream().map(TraceBuffer::clock).filter(SHOWN_AS_SECONDS).findFirst();
    if (clock.isEmpty() || metadata.clock().isPresent()) {
      return metadata;
    }
    return metadata.toBuilder().option(TraceOption.clock(clock.get())).build();
  }

  /** Up to and with the description of the record. */
  byte[] start() {
    ByteSink out = encoder.start(TraceVersion.V6);
    encoder.headers(out);
    return out.toBytes();
  }

  /** Up to and with the thread names. */
  byte[] untilThreadNames() {
    ByteSink out = new MetadataEncoder(metadata).sink().raw(start());
    names(out, 0);
    return out.toBytes();
  }

  private void names(ByteSink out, int spare) {
    encoder.ftrace(out);
    encoder.events(out);
    encoder.kallsyms(out);
    encoder.printk(out);
    encoder.commandLines(out, spare);
  }

  /**
   * Everything between the description of the record and the pages.
   *
   * @param at where in the file it will begin
   * @param spare bytes to keep free for more thread names
   * @param offsets where the pages are, by buffer and CPU
   * @param sizes how many bytes they take, by buffer and CPU; 0 for none
   */
  byte[] rest(long at, int spare, long[][] offsets, long[][] sizes) {
    ByteSink out = encoder.sink();
    names(out, spare);
    out.u32(cpus).word(FileLayout.TAG_OPTIONS);
    long table = at + out.size() + optionsSize() + tableSize(0);
    for (TraceOption option : metadata.options) {
      MetadataEncoder.option(out, option.id(), option.bytes());
    }
    for (int buffer = 1; buffer < buffers.size(); buffer++) {
      byte[] name = FileLayout.terminated(buffers.get(buffer).name());
      out.u16(FileLayout.BUFFER).u32(Long.BYTES + name.length).u64(table).raw(name);
      table += tableSize(buffer);
    }
    out.u16(FileLayout.DONE);
    for (int buffer = 0; buffer < buffers.size(); buffer++) {
      table(out, buffer, offsets[buffer], sizes[buffer]);
    }
    return out.toBytes();
  }

  /** Bytes of the options after their tag. */
  private int optionsSize() {
    int size = Short.BYTES;
    for (TraceOption option : metadata.options) {
      size += FileLayout.OPTION_HEADER_SIZE + option.bytes().length;
    }
    for (TraceBuffer buffer : buffers.subList(1, buffers.size())) {
      size += FileLayout.OPTION_HEADER_SIZE + Long.BYTES;
      size += FileLayout.terminated(buffer.name()).length;
    }
    return size;
  }

  private int tableSize(int buffer) {
    return FileLayout.TAG_SIZE
        + cpus * FileLayout.TABLE_ENTRY_SIZE
        + (metadata.clock().isPresent() ? Long.BYTES + clockText(buffer).length : 0);
  }

  private byte[] clockText(int buffer) {
    String own = buffers.get(buffer).clock();
    String name = own.isEmpty() ? metadata.clock().orElse("") : own;
    return ("[" + name + "]").getBytes(StandardCharsets.UTF_8);
  }

  private void table(ByteSink out, int buffer, long[] offsets, long[] sizes) {
    out.word(FileLayout.TAG_FLYRECORD);
    for (int cpu = 0; cpu < cpus; cpu++) {
      boolean there = cpu < sizes.length;
      out.u64(there ? offsets[cpu] : 0).u64(there ? sizes[cpu] : 0);
    }
    if (metadata.clock().isPresent()) {
      byte[] text = clockText(buffer);
      out.u64(text.length).raw(text);
    }
  }
}
