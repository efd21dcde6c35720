package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the real trace-cmd prints of spans, counters and flows; fails where there is none. */
class ReportedSpansTest {
  record Place(long id, String symbol) {}

  record Placed(int fills, double price) {}

  record Matched(long id) {}

  record Trade(String symbol) {}

  record Stock(@Counter int orders, @Counter @Unsigned long worth, @Counter double price) {}

  record Sent(@Flow long request, @Flow @Hex int part) {}

  static final SpanType<Place, Placed> PLACE =
      SpanType.of("reported_span", Place.class, Placed.class);
  static final SpanType<Trade, Void> TRADE = SpanType.of("reported_span", Trade.class);
  static final DurationType<Matched> MATCHED = DurationType.of("reported_span", Matched.class);
  static final AsyncSpanType<Trade, Matched> ASYNC =
      AsyncSpanType.of("reported_async", Trade.class, Matched.class);
  static final EventType<Stock> STOCK = EventType.of("reported_span", Stock.class);
  static final EventType<Sent> SENT = EventType.of("reported_span", Sent.class);

  private final PageBuffer buffer = PageBuffer.of(4);

  @AfterEach
  void close() {
    buffer.close();
  }

  @Test
  void traceCmdPrintsThemAsAnyEvent() throws Exception {
    try (var _ = TRADE.begin(buffer, new Trade("ACME"));
        var span = PLACE.begin(buffer, new Place(17, "ACME"))) {
      span.end(new Placed(-3, 99.5));
    }
    PLACE.begin(buffer, new Place(18, null)).close();
    MATCHED.begin(buffer).end(new Matched(-1));
    ASYNC.begin(buffer, -1, new Trade("ACME"));
    ASYNC.end(buffer, -1, new Matched(1));
    STOCK.record(buffer, new Stock(-5, -1, -0.25));
    SENT.record(buffer, new Sent(-7, -1));
    List<EventFormat> formats =
        List.of(
            PLACE.beginType().format(),
            PLACE.endType().format(),
            TRADE.beginType().format(),
            TRADE.endType().format(),
            MATCHED.eventType().format(),
            ASYNC.beginType().format(),
            ASYNC.endType().format(),
            STOCK.format(),
            SENT.format());
    List<String> report =
        TinyTraceFile.report(formats, Map.of(), buffer.pageRing()).stream()
            .map(line -> line.substring(line.indexOf(": ") + 2).replaceAll(" +", " ").strip())
            .map(line -> line.replaceAll("span=0x[0-9a-e]\\w+", "span=N"))
            .map(line -> line.replaceAll("duration=[1-9]\\d* ns", "duration=N"))
            .toList();
    assertEquals(
        List.of(
            "trade_begin: span=N symbol=ACME",
            "place_begin: span=N id=17 symbol=ACME",
            "place_end: span=N ended=true fills=-3 price=99.500000",
            "trade_end: span=N",
            "place_begin: span=N id=18 symbol=(null)",
            "place_end: span=N ended=false fills=0 price=0.000000",
            "matched: duration=N ended=true id=-1",
            "trade_begin: span=0xffffffffffffffff symbol=ACME",
            "trade_end: span=0xffffffffffffffff id=1",
            "stock: orders=-5 worth=18446744073709551615 price=-0.250000",
            "sent: request=-7 part=0xffffffff"),
        report);
  }
}
