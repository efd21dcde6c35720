package org.pagewheel.tracedat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pagewheel.tracedat.FileContent.BufferContent;
import org.pagewheel.tracedat.FileContent.Region;

/** Reads a file of version 6, from after the page size. */
final class V6Reader {
  /** The list of all clocks, one of them in brackets, takes about 80 bytes. */
  private static final int MAX_CLOCK_TEXT = 4096;

  private static final int MAX_NAME = 4096;

  private record Instance(long optionAt, long offset, String name) {}

  private final InputFile file;
  private final ByteOrder order;
  private final TraceMetadataBuilder metadata;
  private final FileContent content;
  private final List<Instance> instances = new ArrayList<>();
  private boolean hasClock;
  private int cpus;

  V6Reader(InputFile file, TraceMetadataBuilder metadata, FileContent content) {
    this.file = file;
    this.order = metadata.pageFormat.order();
    this.metadata = metadata;
    this.content = content;
  }

  void read(ByteCursor in) throws IOException {
    MetadataReader reader = new MetadataReader(metadata);
    reader.headers(in);
    reader.ftrace(in);
    reader.events(in);
    reader.kallsyms(in);
    reader.printk(in);
    reader.commandLines(in);
    if (in.remaining() == 0) {
      throw in.bad("the file ends after the thread names: a header without data");
    }
    String tag;
    if (beginsTable(in.position())) {
      tag = tag(in);
      cpus = countCpus(in.position());
    } else {
      cpus = cpuCount(in, in.u32("the number of CPUs"));
      tag = tag(in);
    }
    if (tag.equals(FileLayout.TAG_OPTIONS)) {
      options(in);
      tag = tag(in);
    }
    metadata.cpuCount(cpus);
    buffer(in, tag, "");
    content.take(0, in.position(), "the metadata");
    for (Instance instance : instances) {
      // If trace-cmd split keeps no buffer it leaves an option for one, without a place; version
      // 3.3.1 adds another option after it with the place of the buffer that it keeps.
      if (instance.offset() != 0) {
        instance(instance);
      }
    }
  }

  /**
   * Whether the table of the pages follows at once: {@code trace-cmd split} of an instance alone
   * leaves out the number of CPUs, the options and with them the instance's name.
   */
  private boolean beginsTable(long at) throws IOException {
    byte[] tag = FileLayout.terminated(FileLayout.TAG_FLYRECORD);
    if (at + tag.length > file.size()) {
      return false;
    }
    byte[] there = new byte[tag.length];
    file.read(at, ByteBuffer.wrap(there), "the word that says what follows");
    return Arrays.equals(tag, there);
  }

  /** How many entries the table has: each points to a page after it, and what follows does not. */
  private int countCpus(long table) throws IOException {
    ByteCursor in = ByteCursor.ofFile(file, order, table, file.size());
    int pageSize = metadata.pageFormat.pageSize();
    int count = 0;
    long next = 0;
    while (in.remaining() >= FileLayout.TABLE_ENTRY_SIZE && count < TraceBuffer.MAX_CPUS) {
      next = in.i64("the place of a CPU's data");
      long size = in.i64("the size of a CPU's data");
      if (next < in.position() || next % pageSize != 0 || size < 0 || next > file.size() - size) {
        break;
      }
      next = 0;
      count++;
    }
    hasClock = next > 0 && next <= MAX_CLOCK_TEXT; // what follows is the size of its name
    return count;
  }

  private int cpuCount(ByteCursor in, long count) throws TraceFormatException {
    if (count > TraceBuffer.MAX_CPUS) {
      throw in.bad(count + " CPUs are more than " + TraceBuffer.MAX_CPUS);
    }
    return (int) count;
  }

  private static String tag(ByteCursor in) throws IOException {
    return in.string(FileLayout.TAG_SIZE, "the word that says what follows");
  }

  private void options(ByteCursor in) throws IOException {
    while (true) {
      long at = in.position();
      int id = in.u16("an option");
      if (id == FileLayout.DONE) {
        return;
      }
      byte[] data = in.bytes(in.u32("an option's size"), "option " + id);
      ByteCursor inside = ByteCursor.ofBytes(file, order, at, data);
      switch (id) {
        case FileLayout.BUFFER ->
            instances.add(
                new Instance(
                    at,
                    inside.i64("the place of a buffer"),
                    inside.string(MAX_NAME, "the name of a buffer")));
        case FileLayout.CPU_COUNT -> {
          int count = FileLayout.cpuCount(data, order);
          if (count >= 0) {
            cpus = count;
          } else {
            metadata.option(new TraceOption(id, data));
          }
        }
        default -> metadata.option(new TraceOption(id, data));
      }
      hasClock |= id == TraceOption.TRACECLOCK;
    }
  }

  private void instance(Instance instance) throws IOException {
    if (instance.offset() < 0 || instance.offset() >= file.size()) {
      throw file.bad(
          instance.optionAt(),
          "buffer %s cannot lie at %s: the file has %d bytes"
              .formatted(instance.name(), Long.toUnsignedString(instance.offset()), file.size()));
    }
    ByteCursor in = ByteCursor.ofFile(file, order, instance.offset(), file.size());
    buffer(in, tag(in), instance.name());
    content.take(instance.offset(), in.position(), "the table of buffer " + instance.name());
  }

  private void buffer(ByteCursor in, String tag, String name) throws IOException {
    if (tag.equals(FileLayout.TAG_LATENCY)) {
      throw in.bad("a latency trace: such files contain text, not pages");
    }
    if (!tag.equals(FileLayout.TAG_FLYRECORD)) {
      throw in.bad("the word " + FileLayout.TAG_FLYRECORD + " should precede this place");
    }
    Region[] regions = content.regions(cpus, in.position());
    for (int cpu = 0; cpu < cpus; cpu++) {
      long at = in.position();
      long offset = in.i64("the place of a CPU's data");
      long size = in.i64("the size of a CPU's data");
      regions[cpu] = content.region(name, cpu, at, offset, size, false);
    }
    String clock = hasClock ? clock(in) : "";
    int pageSize = metadata.pageFormat.pageSize();
    content.buffers.add(new BufferContent(new TraceBuffer(name, clock, pageSize, cpus), regions));
  }

  /** Some writers leave the text out although the option promises it; then the option has it. */
  private String clock(ByteCursor in) throws IOException {
    String chosen =
        metadata.options.stream()
            .filter(option -> option.id() == TraceOption.TRACECLOCK)
            .map(option -> TraceMetadata.bracketed(option.text()))
            .reduce("", (first, last) -> last);
    long at = in.position();
    long size = in.remaining() < Long.BYTES ? 0 : in.i64("the size of the clock's name");
    if (size <= 0 || size > MAX_CLOCK_TEXT || size > in.remaining()) {
      content.warnings.add("no clock's name at offset " + at);
      return chosen;
    }
    String text = new String(in.bytes(size, "the clock's name"), StandardCharsets.UTF_8);
    return TraceMetadata.bracketed(text.replace("\0", ""));
  }
}
