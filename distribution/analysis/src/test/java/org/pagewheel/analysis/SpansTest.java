package org.pagewheel.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spans that the test wrote itself, found in a file by what its formats say. */
class SpansTest {
  private static final long SECOND = 1_000_000_000;
  private static final long MILLI = 1_000_000;

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("spans.dat");
  }

  private TraceMaker maker(int cpus) throws IOException {
    return new TraceMaker(file, cpus)
        .type("place_begin", "span_begin u64 span", "id")
        .type("place_end", "span_end u64 span", "fills")
        .type("trade_begin", "async_begin u64 span")
        .type("trade_end", "async_end u64 span")
        .type("matched", "span s64 duration", "id")
        .type("other", "id")
        .thread(7, "trader")
        .thread(8, "market");
  }

  private Answer ask(String span, UnaryOperator<Latency> asking) throws IOException {
    try (Trace trace = Traces.open(file)) {
      return asking.apply(Latency.ofSpan(List.of(trace), Condition.of(span))).ask();
    }
  }

  private static void assertHas(Answer answer, String part) {
    String json = answer.json(Style.PLAIN);
    assertTrue(json.contains(part), json);
  }

  /** Span n of 1000 takes n µs; they nest by twos, and the outer one ends on another CPU. */
  private void thousand() throws IOException {
    TraceMaker maker = maker(2);
    for (int i = 1; i <= 1000; i += 2) {
      long time = SECOND + i * 2 * MILLI;
      maker.event(0, time, 7, "place_begin", 5000 + i, i);
      maker.event(0, time + 100, 7, "place_begin", 5001 + i, i + 1);
      maker.event(0, time + 100 + i * 1000L, 7, "place_end", 5001 + i, 3);
      maker.event(1, time + (i + 1) * 1000L, 7, "place_end", 5000 + i, 4);
    }
    maker.finish();
  }

  @Test
  void everySpanIsFoundByItsNumber() throws IOException {
    thousand();
    Answer answer = ask("place", latency -> latency.over("900us").top(1));
    assertHas(answer, "{\"span\":\"place\",\"left\":0,\"pairs\":1000,\"min\":1000,");
    assertHas(answer, "\"max\":1000000,");
    assertHas(answer, "\"over\":100,");
    assertHas(answer, "\"length\":1000000,\"key\":\"id=999 fills=4\"");
    assertHas(answer, "\"meanwhile\":[{\"shop:place_begin\":1,\"shop:place_end\":1}");
    String text = String.join("\n", answer.text(Style.PLAIN));
    assertTrue(text.startsWith("place: 1,000 spans\n"), text);
  }

  @Test
  void aFilterIsAskedOfTheEventThatHasItsFields() throws IOException {
    thousand();
    assertHas(ask("shop:place if id == 7", latency -> latency), "\"pairs\":1,");
    Answer answer = ask("place if fills == 3", latency -> latency);
    assertHas(answer, "\"pairs\":500,");
    assertHas(
        answer, "\"unpaired\":{\"waiting\":0,\"repeated\":0,\"aged\":0,\"crowded\":0,\"ends\":0");
  }

  @Test
  void whatFindsNoOtherHalfIsCounted() throws IOException {
    maker(1)
        .event(0, SECOND, 7, "place_end", 1, 0)
        .event(0, SECOND + 1, 7, "place_begin", 2, 0)
        .event(0, SECOND + 2, 7, "place_begin", 2, 0)
        .event(0, SECOND + 5, 7, "place_end", 2, 0)
        .event(0, SECOND + 6, 7, "place_begin", 3, 0)
        .finish();
    Answer answer = ask("place", latency -> latency);
    assertHas(answer, "\"pairs\":1,\"min\":3,");
    assertHas(
        answer, "\"unpaired\":{\"waiting\":1,\"repeated\":1,\"aged\":0,\"crowded\":0,\"ends\":1");
    String text = String.join("\n", answer.text(Style.PLAIN));
    assertTrue(
        text.contains("unpaired place begins: 1 without an end in the trace, 1 followed"), text);
    assertTrue(text.contains("unpaired place ends: 1 without a begin"), text);
  }

  @Test
  void asynchronousSpansGoOverThreads() throws IOException {
    maker(2)
        .event(0, SECOND, 7, "trade_begin", 17)
        .event(0, SECOND + 10, 7, "trade_begin", 18)
        .event(1, SECOND + 1000, 8, "trade_end", 18)
        .event(1, SECOND + 2000, 8, "trade_end", 17)
        .finish();
    Answer answer = ask("trade", latency -> latency);
    assertHas(answer, "\"pairs\":2,\"min\":990,");
    assertHas(answer, "\"tids\":[7,8],");
  }

  @Test
  void aDurationIsEnough() throws IOException {
    maker(1)
        .event(0, SECOND, 7, "matched", 5000, 1)
        .event(0, SECOND + 9, 7, "other", 1)
        .event(0, SECOND + 10, 7, "matched", -5, 2)
        .finish();
    Answer answer = ask("matched if id == 1", latency -> latency);
    assertHas(answer, "\"pairs\":1,\"min\":5000,");
    assertHas(answer, "\"key\":\"id=1\"");
    assertHas(ask("matched", latency -> latency), "\"backwards\":1");
  }

  @Test
  void whatIsNoSpanIsRefused() throws IOException {
    thousand();
    assertEquals(
        "shop:other is not a span: name two events, or one of a type that begins and ends",
        assertThrows(IllegalArgumentException.class, () -> ask("other", latency -> latency))
            .getMessage());
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> ask("placed", latency -> latency))
            .getMessage()
            .contains("did you mean place"));
  }

  @Test
  void aSummaryHasTheSpans() throws IOException {
    TraceMaker maker = maker(1);
    for (int i = 0; i < 100; i++) {
      maker.event(0, SECOND + i * MILLI, 7, "place_begin", i + 1, i);
      maker.event(0, SECOND + i * MILLI + 2000, 7, "place_end", i + 1, i);
      maker.event(0, SECOND + i * MILLI + 3000, 7, "matched", 500, i);
    }
    maker.event(0, 2 * SECOND, 7, "place_begin", 5000, 0).finish();
    try (Trace trace = Traces.open(file)) {
      Summary summary = Summary.of(List.of(trace));
      String json = summary.json(Style.PLAIN);
      assertTrue(
          json.contains(
              "\"spans\":[{\"span\":\"shop:place\",\"count\":100,\"p50\":2000,\"p99\":2000,"
                  + "\"max\":2000,\"unended\":1,\"unbegun\":0,\"left\":0},"
                  + "{\"span\":\"shop:matched\",\"count\":100,\"p50\":500,"),
          json);
      String text = String.join("\n", summary.text(Style.PLAIN)).replaceAll(" +", " ");
      assertTrue(text.contains("span ended p50 p99 most open no result"), text);
      assertTrue(text.contains("shop:place 100 2.00 us 2.00 us 2.00 us 1 0"), text);
    }
  }

  @Test
  void aSpansNameStandsForItsEvents() throws IOException {
    thousand();
    try (Trace trace = Traces.open(file)) {
      Matching matching = Condition.of("place").in(List.of(trace));
      assertEquals(
          List.of("place_begin", "place_end"),
          matching.formats().stream().map(format -> format.name()).toList());
    }
  }
}
