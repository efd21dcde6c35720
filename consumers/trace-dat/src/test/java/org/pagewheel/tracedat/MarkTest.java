package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;

class MarkTest {
  private static final int PRINT = 5;

  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void aMarkOfTheProcessIsShownAsSuch(TraceVersion version, @TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("mark.dat");
    PageFormat format = PageFormat.of(4096);
    TraceBuffer buffer = new TraceBuffer("", "mono", 4096, 1);
    try (Arena arena = Arena.ofConfined();
        TraceFileWriter writer = TraceFileWriter.create(file, version, format, List.of(buffer))) {
      MemorySegment page = arena.allocate(4096, 8);
      PageEncoder.open(page, 0, 1000);
      int payload = PageEncoder.putData(page, 0, PageLayout.DATA, 0, 24);
      page.set(PageLayout.INT, payload, PRINT);
      page.setString(payload + 16, "go");
      PageEncoder.finish(page, 0, 4096, 28, 0, false);
      writer.write(0, 0, page, 0);
      writer.finish(TraceMetadata.builder(format).add(Metadata.process()).build());
    }
    List<String> report = TraceCmd.report(file);
    assertTrue(
        report.getLast().replaceAll(" +", " ").endsWith("print: mark: go"), report::toString);
  }
}
