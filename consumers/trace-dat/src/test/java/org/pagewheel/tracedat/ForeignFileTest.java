package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pagewheel.format.PageCursor;
import org.pagewheel.format.PageFormat;

/** Files of machines with other byte orders and word sizes: the golden page, converted by hand. */
class ForeignFileTest {
  @TempDir Path directory;

  static Stream<Arguments> machines() {
    List<Arguments> machines = new ArrayList<>();
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      for (int longSize : List.of(4, 8)) {
        for (int pageSize : List.of(4096, 65536)) {
          for (TraceVersion version : TraceVersion.values()) {
            machines.add(Arguments.of(new PageFormat(order, longSize, pageSize), version));
          }
        }
      }
    }
    return machines.stream();
  }

  /** Writes the records of the golden page as another machine would. */
  private static final class ForeignPage {
    private final PageFormat format;
    private final ByteBuffer page;

    ForeignPage(PageFormat format) {
      this.format = format;
      this.page = ByteBuffer.allocate(format.pageSize()).order(format.order());
      page.position(format.data());
    }

    void word(int type, int delta) {
      page.putInt(format.order() == ByteOrder.BIG_ENDIAN ? type << 27 | delta : delta << 5 | type);
    }

    void payload(int n, String text) {
      byte[] bytes = (text + "\0").getBytes();
      page.putShort((short) 1001).put((byte) 0).put((byte) 0).putInt(4251).putInt(n);
      page.putInt(bytes.length << 16 | 16).put(bytes);
      while (page.position() % 4 != 0) {
        page.put((byte) 0);
      }
    }

    MemorySegment finish() {
      page.putLong(0, 1_000_000_000);
      int used = page.position() - format.data();
      int commit = used | 0xc000_0000;
      if (format.longSize() == Integer.BYTES) {
        page.putInt(8, commit).putInt(5);
      } else {
        page.putLong(8, commit & 0xffff_ffffL).putLong(5);
      }
      return MemorySegment.ofArray(page.array());
    }
  }

  private static MemorySegment golden(PageFormat format) {
    ForeignPage page = new ForeignPage(format);
    page.word(6, 0);
    page.payload(7, "ACME");
    page.word(5, 250);
    page.payload(-1, "x");
    page.word(30, 300_000_000 & (1 << 27) - 1);
    page.page.putInt(300_000_000 >>> 27);
    page.word(5, 0);
    page.payload(2, "");
    page.word(31, 1_500_000_000 & (1 << 27) - 1);
    page.page.putInt(1_500_000_000 >>> 27);
    page.word(5, 0);
    page.payload(3, "y");
    page.word(29, 1);
    page.page.putInt(12).putLong(0);
    page.word(0, 9);
    page.page.putInt(144);
    page.payload(4, "z".repeat(120));
    return page.finish();
  }

  @ParameterizedTest
  @MethodSource("machines")
  void aForeignFileIsWrittenAndReadAsTheGoldenOne(PageFormat format, TraceVersion version)
      throws Exception {
    Path golden = TraceCmd.resource(directory, "golden/golden.v6.dat");
    Path path = directory.resolve("foreign.dat");
    TraceMetadata metadata;
    try (TraceFile file = TraceFile.open(golden)) {
      metadata = file.metadata().toBuilder().pageFormat(format).build();
    }
    TraceBuffer buffer = new TraceBuffer("", "mono", format.pageSize(), 1);
    try (TraceFileWriter writer = TraceFileWriter.create(path, version, format, List.of(buffer))) {
      writer.write(0, 0, golden(format), 0);
      writer.write(0, 0, golden(format), 3);
      writer.finish(metadata);
    }
    TraceCmd.validate(path);
    List<String> wanted = TraceCmd.report(golden);
    List<String> report = TraceCmd.report(path);
    assertEquals(wanted, report.subList(0, wanted.size()));
    assertEquals("CPU:0 [8 EVENTS DROPPED]", report.get(wanted.size()));
    try (TraceFile file = TraceFile.open(path)) {
      assertEquals(format, file.metadata().pageFormat());
      EventText text = new EventText(file.metadata().formats(), format);
      PageStream pages = file.pages(0, 0);
      PageCursor cursor = new PageCursor(pages.format()).reset(pages.next());
      assertEquals(5, cursor.missed());
      List<String> lines = new ArrayList<>();
      MemorySegment page = golden(format);
      while (cursor.next()) {
        lines.add(
            cursor.time() + " " + text.text(page, cursor.payloadOffset(), cursor.payloadLength()));
      }
      assertEquals("1000000000 tick: n=7 s=ACME", lines.get(0));
      assertEquals("1000000250 tick: n=-1 s=x", lines.get(1));
      assertEquals("1300000250 tick: n=2 s=", lines.get(2));
      assertEquals("1500000000 tick: n=3 s=y", lines.get(3));
      assertEquals("1500000010 tick: n=4 s=" + "z".repeat(120), lines.get(4));
    }
  }
}
