package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.analysis.Summary.Share;
import org.pagewheel.tracedat.TraceOption;

/** What a summary says of traces of which everything is known. */
class SummaryTest {
  private static final long SECOND = 1_000_000_000;
  private static final Pattern LINE =
      Pattern.compile(" *(.*)-(\\d+) +\\[(\\d+)] +[\\d.]+: (\\w+): .*");

  @TempDir Path directory;

  private static Summary of(Path... files) throws IOException {
    List<Trace> traces = new java.util.ArrayList<>();
    for (Path file : files) {
      traces.add(Traces.open(file));
    }
    Summary summary = Summary.of(traces);
    for (Trace trace : traces) {
      trace.close();
    }
    return summary;
  }

  private static Map<String, Long> counts(List<Share> shares) {
    Map<String, Long> counts = new TreeMap<>();
    shares.forEach(
        share -> counts.merge(share.name().replaceFirst(".*:", ""), share.events(), Long::sum));
    return counts;
  }

  @Test
  void everythingIsCounted() throws IOException {
    Path file = directory.resolve("known.dat");
    TraceMaker maker =
        new TraceMaker(file, 2).type("placed", "id").type("filled", "id").thread(7, "trader");
    for (int i = 0; i < 1000; i++) {
      maker.event(0, SECOND + i * 1_000_000L, 7, "placed", i);
    }
    maker.lose(1, 40); // a gap is what was overwritten; what is refused leaves none
    for (int i = 0; i < 500; i++) {
      maker.event(1, SECOND + i * 2_000_000L, 8, "filled", i);
    }
    Counters counters = Counters.builder().set(Counter.OVERRUN, 40).set(Counter.DROPPED, 2).build();
    maker.option(TraceOption.cpuStat("", 1, counters, 0)).finish();
    Summary summary = of(file);
    assertEquals(1500, summary.events);
    assertEquals(1500 * 20, summary.bytes); // a word and two times eight
    assertEquals(SECOND, summary.first);
    assertEquals(SECOND + 999_000_000L, summary.last);
    assertEquals(Map.of("placed", 1000L, "filled", 500L), counts(summary.types));
    assertEquals(
        List.of("trader-7", "<...>-8"), summary.threads.stream().map(Share::name).toList());
    assertEquals(42, summary.lost);
    assertEquals(List.of(0L, 42L), summary.cpus.stream().map(Summary.Cpu::lost).toList());
    assertEquals(1, summary.losses.getFirst().cpu());
    assertEquals(SECOND, summary.losses.getFirst().time());
    assertEquals(
        Map.of("overwritten", 40L, "refused by a full ring", 2L), Map.copyOf(summary.causes));
    assertEquals(1500, Arrays.stream(summary.rates.sum()).sum());
    assertEquals(List.of(), summary.problems());
    List<String> text = summary.text(Style.PLAIN);
    assertTrue(text.get(1).startsWith("1,500 events, 29.3 KiB, of 2 types, 2 threads and 2 CPUs"));
    assertTrue(
        text.contains("lost: 40 events in 1 gap, all on CPU 1 before 1.000000"), text::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sched", "discard", "idle", "untold", "tsc"})
  void traceCmdCountsTheSame(String name) throws Exception {
    Map<String, Long> types = new TreeMap<>();
    Map<String, Long> cpus = new TreeMap<>();
    for (String line : TraceCmd.report(TraceMaker.kernel(name))) {
      Matcher event = LINE.matcher(line);
      if (event.matches()) {
        types.merge(event.group(4), 1L, Long::sum);
        cpus.merge(event.group(3), 1L, Long::sum);
      }
    }
    Summary summary = of(TraceMaker.kernel(name));
    assertEquals(types, counts(summary.types));
    summary.cpus.forEach(
        cpu -> assertEquals(cpus.get("%03d".formatted(cpu.cpu())), cpu.events(), name));
  }

  @ParameterizedTest
  @ValueSource(ints = {80, 40})
  void itIsOneScreen(int columns) throws IOException {
    List<String> text = of(TraceMaker.kernel("sched")).text(new Style(columns, false, true));
    text.forEach(line -> assertTrue(line.length() <= columns, line));
    assertTrue(text.size() <= (columns == 80 ? 24 : 32), () -> String.join("\n", text));
  }

  @Test
  void whatDoesNotFitTheScreenIsShownWhenAskedFor() throws IOException {
    try (Trace trace = Traces.open(TraceMaker.kernel("sched"))) {
      Summary summary = Summary.of(List.of(trace));
      int all = summary.types.size();
      List<String> text = summary.text(new Style(120, false, true));
      assertTrue(
          text.contains("and %d more types (--top %d)".formatted(all - 6, all)), () -> "" + text);
      String most = Summary.of(List.of(trace), 10_000).text(new Style(120, false, true)).toString();
      summary.types.forEach(type -> assertTrue(most.contains(type.name()), most));
      summary.threads.forEach(thread -> assertTrue(most.contains(thread.name()), most));
      assertTrue(!most.contains("--top"), most);
    }
  }

  @Test
  void filesOfOneRecordingAreOne() throws IOException {
    Summary one = of(TraceMaker.kernel("idle"));
    Summary two = of(TraceMaker.kernel("idle"), TraceMaker.kernel("idle"));
    assertEquals(2 * one.events, two.events);
    assertEquals(one.types.size(), two.types.size());
    assertEquals(one.threads.size(), two.threads.size());
    assertEquals(one.cpus.size(), two.cpus.size());
  }

  /** A ring in discard mode: two of its CPUs refused events, of which no page says anything. */
  private Path discarding() throws IOException {
    Path file = directory.resolve("discarding.dat");
    Counters some = Counters.builder().set(Counter.DROPPED, 300).build();
    Counters more = Counters.builder().set(Counter.COMMIT_OVERRUN, 5).build();
    new TraceMaker(file, 3)
        .type("placed", "id")
        .type("filled", "id")
        .event(0, SECOND, 7, "placed", 1)
        .event(1, SECOND + 1, 7, "filled", 1)
        .event(2, SECOND + 2, 7, "placed", 2)
        .option(TraceOption.cpuStat("", 0, some, 0))
        .option(TraceOption.cpuStat("", 1, Counters.ZERO, 0))
        .option(TraceOption.cpuStat("", 2, more, 0))
        .finish();
    return file;
  }

  @Test
  void whatTheRingRefusedIsLost() throws IOException {
    Path file = discarding();
    Summary summary = of(file);
    assertEquals(List.of(300L, 0L, 5L), summary.cpus.stream().map(Summary.Cpu::lost).toList());
    assertEquals(305, summary.lost);
    assertTrue(summary.json(Style.PLAIN).contains("\"lost\":305,\"losses\":[],"));
    try (Trace trace = Traces.open(file)) {
      String difference =
          String.join("\n", Difference.of(trace, trace).text(new Style(400, false, true)));
      assertTrue(difference.contains("3 events in 2 ns, 305 events lost\nafter"), difference);
      Condition placed = Condition.of("placed");
      Answer latency =
          new Latency(List.of(trace), placed, Condition.of("filled"), List.of("id")).ask();
      assertTrue(latency.json(Style.PLAIN).contains("\"lost\":305,"));
      assertTrue(
          latency.text(Style.PLAIN).contains("the trace lost 305 events: pairs may be among them"));
    }
  }

  @Test
  void countsAndColumnsSayThatEventsWereLost() throws IOException {
    Path file = directory.resolve("gaps.dat");
    Counters some = Counters.builder().set(Counter.DROPPED, 300).build();
    TraceMaker maker = new TraceMaker(file, 1).type("placed", "id");
    maker.event(0, SECOND, 7, "placed", 1).lose(0, 12).event(0, SECOND + 1000, 7, "placed", 2);
    maker.option(TraceOption.cpuStat("", 0, some, 0)).finish();
    List<String> note =
        List.of("the trace lost 312 events: some that were asked for may be among them");
    try (Trace trace = Traces.open(file)) {
      List<Trace> traces = List.of(trace);
      Answer rate = Rate.of(traces, null, null);
      assertEquals(note, rate.notes());
      assertTrue(rate.json(Style.PLAIN).contains("\"lost\":312,"));
      Answer hist = EventHistogram.of(traces, Condition.of("placed"), List.of("id"));
      assertEquals(note, hist.notes());
      assertTrue(hist.json(Style.PLAIN).contains("\"lost\":312,"));
      assertEquals(note, notes(new Query(traces).as(Query.Format.CSV, null)));
      assertEquals(note, notes(new Query(traces).as(Query.Format.TEXT, List.of("id"))));
      assertEquals(note, notes(new Query(traces).sort("time"))); // lines of losses have no place
      List<String> refused = List.of(note.getFirst().replace("312", "300"));
      assertEquals(refused, notes(new Query(traces)));
      assertEquals(refused, notes(new Query(traces).as(Query.Format.CSV, null).top(1)));
    }
  }

  private static List<String> notes(Query query) throws IOException {
    query.run(Style.PLAIN, line -> true);
    return query.notes();
  }

  @Test
  void theAccountOfAnInstanceIsItsOwn() throws IOException {
    Path file = directory.resolve("instance.dat");
    Counters one = Counters.builder().set(Counter.DROPPED, 1).build();
    Counters two = Counters.builder().set(Counter.DROPPED, 2).build();
    new TraceMaker(file, 2)
        .type("placed", "id")
        .event(0, SECOND, 7, "placed", 1)
        .option(TraceOption.cpuStat("", 0, one, 0))
        .option(TraceOption.cpuStat("", 1, one, 0))
        .option(TraceOption.cpuStat("audit", 0, two, 0))
        .option(TraceOption.cpuStat("audit", 1, two, 0))
        .finish();
    assertEquals(
        List.of("/0 1", "/1 1", "audit/0 2", "audit/1 2"),
        of(file).cpus.stream()
            .map(cpu -> cpu.buffer() + "/" + cpu.cpu() + " " + cpu.lost())
            .toList());
  }

  private static void ticks(Path file) throws IOException {
    TraceMaker maker = new TraceMaker(file, 1).type("placed", "id");
    for (int i = 0; i < 1000; i++) {
      maker.event(0, SECOND + i, 7, "placed", i);
    }
    maker.finish();
  }

  @Test
  void aCutFileIsCountedUpToThere() throws IOException {
    Path file = directory.resolve("cut.dat");
    ticks(file);
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - 2 * TraceMaker.PAGE - 100));
    Summary summary = of(file);
    assertEquals(2 * 203, summary.events); // two whole pages
    assertTrue(
        summary.problems().stream().anyMatch(line -> line.matches(".*cut\\.dat, offset \\d+: .*")),
        summary.problems()::toString);
    assertEquals(-1, summary.lost);
    assertEquals(-1, summary.cpus.getFirst().lost());
    String text = String.join("\n", summary.text(new Style(120, false, true)));
    assertTrue(text.contains("all on CPU 0 after 1.000000"), text);
  }

  @Test
  void ofACpuThatIsCutAwayNobodyKnowsWhatItLost() throws IOException {
    Path file = directory.resolve("away.dat");
    new TraceMaker(file, 2)
        .type("placed", "id")
        .event(0, SECOND, 7, "placed", 1)
        .event(1, SECOND, 7, "placed", 2)
        .finish();
    byte[] all = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(all, all.length - TraceMaker.PAGE)); // the only one of CPU 1
    Summary summary = of(file);
    assertEquals(1, summary.events);
    assertEquals(List.of(0L, -1L), summary.cpus.stream().map(Summary.Cpu::lost).toList());
    String text = String.join("\n", summary.text(new Style(120, false, true)));
    assertTrue(text.contains("all on CPU 1, of which there is no event"), text);
    String json = summary.json(Style.PLAIN);
    assertTrue(json.contains("\"lost\":null,\"losses\":[{\"buffer\":\"\",\"cpu\":1,"), json);
    try (Trace trace = Traces.open(file)) {
      Condition placed = Condition.of("placed");
      Answer latency = new Latency(List.of(trace), placed, placed, List.of("id")).ask();
      assertTrue(latency.json(Style.PLAIN).contains("\"lost\":null,"));
    }
  }

  @Test
  void aDamagedPageIsOnePlaceAndALoss() throws IOException {
    Path file = directory.resolve("damaged.dat");
    ticks(file);
    byte[] bytes = Files.readAllBytes(file);
    int page = bytes.length - 5 * TraceMaker.PAGE; // some page in the middle
    ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt(page + 8, 0x07ffffff);
    Files.write(file, bytes);
    Summary summary = of(file);
    assertTrue(summary.events > 600 && summary.events < 1000, () -> "" + summary.events);
    assertEquals(-1, summary.lost);
    String text = String.join("\n", summary.text(new Style(120, false, true)));
    assertTrue(text.contains("lost: an unknown number of events in 1 gap, all on CPU 0"), text);
    assertEquals(1, summary.problems().size());
    String problem = summary.problems().getFirst();
    assertTrue(problem.contains("offset " + (page + 8) + ": a page of CPU 0 is damaged"), problem);
  }
}
