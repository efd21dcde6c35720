package org.pagewheel.tracedat;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Encodes the parts of a file that both versions have in the same form. */
final class MetadataEncoder {
  private final TraceMetadata metadata;

  MetadataEncoder(TraceMetadata metadata) {
    this.metadata = metadata;
  }

  ByteSink sink() {
    return new ByteSink(metadata.pageFormat.order());
  }

  /** From the first byte to the page size. */
  ByteSink start(TraceVersion version) {
    return sink()
        .raw(FileLayout.MAGIC)
        .word(Integer.toString(version.number()))
        .u8(metadata.pageFormat.order() == ByteOrder.BIG_ENDIAN ? 1 : 0)
        .u8(metadata.longSize)
        .u32(metadata.pageFormat.pageSize());
  }

  /** The descriptions of page and record, the record's last. */
  void headers(ByteSink out) {
    out.word(FileLayout.HEADER_PAGE).u64(metadata.headerPage.length).raw(metadata.headerPage);
    out.word(FileLayout.HEADER_EVENT).u64(metadata.headerEvent.length).raw(metadata.headerEvent);
  }

  void ftrace(ByteSink out) {
    out.u32(metadata.ftraceFormats.size());
    metadata.ftraceFormats.forEach(format -> out.u64(format.length).raw(format));
  }

  void events(ByteSink out) {
    out.u32(metadata.systems.size());
    for (TraceMetadata.EventSystem system : metadata.systems) {
      out.word(system.name()).u32(system.formats().size());
      system.formats().forEach(format -> out.u64(format.length).raw(format));
    }
  }

  void kallsyms(ByteSink out) {
    out.u32(metadata.kallsyms.length).raw(metadata.kallsyms);
  }

  void printk(ByteSink out) {
    out.u32(metadata.printk.length).raw(metadata.printk);
  }

  /** The thread names, followed by as many empty lines as are kept free for more. */
  void commandLines(ByteSink out, int spare) {
    out.u64(metadata.commandLines.length + spare).raw(metadata.commandLines);
    out.raw("\n".repeat(spare).getBytes(StandardCharsets.US_ASCII));
  }

  static void option(ByteSink out, int id, byte[] data) {
    out.u16(id).u32(data.length).raw(data);
  }
}
