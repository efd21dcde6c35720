package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.event.Metadata;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.format.PageFormat;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.FunctionGraph;
import org.pagewheel.spi.Symbols;

/** Methods by their addresses, in both versions, as trace-cmd shows them. */
class SymbolsTest {
  private static final int PAGE = 4096;
  private static final int ENTRY = 11;
  private static final int EXIT = 10;
  private static final String LONG = "x".repeat(70_000);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(TraceVersion.class)
  void hostileNamesHideNoOthers(TraceVersion version) throws Exception {
    FunctionGraph.define();
    List<String> names =
        List.of(
            "$Proxy7.invoke",
            "a b\tc\nd\0e",
            "\u202eevil\u2028\ud800x",
            "com.acme.Größe.größer",
            "com.acme.Orders$Line.<init>",
            "",
            LONG,
            "com.acme.Last.of");
    MemorySegment page = MemorySegment.ofArray(new long[PAGE / Long.BYTES]);
    PageEncoder.open(page, 0, 1_000);
    int at = PageLayout.DATA;
    for (String name : names) {
      long address = Symbols.address(Symbols.define(name));
      at = put(page, at, ENTRY, 20, address);
      at = put(page, at, EXIT, 40, address);
    }
    PageEncoder.finish(page, 0, PAGE, at - PageLayout.DATA, 0, false);
    Path file = directory.resolve("symbols.dat");
    TraceBuffer buffer = new TraceBuffer("", "mono", PAGE, 1);
    try (TraceFileWriter writer =
        TraceFileWriter.create(file, version, PageFormat.of(PAGE), List.of(buffer))) {
      writer.write(0, 0, page, 0);
      writer.finish(TraceMetadata.of(Metadata.process(), PAGE));
    }
    List<String> shown = new ArrayList<>();
    for (String line : TraceCmd.report(file).subList(1, names.size() + 1)) {
      String name = line.substring(line.indexOf("|  ") + 3).replace("();", "");
      shown.add(name.equals(LONG) ? "as long as it was" : name);
    }
    assertEquals(
        List.of(
            "_$Proxy7.invoke",
            "a_b_c_d_e",
            "_evil__x",
            "com.acme.Größe.größer",
            "com.acme.Orders$Line.<init>",
            "_",
            "as long as it was",
            "com.acme.Last.of"),
        shown);
    assertTrue(TraceMetadata.of(Metadata.process(), PAGE).kallsyms().endsWith("[end-of-java]\n"));
  }

  /** A call's event, as FunctionGraph lays it out; where the next one begins. */
  private static int put(MemorySegment page, int at, int type, int size, long address) {
    int payload = PageEncoder.putData(page, 0, at, 1, size);
    page.set(PageLayout.INT, payload, type);
    page.set(PageLayout.LONG, payload + 8, address);
    return payload + size;
  }
}
