package org.pagewheel.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Fixed;
import org.pagewheel.event.Hex;
import org.pagewheel.event.Symbol;
import org.pagewheel.event.Unit;
import org.pagewheel.event.Unsigned;
import org.pagewheel.format.PageCursor;
import org.pagewheel.tracedat.EventText;
import org.pagewheel.tracedat.PageStream;
import org.pagewheel.tracedat.TraceFile;

/** Events as text are, letter by letter, what trace-cmd prints of the same file. */
class ReportTextTest {
  enum Side {
    BUY,
    SELL
  }

  record Numbers(
      byte a,
      short b,
      char c,
      int d,
      long e,
      @Hex int f,
      @Hex long g,
      @Unsigned byte h,
      @Unsigned int i,
      @Unsigned @Unit("ns") long j,
      boolean k) {}

  record Reals(@Unit("ms") double a, float b, @Fixed(2) double[] c, double[] d) {}

  record Names(
      Side a,
      EnumSet<Side> b,
      @Symbol({"zero", "one"}) int c,
      String d,
      @Fixed(8) String e,
      int[] f,
      @Fixed(3) short[] g,
      @Fixed(20) int[] h,
      byte[] i) {}

  private static final EventType<Numbers> NUMBERS = EventType.of("report", Numbers.class);
  private static final EventType<Reals> REALS = EventType.of("report", Reals.class);
  private static final EventType<Names> NAMES = EventType.of("report", Names.class);

  @TempDir Path directory;

  @Test
  void everyKindOfFieldReadsAsInTraceCmd() throws Exception {
    Path file = directory.resolve("all.dat");
    try (Pagewheel pagewheel =
        Pagewheel.start(
            Map.of("pagewheel.buffers.main.pages", "1024", "pagewheel.buffers.main.cpus", "1"))) {
      Buffer main = pagewheel.buffers().get("main");
      main.mark("a mark: 100 % of it");
      Random random = new Random(1);
      for (int i = 0; i < 300; i++) {
        numbers(main, i == 0 ? -1 : i == 1 ? 0 : random.nextLong());
        reals(main, i, random);
        names(main, i, random);
      }
      pagewheel.buffers().save(file);
    }
    List<String> wanted =
        TraceCmd.run("report", "-t", file.toString())
            .lines()
            .filter(line -> line.contains(" ["))
            .map(line -> line.replaceFirst("^.* \\[\\d+\\] +[0-9.]+: ([^ ]*:) *", "$1 "))
            .map(String::stripTrailing)
            .toList();
    assertTrue(wanted.size() > 900, wanted::toString);
    assertEquals(String.join("\n", wanted), String.join("\n", texts(file)));
  }

  private static void numbers(Buffer main, long n) {
    Numbers event =
        new Numbers(
            (byte) n,
            (short) n,
            (char) n,
            (int) n,
            n,
            (int) n,
            n,
            (byte) n,
            (int) n,
            n,
            n % 2 == 0);
    assertTrue(NUMBERS.record(main, event));
  }

  private static void reals(Buffer main, int i, Random random) {
    double[] special = {
      0, -0.0, 1, -1.5, 0.1, 1e-7, 5e-7, 0.9999996, Double.NaN, 1e300, Double.NEGATIVE_INFINITY
    };
    double x = i < special.length ? special[i] : (random.nextDouble() - 0.5) * Math.pow(10, i % 18);
    Reals event = new Reals(x, (float) x, new double[] {x, -x}, new double[] {x});
    assertTrue(REALS.record(main, event));
  }

  private static void names(Buffer main, int i, Random random) {
    Names event =
        new Names(
            i % 3 == 2 ? null : Side.values()[i % 3],
            i % 4 == 0 ? EnumSet.noneOf(Side.class) : EnumSet.range(Side.BUY, Side.values()[i % 2]),
            i % 4 - 1,
            i % 5 == 0 ? "" : "grüße ∂ %d " + i,
            "fixed" + i,
            random.ints(i % 7).toArray(),
            new short[] {(short) -i, 0, (short) i},
            random.ints(20).toArray(),
            new byte[] {(byte) i, -1});
    assertTrue(NAMES.record(main, event));
  }

  private static List<String> texts(Path file) throws Exception {
    List<String> lines = new ArrayList<>();
    try (TraceFile trace = TraceFile.open(file)) {
      EventText text =
          new EventText(
              trace.metadata().formats(),
              trace.metadata().pageFormat(),
              trace.metadata().kallsyms());
      for (int cpu = 0; cpu < trace.buffers().getFirst().cpus(); cpu++) {
        PageStream pages = trace.pages(0, cpu);
        PageCursor cursor = new PageCursor(pages.format());
        for (MemorySegment page = pages.next(); page != null; page = pages.next()) {
          cursor.reset(page);
          while (cursor.next()) {
            lines.add(text.report(page, cursor.payloadOffset(), cursor.payloadLength()));
          }
        }
      }
    }
    return lines;
  }
}
