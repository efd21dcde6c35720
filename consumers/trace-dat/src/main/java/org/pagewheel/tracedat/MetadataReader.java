package org.pagewheel.tracedat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pagewheel.format.PageFormat;

/** Reads the parts of a file that both versions have in the same form, one after another. */
final class MetadataReader {
  /** Event ids have 16 bits; ids may be given twice. */
  private static final int MAX_FORMATS = 1 << 17;

  private static final int MAX_NAME = 4096;

  private final TraceMetadataBuilder metadata;
  private int formats;

  MetadataReader(TraceMetadataBuilder metadata) {
    this.metadata = metadata;
  }

  void headers(ByteCursor in) throws IOException {
    expect(in, FileLayout.HEADER_PAGE);
    metadata.headerPage = in.bytes(in.i64("a size"), "the page's description");
    expect(in, FileLayout.HEADER_EVENT);
    metadata.headerEvent = in.bytes(in.i64("a size"), "the record's description");
    int longSize = commitSize(in, new String(metadata.headerPage, StandardCharsets.UTF_8));
    metadata.pageFormat =
        new PageFormat(metadata.pageFormat.order(), longSize, metadata.pageFormat.pageSize());
  }

  /** The description decides; kernels without one wrote a C long. */
  private int commitSize(ByteCursor in, String text) throws TraceFormatException {
    if (text.isBlank()) {
      return metadata.longSize;
    }
    List<FormatField> fields = FormatField.parse(text);
    for (FormatField field : fields) {
      if (field.name().equals("commit") && field.offset() == Long.BYTES) {
        if (field.size() == Integer.BYTES || field.size() == Long.BYTES) {
          return field.size();
        }
        throw in.bad("a commit word of " + field.size() + " bytes is neither 4 nor 8");
      }
    }
    throw in.bad("the page's description names no commit word at offset 8");
  }

  private static void expect(ByteCursor in, String word) throws IOException {
    byte[] wanted = FileLayout.terminated(word);
    byte[] found = in.bytes(wanted.length, "the word " + word);
    if (!Arrays.equals(wanted, found)) {
      throw in.bad("the word " + word + " should precede this place");
    }
  }

  void ftrace(ByteCursor in) throws IOException {
    int count = in.count(Long.BYTES, MAX_FORMATS, "formats of ftrace");
    for (int i = 0; i < count; i++) {
      metadata.ftraceFormats.add(format(in));
    }
  }

  void events(ByteCursor in) throws IOException {
    int systems = in.count(1 + Integer.BYTES, MAX_FORMATS, "event systems");
    for (int i = 0; i < systems; i++) {
      String system = in.string(MAX_NAME, "the name of an event system");
      List<byte[]> into = metadata.systems.computeIfAbsent(system, key -> new ArrayList<>());
      int events = in.count(Long.BYTES, MAX_FORMATS, "events of system " + system);
      for (int j = 0; j < events; j++) {
        into.add(format(in));
      }
    }
  }

  private byte[] format(ByteCursor in) throws IOException {
    if (++formats > MAX_FORMATS) {
      throw in.bad("more than " + MAX_FORMATS + " event formats");
    }
    return in.bytes(in.i64("a size"), "an event format");
  }

  void kallsyms(ByteCursor in) throws IOException {
    metadata.kallsyms = in.bytes(in.u32("a size"), "the symbols");
  }

  void printk(ByteCursor in) throws IOException {
    metadata.printk = in.bytes(in.u32("a size"), "the printk formats");
  }

  void commandLines(ByteCursor in) throws IOException {
    metadata.commandLines.reset();
    metadata.commandLines.writeBytes(in.bytes(in.i64("a size"), "the thread names"));
  }
}
