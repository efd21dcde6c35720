package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Histograms, rates and differences of events that the test wrote, or trace-cmd counts. */
class CountsTest {
  private static final long SECOND = 1_000_000_000;

  @TempDir Path directory;

  private Path orders(String name, int count, long step) throws IOException {
    Path file = directory.resolve(name);
    TraceMaker maker =
        new TraceMaker(file, 1)
            .type("placed", "id", "qty")
            .type("filled", "id")
            .thread(7, "trader");
    for (int i = 0; i < count; i++) {
      maker.event(0, SECOND + i * step, 7 + i % 2, "placed", i % 4, i);
      if (i % 10 == 0) {
        maker.event(0, SECOND + i * step, 7, "filled", i);
      }
    }
    maker.finish();
    return file;
  }

  private static String hist(Path file, String event, String... keys) throws IOException {
    try (Trace trace = Traces.open(file)) {
      return EventHistogram.of(List.of(trace), Condition.of(event), List.of(keys))
          .json(Style.PLAIN);
    }
  }

  @Test
  void valuesAreCounted() throws IOException {
    Path file = orders("a.dat", 10, 1000);
    assertEquals(
        "{\"event\":\"placed\",\"hits\":10,\"dropped\":0,\"entries\":["
            + "{\"keys\":{\"id\":0},\"hitcount\":3},{\"keys\":{\"id\":1},\"hitcount\":3},"
            + "{\"keys\":{\"id\":2},\"hitcount\":2},{\"keys\":{\"id\":3},\"hitcount\":2}],"
            + "\"lost\":0,\"problems\":[]}",
        hist(file, "placed", "id"));
    assertTrue(
        hist(file, "placed", "qty.log2")
            .contains(
                "[{\"keys\":{\"qty\":0},\"hitcount\":1},{\"keys\":{\"qty\":1},\"hitcount\":1},"
                    + "{\"keys\":{\"qty\":2},\"hitcount\":1},{\"keys\":{\"qty\":4},\"hitcount\":2},"
                    + "{\"keys\":{\"qty\":8},\"hitcount\":4},"
                    + "{\"keys\":{\"qty\":16},\"hitcount\":1}]"));
    assertTrue(
        hist(file, "placed", "qty.buckets=5")
            .contains("[{\"keys\":{\"qty\":0},\"hitcount\":5},{\"keys\":{\"qty\":5},"));
    assertTrue(
        hist(file, "placed if qty > 7", "thread")
            .contains("[{\"keys\":{\"thread\":\"<...>\"},\"hitcount\":1},{\"keys\":{\"thread\":"));
  }

  @Test
  void moreThanAScreenfulIsShownWhenAskedFor() throws IOException {
    Path file = orders("a.dat", 100, 1000);
    List<String> keys = List.of("qty");
    try (Trace trace = Traces.open(file)) {
      List<Trace> traces = List.of(trace);
      Condition placed = Condition.of("placed");
      assertEquals(
          "and 40 more values (--top 100)",
          EventHistogram.of(traces, placed, keys).text(Style.PLAIN).getLast());
      List<String> all = EventHistogram.of(traces, placed, keys, 100).text(Style.PLAIN);
      assertEquals(2 + 100, all.size());
      List<String> one = Difference.of(trace, trace, 1).text(new Style(400, false, true));
      assertEquals("and 1 more type (--top 2)", one.getLast());
    }
  }

  @Test
  void theKernelsSyntaxIsTaken() throws IOException {
    Path file = orders("a.dat", 10, 1000);
    assertTrue(
        hist(file, "placed", "hist:keys=id,common_pid:vals=hitcount,qty:sort=qty.descending:size=9")
            .contains(
                "\"entries\":[{\"keys\":{\"id\":1,\"tid\":8},\"hitcount\":3,\"qty\":15},"
                    + "{\"keys\":{\"id\":0,\"tid\":7},\"hitcount\":3,\"qty\":12},"));
    assertTrue(
        hist(file, "placed", "keys=qty:size=4").contains("\"hits\":10,\"dropped\":6,\"entries\""));
  }

  @ParameterizedTest
  @CsvSource({
    "qt, did you mean qty?",
    "keys=qty:sort=id, 'sort=id is neither a key, nor a value, nor hitcount'",
    "kees=qty, there is no 'kees'",
    "qty.log3, 'FIELD, FIELD.log2, FIELD.hex or FIELD.buckets=10 would be right'",
    "keys=qty:size=0, the size must be from 1 to "
  })
  void aWrongWordIsSaid(String key, String hint) throws IOException {
    Path file = orders("a.dat", 10, 1000);
    var wrong = assertThrows(IllegalArgumentException.class, () -> hist(file, "placed", key));
    assertTrue(wrong.getMessage().contains(hint.replace('"', '\'')), wrong::getMessage);
  }

  @Test
  void traceCmdCountsTheSame() throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    Pattern nr = Pattern.compile(".* sys_enter: +NR (\\d+) .*");
    for (String line : TraceCmd.report(TraceMaker.kernel("sched"))) {
      Matcher matcher = nr.matcher(line);
      if (matcher.matches()) {
        counts.merge(matcher.group(1), 1L, Long::sum);
      }
    }
    String json = hist(TraceMaker.kernel("sched"), "sys_enter", "id");
    counts.forEach(
        (id, count) ->
            assertTrue(
                json.contains("{\"keys\":{\"id\":" + id + "},\"hitcount\":" + count + "}"), json));
  }

  @Test
  void eventsAreCountedBySliceOfTime() throws IOException {
    Path file = orders("a.dat", 100, 10_000_000); // 100 a second for one
    try (Trace trace = Traces.open(file)) {
      String json = Rate.of(List.of(trace), Condition.of("placed"), "250ms").json(Style.PLAIN);
      assertTrue(json.contains("\"every\":250000000,\"from\":1000000000,\"counts\":[25,25,25,25]"));
      List<String> text = Rate.of(List.of(trace), null, null).text(Style.PLAIN);
      assertEquals("all events every 50.0 ms", text.getFirst());
      assertEquals(2 + 20, text.size());
      assertThrows(IllegalArgumentException.class, () -> Rate.of(List.of(trace), null, "1ns"));
    }
  }

  @Test
  void whatChangedIsFirst() throws IOException {
    Path before = orders("before.dat", 1000, 1_000_000);
    Path after = orders("after.dat", 2000, 500_000); // twice as often
    try (Trace one = Traces.open(before);
        Trace other = Traces.open(after)) {
      Difference difference = Difference.of(one, other);
      List<String> text = difference.text(new Style(100, false, true));
      assertTrue(
          text.get(3).matches("shop:placed +1,000 +2,000 +x 2\\.00 +1\\.85 to 2\\.16 +more"),
          text::toString);
      Difference same = Difference.of(one, one);
      assertTrue(same.json(Style.PLAIN).contains("\"ratio\":1.0,"), same.json(Style.PLAIN));
      assertTrue(same.text(Style.PLAIN).stream().noneMatch(line -> line.endsWith("more")));
    }
  }
}
