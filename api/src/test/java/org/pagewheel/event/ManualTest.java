package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.pagewheel.Buffer;

/** The snippets of the manual: they stand here, compiled and run. */
class ManualTest {
  enum Side {
    BUY,
    SELL
  }

  record OrderFilled(long id, double price, Side side, @Limit(64) String venue) {}

  static final EventType<OrderFilled> FILLED = EventType.of("shop", OrderFilled.class);

  record Place(long id, String symbol) {}

  record Placed(Side side, int fills) {}

  static final SpanType<Place, Placed> PLACE = SpanType.of("shop", Place.class, Placed.class);

  record Matched(long id, int fills) {}

  static final DurationType<Matched> MATCHED = DurationType.of("shop", Matched.class);

  record Trade(String symbol) {}

  record Settled(boolean inTime) {}

  static final AsyncSpanType<Trade, Settled> TRADE =
      AsyncSpanType.of("shop", Trade.class, Settled.class);

  record Stock(String symbol, @Counter int orders, @Counter double worth) {}

  static final EventType<Stock> STOCK = EventType.of("shop", Stock.class);

  record Sent(@Flow long request) {}

  record Received(@Flow long request, int bytes) {}

  private static int match() {
    return 3;
  }

  private static void spans(Buffer buffer) {
    try (var span = PLACE.begin(buffer, new Place(17, "ACME"))) {
      span.end(new Placed(Side.BUY, match()));
    }
    try (var span = MATCHED.begin(buffer)) {
      span.end(new Matched(17, match()));
    }
    TRADE.begin(buffer, 17, new Trade("ACME"));
    TRADE.end(buffer, 17, new Settled(true));
    STOCK.record(buffer, new Stock("ACME", 2, 0.5));
    EventType.of("shop", Sent.class).record(buffer, new Sent(4));
    EventType.of("shop", Received.class).record(buffer, new Received(4, 100));
  }

  private static void write(Buffer buffer) {
    FILLED.record(buffer, new OrderFilled(17, 101.25, Side.BUY, "XETRA"));
  }

  private static void choose(Buffer buffer) {
    buffer.events().disable("shop:*");
    buffer.events().enable("shop:order_*"); // the last one that matches a type decides
  }

  @Test
  void theManualPrintsWhatItSays() throws Exception {
    PageBuffer buffer = PageBuffer.of(1);
    write(buffer);
    var report = TinyTraceFile.report(List.of(FILLED.format()), Map.of(), buffer.pageRing());
    assertEquals(1, report.size(), report::toString);
    String line = report.getFirst().replaceAll(" +", " ");
    assertTrue(
        line.endsWith("order_filled: id=17 price=101.250000 side=BUY venue=XETRA"), () -> line);
    buffer.close();
  }

  @Test
  void theSpansOfTheManualAreAsItSays() throws Exception {
    PageBuffer buffer = PageBuffer.of(1);
    spans(buffer);
    var formats =
        List.of(
            PLACE.beginType().format(),
            PLACE.endType().format(),
            MATCHED.eventType().format(),
            TRADE.beginType().format(),
            TRADE.endType().format(),
            STOCK.format());
    var report = TinyTraceFile.report(formats, Map.of(), buffer.pageRing());
    List<String> lines =
        report.stream()
            .limit(6)
            .map(line -> line.substring(line.indexOf(": ") + 2).replaceAll(" +", " "))
            .map(line -> line.replaceAll("0x[1-9a-f]\\w{2,}", "0x7800001"))
            .map(line -> line.replaceAll("\\d+ ns", "4309 ns"))
            .toList();
    assertEquals(
        List.of(
            "place_begin: span=0x7800001 id=17 symbol=ACME",
            "place_end: span=0x7800001 ended=true side=BUY fills=3",
            "matched: duration=4309 ns ended=true id=17 fills=3",
            "trade_begin: span=0x11 symbol=ACME",
            "trade_end: span=0x11 in_time=true",
            "stock: symbol=ACME orders=2 worth=0.500000"),
        lines);
    buffer.close();
  }

  @Test
  void theLastPatternDecides() {
    PageBuffer buffer = PageBuffer.of(1);
    choose(buffer);
    assertTrue(FILLED.isEnabled(buffer));
    assertFalse(buffer.events().isEnabled("shop", "stock_taken"));
    buffer.close();
  }

  @Test
  void everySnippetOfTheManualStandsInThisTest() throws IOException {
    Path here = Path.of("src/test/java/org/pagewheel/event/ManualTest.java");
    Path sources = Path.of("src/main/java/org/pagewheel/event");
    String compiled = plain(Files.readString(here));
    int snippets = 0;
    List<String> files =
        List.of(
            "package-info.java",
            "EventType.java",
            "SpanType.java",
            "DurationType.java",
            "AsyncSpanType.java",
            "Counter.java",
            "Flow.java");
    for (String file : files) {
      String source = Files.readString(sources.resolve(file));
      var snippet = Pattern.compile("\\{@snippet :\\n(.*?)\\n \\* }\\n", Pattern.DOTALL);
      for (var found : snippet.matcher(source).results().toList()) {
        for (String part : found.group(1).split("\\n \\*\\n")) {
          String code = plain(part.replaceAll("(?m)^ \\* ?", ""));
          assertTrue(compiled.contains(code), () -> file + " shows what is not compiled: " + code);
        }
        snippets++;
      }
    }
    assertEquals(10, snippets);
  }

  private static String plain(String code) {
    return code.replaceAll("\\s+", " ").strip();
  }
}
