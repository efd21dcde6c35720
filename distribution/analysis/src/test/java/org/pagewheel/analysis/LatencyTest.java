package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Latencies that the test wrote itself. */
class LatencyTest {
  private static final long SECOND = 1_000_000_000;
  private static final long MILLI = 1_000_000;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("orders.dat");
  }

  private TraceMaker maker(int cpus) throws IOException {
    return new TraceMaker(file, cpus)
        .type("placed", "id", "part")
        .type("filled", "order", "part")
        .type("worked", "id")
        .thread(7, "trader")
        .thread(8, "market");
  }

  private Answer ask(List<String> by, UnaryOperator<Latency> asking) throws IOException {
    return ask("placed", "filled", by, asking);
  }

  private Answer ask(String first, String second, List<String> by, UnaryOperator<Latency> asking)
      throws IOException {
    try (Trace trace = Traces.open(file)) {
      return asking
          .apply(new Latency(List.of(trace), Condition.of(first), Condition.of(second), by))
          .ask();
    }
  }

  private static void assertHas(Answer answer, String part) {
    String json = answer.json(Style.PLAIN);
    assertTrue(json.contains(part), json);
  }

  /** 1000 pairs over two CPUs and threads, that of number n taking n µs; up to 50 overlap. */
  @Test
  void everyPairIsFoundOverThreadsAndCpus() throws IOException {
    TraceMaker maker = maker(2);
    record End(long time, int id) {}
    var ends = new java.util.PriorityQueue<End>(java.util.Comparator.comparingLong(End::time));
    for (int id = 1; id <= 1000; id++) {
      long time = SECOND + id * 20_000L;
      maker.event(0, time, 7, "placed", id, 0);
      ends.add(new End(time + id * 1000L, id));
    }
    for (End end = ends.poll(); end != null; end = ends.poll()) {
      maker.event(1, end.time, 8, "filled", end.id, 0);
    }
    maker.finish();
    Answer answer = ask(List.of("id=order"), latency -> latency.over("900us").top(2));
    assertHas(answer, "\"pairs\":1000,\"min\":1000,");
    assertHas(answer, "\"max\":1000000,");
    assertHas(answer, "\"over\":100,");
    assertHas(
        answer,
        "\"unpaired\":{\"waiting\":0,\"repeated\":0,\"aged\":0,\"crowded\":0,\"ends\":0,"
            + "\"backwards\":0,\"damaged\":0}");
    assertHas(
        answer,
        "\"slowest\":[{\"length\":1000000,\"key\":\"order=1000\",\"begin\":1020000000,"
            + "\"end\":1021000000,\"tids\":[7,8],\"cpus\":[0,1]");
    String json = answer.json(Style.PLAIN);
    double median = Double.parseDouble(json.replaceAll(".*\"p50.0\":([0-9.]+).*", "$1"));
    assertEquals(500_000, median, 500); // three digits
    List<String> text = answer.text(new Style(100, false, true));
    assertEquals("placed -> filled by id=order: 1,000 pairs", text.getFirst());
    assertTrue(
        text.contains("100 (10.0%) took longer than 900 us: --top 100 shows them all"),
        text::toString);
    String more =
        ask(List.of("id=order"), latency -> latency.over("800us")).text(Style.PLAIN).toString();
    assertTrue(more.contains("200 (20.0%) took longer than 800 us: --top 100 shows the sl"), more);
    String all =
        ask(List.of("id=order"), latency -> latency.over("995us")).text(Style.PLAIN).toString();
    assertTrue(all.contains(" 5 (0.5%) took longer than 995 us, "), all); // they are there
  }

  @Test
  void whatDoesNotPairIsCountedByWhy() throws IOException {
    TraceMaker maker = maker(1);
    maker.event(0, SECOND, 7, "filled", 1, 0); // no begin
    maker.event(0, SECOND + 1, 7, "placed", 2, 0); // begins again
    maker.event(0, SECOND + 2, 7, "placed", 2, 0);
    maker.event(0, SECOND + 3, 7, "filled", 2, 0);
    maker.event(0, SECOND + 4, 7, "placed", 3, 0); // too late
    maker.event(0, SECOND + 5 * MILLI, 7, "filled", 3, 0);
    maker.event(0, SECOND + 6 * MILLI, 7, "placed", 4, 0); // never
    maker.finish();
    Answer answer = ask(List.of("id=order"), latency -> latency.within("1ms"));
    assertHas(answer, "\"pairs\":1,\"min\":1,");
    assertHas(
        answer, "\"unpaired\":{\"waiting\":1,\"repeated\":1,\"aged\":1,\"crowded\":0,\"ends\":2,");
  }

  @Test
  void keysThatNeverPairAgeOutAndAreCounted() throws IOException {
    TraceMaker maker = maker(1);
    for (int i = 0; i < 1000; i++) {
      maker.event(0, SECOND + i, 7, "placed", i, 0);
    }
    maker.event(0, SECOND + 2000, 7, "filled", 999, 0);
    maker.event(0, SECOND + 2001, 7, "filled", 5, 0);
    maker.finish();
    Answer answer = ask(List.of("id=order"), latency -> latency.pending(100));
    assertHas(answer, "\"pairs\":1,");
    assertHas(answer, "\"waiting\":99,\"repeated\":0,\"aged\":0,\"crowded\":900,\"ends\":1,");
  }

  @Test
  void severalFieldsAreOneKey() throws IOException {
    TraceMaker maker = maker(1);
    for (int part = 0; part < 3; part++) {
      maker.event(0, SECOND + part, 7, "placed", 1, part);
    }
    maker.event(0, SECOND + 1000, 7, "filled", 1, 2);
    maker.event(0, SECOND + 1001, 7, "filled", 1, 3);
    maker.finish();
    Answer two = ask(List.of("id=order", "part"), latency -> latency);
    assertHas(two, "\"pairs\":1,\"min\":998,");
    assertHas(two, "\"key\":\"order=1 part=2\"");
    assertHas(ask(List.of("id=order", "part", "tid"), latency -> latency), "\"pairs\":1,");
  }

  @Test
  void theSlowestSayWhatTheirThreadsDidMeanwhile() throws IOException {
    TraceMaker maker = maker(2);
    maker.event(1, SECOND - 5, 8, "worked", 1);
    maker.event(0, SECOND, 7, "placed", 1, 0);
    for (int i = 1; i <= 3; i++) {
      maker.event(0, SECOND + i, 7, "worked", i);
    }
    maker.event(1, SECOND + 4, 8, "worked", 4);
    maker.event(1, SECOND + 5, 9, "worked", 5);
    maker.event(1, SECOND + MILLI, 8, "filled", 1, 0);
    maker.finish();
    Answer answer = ask(List.of("id=order"), latency -> latency);
    assertHas(
        answer,
        "\"meanwhile\":[{\"shop:worked\":3},{\"shop:worked\":1}]"); // without the pair itself
    List<String> text = answer.text(Style.PLAIN);
    assertTrue(text.contains("    trader-7: 3 shop:worked"), text::toString);
  }

  @Test
  void wherePairsAreAllThereIsNothingElseIsSaid() throws IOException {
    TraceMaker maker = maker(2);
    maker.event(0, SECOND, 7, "placed", 1, 0);
    maker.event(0, SECOND, 7, "placed", 2, 0); // another one, of the same time
    maker.event(1, SECOND + MILLI, 8, "filled", 1, 0);
    maker.finish();
    Answer answer = ask(List.of("id=order"), latency -> latency);
    assertHas(answer, "\"meanwhile\":[{\"shop:placed\":1},{}]");
    List<String> text = answer.text(Style.PLAIN);
    assertTrue(text.contains("    trader-7: 1 shop:placed"), text::toString);
    assertTrue(text.contains("    market-8: nothing else recorded"), text::toString);
  }

  /** Beside a program that keeps everything. */
  @Test
  void itAgreesWithASlowProgramOnRandomEvents() throws IOException {
    Random random = new Random(42);
    TraceMaker maker = maker(3);
    Map<Long, Long> begun = new HashMap<>();
    List<Long> lengths = new ArrayList<>();
    int repeated = 0;
    int alone = 0;
    long time = SECOND;
    for (int i = 0; i < 20_000; i++) {
      time += 1 + random.nextInt(100_000);
      long id = random.nextInt(500);
      int cpu = random.nextInt(3);
      if (random.nextBoolean()) {
        maker.event(cpu, time, 7 + cpu, "placed", id, 0);
        repeated += begun.put(id, time) == null ? 0 : 1;
      } else {
        maker.event(cpu, time, 7 + cpu, "filled", id, 0);
        Long begin = begun.remove(id);
        if (begin == null) {
          alone++;
        } else {
          lengths.add(time - begin);
        }
      }
    }
    maker.finish();
    lengths.sort(null);
    Answer answer = ask(List.of("id=order"), latency -> latency.top(3));
    assertHas(answer, "\"pairs\":" + lengths.size() + ",");
    assertHas(answer, "\"waiting\":" + begun.size() + ",\"repeated\":" + repeated + ",");
    assertHas(answer, "\"ends\":" + alone + ",");
    assertHas(answer, "\"slowest\":[{\"length\":" + lengths.getLast() + ",");
    String json = answer.json(Style.PLAIN);
    double p99 = Double.parseDouble(json.replaceAll(".*\"p99.0\":([0-9.]+).*", "$1"));
    long right = lengths.get((int) Math.ceil(lengths.size() * 0.99) - 1);
    assertEquals(right, p99, right / 1000.0);
  }

  /** From one event to the next of its own kind: a period. */
  @Test
  void anEventMayEndWhatOneOfItsKindBegan() throws IOException {
    TraceMaker maker = maker(1);
    for (int i = 0; i < 11; i++) {
      maker.event(0, SECOND + i * MILLI, 7, "worked", 1);
    }
    maker.finish();
    assertHas(
        ask("worked", "worked", List.of("id"), latency -> latency),
        "\"pairs\":10,\"min\":1000000,");
  }

  @ParameterizedTest
  @CsvSource({
    "plced, filled, part, did you mean placed?",
    "placed, filled, prt, 'event shop:placed has no field prt, did you mean part?'",
    "placed, filled, id, 'event shop:filled has no field id, did you mean tid?'",
    "placed if id > x, filled, part, is not a value of id"
  })
  void aWrongWordIsSaidWithTheNearest(String first, String second, String by, String hint)
      throws IOException {
    maker(1).event(0, SECOND, 7, "placed", 1, 0).finish();
    var wrong =
        assertThrows(
            IllegalArgumentException.class, () -> ask(first, second, List.of(by), one -> one));
    assertTrue(wrong.getMessage().contains(hint), wrong::getMessage);
  }

  @Test
  void theTableOfThoseThatWaitIsAPlainQueueOfKeys() {
    Random random = new Random(7);
    Pending pending = new Pending(64);
    ArrayDeque<Long> waiting = new ArrayDeque<>();
    for (int i = 0; i < 100_000; i++) {
      long key = random.nextInt(100);
      int entry = pending.find(key, key / 10);
      assertEquals(waiting.contains(key), entry != 0);
      if (entry != 0) {
        pending.remove(entry);
        waiting.remove(key);
      } else {
        if (pending.isFull()) {
          pending.remove(pending.oldest());
          waiting.remove();
        }
        pending.add(key, key / 10, i, 1, 2);
        waiting.add(key);
      }
      assertEquals(waiting.size(), pending.size());
    }
  }
}
