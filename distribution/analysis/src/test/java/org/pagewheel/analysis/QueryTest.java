package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.analysis.Query.Format;
import org.pagewheel.tracedat.TraceOption;

/** What queries print, beside what {@code trace-cmd} prints and of events that the test wrote. */
class QueryTest {
  private static final long SECOND = 1_000_000_000;

  /** A question that can be asked of any trace. */
  private interface Asking {
    Query of(Query query) throws Exception;
  }

  @TempDir Path directory;
  private Path file;

  /** 100 orders, one each 10 ms from second 1 on; each tenth is of thread 8 and CPU 1. */
  @BeforeEach
  void write() throws Exception {
    file = directory.resolve("orders.dat");
    TraceMaker maker =
        new TraceMaker(file, 2)
            .type("placed", "id", "price")
            .type("filled", "id", "qty")
            .thread(7, "trader-1")
            .thread(8, "trader-2");
    for (int i = 0; i < 100; i++) {
      boolean tenth = i % 10 == 0;
      long time = SECOND + i * 10_000_000L;
      maker.event(tenth ? 1 : 0, time, tenth ? 8 : 7, "placed", i, i * 37 % 100);
      maker.event(tenth ? 1 : 0, time + 1000, tenth ? 8 : 7, "filled", i, -i);
    }
    maker.finish();
  }

  private static List<String> ask(Path file, Asking asking) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Trace trace = Traces.open(file)) {
      Query query = asking.of(new Query(List.of(trace)));
      assertEquals(List.of(), query.run(new Style(80, false, true), lines::add));
    }
    return lines;
  }

  private List<String> ask(UnaryOperator<Query> asking) throws Exception {
    return ask(file, asking::apply);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sched", "discard", "idle", "tsc", "counter", "instance", "subbuf16"})
  void everythingIsAsTraceCmdReports(String name) throws Exception {
    Path kernel = TraceMaker.kernel(name);
    assertEquals(known(TraceCmd.report(kernel)), known(ask(kernel, query -> query)));
    assertEquals(known(TraceCmd.report(kernel, "-t")), known(ask(kernel, Query::nanos)));
  }

  /**
   * The format of this one calls the kernel's own constants by name: neither knows them. Blanks at
   * the end of a mark are left out here.
   */
  private static List<String> known(List<String> lines) {
    return lines.stream()
        .filter(line -> !line.contains(" hrtimer_start: "))
        .map(String::stripTrailing)
        .toList();
  }

  @Test
  void severalFilesAreMergedAsTraceCmdDoes() throws Exception {
    Path one = TraceMaker.kernel("sched");
    Path other = TraceMaker.kernel("idle");
    List<String> lines = new ArrayList<>();
    try (Trace first = Traces.open(one);
        Trace second = Traces.open(other)) {
      new Query(List.of(first, second)).run(Style.PLAIN, lines::add);
    }
    List<String> report = TraceCmd.report(one, "-i", other.toString(), "-i");
    assertEquals(
        report.stream().filter(line -> !line.contains(": cpus=")).toList().size(), lines.size());
  }

  @Test
  void ourOwnEventsAreAsTraceCmdReports() throws Exception {
    assertEquals(TraceCmd.report(file), ask(query -> query));
  }

  @ParameterizedTest
  @CsvSource({
    "sched, 'sched_switch if prev_state == 1', 'sched/sched_switch:prev_state == 1'",
    "sched, 'sched:sched_wakeup', 'sched/sched_wakeup'",
    "sched, 'irq:softirq_raise if vec == 9 || vec == 1', "
        + "'irq/softirq_raise:vec == 9 || vec == 1'",
    "idle, 'sched_switch if next_comm == \"python3\"', "
        + "'sched/sched_switch:next_comm == \"python3\"'",
  })
  void aFilterChoosesWhatThatOfTraceCmdDoes(String name, String ours, String theirs)
      throws Exception {
    Path kernel = TraceMaker.kernel(name);
    List<String> report = TraceCmd.report(kernel, "-F", theirs);
    assertTrue(report.size() > 1, report::toString);
    assertEquals(report, ask(kernel, query -> query.where(Condition.of(ours))));
  }

  @Test
  void aFilterAloneAsksEveryTypeThatHasTheField() throws Exception {
    assertEquals(20, ask(query -> query.where(Condition.of("id >= 90"))).size());
    assertEquals(10, ask(query -> query.where(Condition.of("qty <= -90"))).size());
    assertEquals(20, ask(query -> query.where(Condition.of("common_pid == 8"))).size());
  }

  @Test
  void threadsAndTimesChoose() throws Exception {
    assertEquals(20, ask(query -> query.thread("trader-2")).size());
    assertEquals(20, ask(query -> query.thread("8")).size());
    assertEquals(200, ask(query -> query.thread("trader-*")).size());
    assertEquals(4, ask(file, query -> query.between("1.01", "1.020001")).size());
    assertEquals(22, ask(file, query -> query.between("+0s", "+100001us")).size());
  }

  /** As they are printed. */
  @Test
  void threadsWithoutANameAreChosenToo() throws Exception {
    Path kernel = TraceMaker.kernel("sched");
    for (String name : List.of("<idle>", "<...>")) {
      List<String> printed =
          ask(kernel, query -> query).stream().filter(line -> line.contains(name + "-")).toList();
      assertEquals(printed, ask(kernel, query -> query.thread(name)), name);
    }
    Path other = directory.resolve("nameless.dat");
    new TraceMaker(other, 1)
        .type("placed", "id", "price")
        .thread(7, "trader")
        .event(0, SECOND, 7, "placed", 1, 1)
        .event(0, SECOND + 1, 9, "placed", 2, 2)
        .event(0, SECOND + 2, 0, "placed", 3, 3)
        .finish();
    UnaryOperator<Query> ids = query -> query.as(Format.TEXT, List.of("id"));
    assertEquals(List.of("id", "2"), ask(other, query -> ids.apply(query.thread("<...>"))));
    assertEquals(List.of("id", "3"), ask(other, query -> ids.apply(query.thread("<idle>"))));
    assertEquals(4, ask(other, query -> ids.apply(query.thread("*"))).size());
  }

  @Test
  void whatHappenedAroundAnEventIsShown() throws Exception {
    Condition fifty = Condition.of("placed if id == 50");
    List<String> lines = ask(file, query -> query.around(fifty, "20ms", "10ms"));
    assertEquals(7, lines.size(), lines::toString); // placed and filled of 48, 49, 50; placed of 51
    assertTrue(lines.getFirst().contains("placed:               id=48"), lines::toString);
    assertTrue(lines.getLast().contains("placed:               id=51"), lines::toString);
    List<String> filled =
        ask(file, query -> query.where(Condition.of("filled")).around(fifty, "20ms", "10001us"));
    assertEquals(4, filled.size(), filled::toString);
  }

  @Test
  void aroundWhatIsNotThereThereIsNothingAndANote() throws Exception {
    try (Trace trace = Traces.open(file)) {
      Query query = new Query(List.of(trace)).around(Condition.of("placed if id > 99"), "1s", "1s");
      List<String> lines = new ArrayList<>();
      assertEquals(List.of(), query.run(Style.PLAIN, lines::add));
      assertEquals(List.of(), lines);
      assertEquals(
          List.of("--around: no event is one of placed if id > 99, so there is none around it"),
          query.notes());
    }
  }

  @Test
  void columnsSortAndTop() throws Exception {
    assertEquals(
        List.of("id,price", "27,99", "54,98", "81,97"),
        ask(
            query ->
                query
                    .where(Condition.of("placed"))
                    .as(Format.CSV, List.of("id", "price"))
                    .sort("price")
                    .top(3)));
    assertEquals(
        List.of("{\"id\":99,\"qty\":-99}", "{\"id\":98,\"qty\":-98}"),
        ask(
            query ->
                query
                    .where(Condition.of("filled"))
                    .as(Format.JSON, List.of("id", "qty"))
                    .sort("qty.ascending")
                    .top(2)));
    assertEquals(
        List.of(
            "time            cpu  thread            id",
            "1.000000        1    trader-2          0"),
        ask(
            query ->
                query
                    .where(Condition.of("placed"))
                    .as(Format.TEXT, List.of("time", "cpu", "thread", "id"))
                    .top(1)));
  }

  @Test
  void timesOfDayAreThoseThatTheFileKnows() throws Exception {
    Path known = directory.resolve("wall.dat");
    long offset = 1_790_000_000L * SECOND; // 2026-09-21T14:13:20Z
    new TraceMaker(known, 1)
        .type("placed", "id", "price")
        .option(TraceOption.version(4711, offset))
        .event(0, 5 * SECOND, 7, "placed", 1, 2)
        .event(0, 6 * SECOND, 7, "placed", 2, 2)
        .finish();
    List<String> lines = new ArrayList<>();
    try (Trace trace = Traces.open(known)) {
      Style wall = new Style(80, true, true);
      new Query(List.of(trace)).as(Format.JSON, List.of("time")).run(wall, lines::add);
      String day = "2026-09-21T14:13:25.5Z";
      new Query(List.of(trace)).between(day, "9").run(Style.PLAIN, lines::add);
    }
    assertEquals("{\"time\":\"2026-09-21T14:13:25Z\"}", lines.getFirst());
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(lines.getLast().contains("id=2"), lines::toString);
    assertThrows(
        IllegalArgumentException.class,
        () -> ask(file, query -> query.between("2026-09-21T14:13:25Z", "9")));
  }

  @Test
  void linesForPrograms() throws Exception {
    assertEquals(
        "{\"time\":1000000000,\"cpu\":1,\"tid\":8,\"thread\":\"trader-2\","
            + "\"event\":\"shop:placed\",\"fields\":{\"id\":0,\"price\":0}}",
        ask(query -> query.as(Format.JSON, null)).getFirst());
    List<String> csv = ask(query -> query.as(Format.CSV, null));
    assertEquals("time,cpu,tid,thread,event,fields", csv.getFirst());
    assertEquals("1.000000,1,8,trader-2,shop:placed,id=0 price=0", csv.get(1));
    List<String> one = ask(query -> query.where(Condition.of("filled")).as(Format.CSV, null));
    assertEquals("time,cpu,tid,thread,event,id,qty", one.getFirst());
    assertEquals("1.000001,1,8,trader-2,shop:filled,0,0", one.get(1));
  }

  @Test
  void numbersWithoutASignAreNotNegative() throws Exception {
    Path other = directory.resolve("unsigned.dat");
    new TraceMaker(other, 1)
        .type("mapped", "u64 address")
        .event(0, SECOND, 7, "mapped", 5)
        .event(0, SECOND + 1, 7, "mapped", -1)
        .event(0, SECOND + 2, 7, "mapped", -2)
        .finish();
    String most = "18446744073709551615";
    assertTrue(ask(other, query -> query).get(1).endsWith("address=" + most));
    List<String> address = List.of("address");
    assertEquals(
        List.of("address", most, most.replace("615", "614"), "5"),
        ask(other, query -> query.as(Format.CSV, address).sort("address")));
    assertEquals(
        "{\"address\":" + most + "}", ask(other, query -> query.as(Format.JSON, address)).get(1));
    assertTrue(ask(other, query -> query.as(Format.JSON, null)).get(1).contains(":" + most + "}"));
    try (Trace trace = Traces.open(other)) {
      Condition mapped = Condition.of("mapped");
      String hist = EventHistogram.of(List.of(trace), mapped, address).json(Style.PLAIN);
      assertTrue(hist.contains("{\"address\":" + most + "}"), hist);
      List<String> hex =
          EventHistogram.of(List.of(trace), mapped, List.of("address.hex")).text(Style.PLAIN);
      assertTrue(hex.stream().anyMatch(line -> line.startsWith("ffffffffffffffff ")), "" + hex);
    }
  }

  @Test
  void numbersOfDifferentKindsHaveOneOrder() {
    List<Object> ordered =
        List.of(
            "text",
            Double.NEGATIVE_INFINITY,
            Long.MIN_VALUE,
            -1.5,
            -1L,
            0L,
            0.5,
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            0x1p63, // as a double the two before are the same
            BigInteger.ONE.shiftLeft(63).add(BigInteger.ONE),
            Double.NaN);
    for (int i = 0; i < ordered.size(); i++) {
      for (int j = 0; j < ordered.size(); j++) {
        int order = Ranking.compare(ordered.get(i), ordered.get(j));
        assertEquals(Integer.compare(i, j), Integer.signum(order), i + " and " + j);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "plced, 'there is no event plced in ', did you mean placed?",
    "shop:fild, 'there is no event shop:fild in ', did you mean shop:filled?",
    "placed if prise > 1, has no field prise, did you mean price?",
    "prise > 1, no event has a field prise, did you mean price?",
    "price >, the end is where a value should be, would be right",
    "placed if id ~ 3, ~ is for texts, id is a number",
  })
  void aWrongWordIsSaidWithTheNearest(String condition, String what, String hint) {
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () -> ask(query -> query.where(Condition.of(condition))));
    assertTrue(wrong.getMessage().contains(what), wrong::getMessage);
    assertTrue(wrong.getMessage().contains(hint), wrong::getMessage);
    assertEquals(1, wrong.getMessage().lines().count());
  }

  @ParameterizedTest
  @CsvSource({
    "thread, trader-3, did you mean trader-1?",
    "columns, prise, did you mean price?",
    "sort, prise, did you mean price?",
    "before, 2 parsec, 'such as 50us, 500ms, 2s or 1min would be right'",
    "between, noon, 'one as it is printed, such as 6831.459574'"
  })
  void soIsAWrongOption(String option, String value, String hint) {
    var wrong =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ask(
                    file,
                    query ->
                        switch (option) {
                          case "thread" -> query.thread(value);
                          case "columns" -> query.as(Format.TEXT, List.of(value));
                          case "sort" -> query.sort(value);
                          case "before" -> query.around(Condition.of("placed"), value, "1s");
                          default -> query.between(value, "1");
                        }));
    assertTrue(wrong.getMessage().contains(hint), wrong::getMessage);
  }
}
