package org.pagewheel.acceptance.readme;

import org.pagewheel.Buffer;
import org.pagewheel.event.Counter;
import org.pagewheel.event.EventType;
import org.pagewheel.event.SpanType;

/** The spans of the README. */
final class Desk {
  record Place(long id, String symbol) {}

  record Placed(int fills) {}

  record Depth(String symbol, @Counter int orders) {}

  static final SpanType<Place, Placed> PLACE = SpanType.of("shop", Place.class, Placed.class);
  static final EventType<Depth> DEPTH = EventType.of("shop", Depth.class);

  void place(Buffer buffer, long id) {
    try (var span = PLACE.begin(buffer, new Place(id, "ACME"))) { // shop:place_begin
      DEPTH.record(buffer, new Depth("ACME", 17)); // a line over time in a timeline
      span.end(new Placed(2)); // shop:place_end; left by an exception: one with ended=false
    }
  }
}
