package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

class HeapPagesTest {
  @Test
  void writesPagesThatLieInAnArrayOfLongs(@TempDir Path directory) throws Exception {
    MemorySegment page = MemorySegment.ofArray(new long[4096 / Long.BYTES]);
    PageEncoder.open(page, 0, 1000);
    PageEncoder.putData(page, 0, PageLayout.DATA, 0, 4);
    PageEncoder.finish(page, 0, 4096, 8, 0, false);
    Path file = directory.resolve("heap.dat");
    PageFormat format = PageFormat.of(4096);
    TraceBuffer buffer = new TraceBuffer("", "mono", 4096, 1);
    try (TraceFileWriter writer =
        TraceFileWriter.create(file, TraceVersion.V6, format, List.of(buffer))) {
      writer.write(0, 0, page, 0);
      writer.write(0, 0, page, 7);
      writer.finish(TraceMetadata.builder(format).build());
    }
    try (TraceFile read = TraceFile.open(file)) {
      PageStream pages = read.pages(0, 0);
      assertEquals(-1, pages.next().mismatch(page));
      assertEquals(7, pages.next().get(PageLayout.LONG, PageLayout.DATA + 8));
    }
  }
}
