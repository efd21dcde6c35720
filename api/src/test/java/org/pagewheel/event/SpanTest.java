package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.EventField.Role;
import org.pagewheel.event.internal.SpanIds;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.RingWriter;

/** What becomes of spans, whatever is done with them. */
class SpanTest {
  record Place(long id, String symbol) {}

  record Placed(int fills, String venue) {}

  record Idle(int reason) {}

  record Matched(long id) {}

  record Trade(String symbol) {}

  record Settled(boolean inTime) {}

  static final SpanType<Place, Placed> PLACE = SpanType.of("span", Place.class, Placed.class);
  static final SpanType<Idle, Void> IDLE = SpanType.of("span", Idle.class);
  static final DurationType<Matched> MATCHED = DurationType.of("span", Matched.class);
  static final AsyncSpanType<Trade, Settled> TRADE =
      AsyncSpanType.of("span", Trade.class, Settled.class);
  static final AsyncSpanType<Idle, Void> WAIT = AsyncSpanType.of("span_async", Idle.class);

  private final PageBuffer buffer = PageBuffer.of(64);

  @AfterEach
  void close() {
    buffer.close();
  }

  /** A ring that refuses everything, as a full one does. */
  private record Full(RingWriter ring) implements RingWriter {
    @Override
    public long reserve(int length) {
      return Refusal.DROPPED;
    }

    @Override
    public MemorySegment memory(long reservation) {
      return ring.memory(reservation);
    }

    @Override
    public void commit(long reservation) {
      ring.commit(reservation);
    }

    @Override
    public void discard(long reservation) {
      ring.discard(reservation);
    }

    @Override
    public int maxEventSize() {
      return ring.maxEventSize();
    }
  }

  /** An event as a text without what no test can know. */
  private record Seen(String text, long span, int pid) {}

  private static List<Seen> seen(PageRing ring) throws Exception {
    EventDecoder decoder =
        new EventDecoder(
            List.of(
                PLACE.beginType().format(),
                PLACE.endType().format(),
                IDLE.beginType().format(),
                IDLE.endType().format(),
                MATCHED.eventType().format(),
                TRADE.beginType().format(),
                TRADE.endType().format(),
                WAIT.beginType().format(),
                WAIT.endType().format()),
            ByteOrder.LITTLE_ENDIAN);
    List<Seen> all = new ArrayList<>();
    for (MemorySegment payload : ring.events()) {
      Event event = decoder.event(payload, 0, (int) payload.byteSize(), 0, 0);
      StringBuilder text = new StringBuilder(event.name());
      long span = 0;
      for (EventField field : event.fields()) {
        if (field.role() == Role.NONE) {
          text.append(' ').append(field.name()).append('=').append(event.get(field.name()));
        } else {
          span = event.getLong(field.name());
        }
      }
      all.add(new Seen(text.toString(), span, event.pid()));
    }
    return all;
  }

  private List<String> texts() throws Exception {
    return seen(buffer.pageRing()).stream().map(Seen::text).toList();
  }

  @Test
  void aSpanIsTwoEventsOfOneNumber() throws Exception {
    long before = PLACE.skipped();
    try (var span = PLACE.begin(buffer, new Place(17, "ACME"))) {
      assertTrue(span.end(new Placed(3, "XETRA")));
    }
    List<Seen> seen = seen(buffer.pageRing());
    assertEquals(
        List.of("place_begin id=17 symbol=ACME", "place_end fills=3 venue=XETRA ended=true"),
        sorted(texts()));
    assertEquals(seen.get(0).span, seen.get(1).span);
    assertNotEquals(0, seen.get(0).span);
    assertEquals(before, PLACE.skipped());
  }

  /**
   * The order of fields is that of the format text, by size: what is asked here is their values.
   */
  private static List<String> sorted(List<String> texts) {
    return texts.stream()
        .map(
            text -> {
              String[] words = text.split(" ");
              return words.length < 4 || !words[1].startsWith("ended")
                  ? text
                  : words[0] + " " + words[2] + " " + words[3] + " " + words[1];
            })
        .toList();
  }

  @Test
  void aSpanThatIsLeftSaysSo() throws Exception {
    assertThrows(
        IllegalStateException.class,
        () -> {
          try (var _ = PLACE.begin(buffer, new Place(1, "x"))) {
            throw new IllegalStateException("on its way");
          }
        });
    List<String> texts = texts();
    assertEquals(2, texts.size());
    assertTrue(texts.get(1).contains("ended=false"), texts::toString);
    assertTrue(texts.get(1).contains("fills=0"), texts::toString);
    assertTrue(texts.get(1).contains("venue=(null)"), texts::toString);
  }

  @Test
  void aSpanWithoutResultHasNoWordForIt() throws Exception {
    try (var _ = IDLE.begin(buffer, new Idle(3))) {
      buffer.mark("inside");
    }
    Span<Void> other = IDLE.begin(buffer, new Idle(4));
    assertTrue(other.end(null));
    assertEquals(
        List.of("idle_begin reason=3", "unknown", "idle_end", "idle_begin reason=4", "idle_end"),
        texts());
  }

  @Test
  void theSecondEndWritesNothingAndIsCounted() throws Exception {
    long before = PLACE.skipped();
    Span<Placed> span = PLACE.begin(buffer, new Place(1, "x"));
    span.end(new Placed(1, "a"));
    assertFalse(span.end(new Placed(2, "b")));
    span.close();
    span.close();
    assertEquals(2, texts().size());
    assertEquals(before + 1, PLACE.skipped(), "closing again is no mistake");
    Span<Placed> closed = PLACE.begin(buffer, new Place(2, "x"));
    closed.close();
    assertFalse(closed.end(new Placed(2, "b")));
    assertEquals(4, texts().size());
    assertEquals(before + 2, PLACE.skipped());
  }

  @Test
  void aRefusedBeginMakesTheEndHarmless() throws Exception {
    PageRing ring = buffer.pageRing();
    long before = PLACE.skipped();
    buffer.replace(new Full(ring));
    Span<Placed> span = PLACE.begin(buffer, new Place(1, "x"));
    Span<Placed> left = PLACE.begin(buffer, new Place(2, "x"));
    buffer.replace(ring);
    assertFalse(span.end(new Placed(1, "a")));
    left.close();
    left.close();
    assertEquals(List.of(), texts());
    assertEquals(before + 2, PLACE.skipped());
  }

  @Test
  void aRefusedEndLeavesTheBeginAlone() throws Exception {
    PageRing ring = buffer.pageRing();
    long before = PLACE.skipped();
    Span<Placed> span = PLACE.begin(buffer, new Place(1, "x"));
    buffer.replace(new Full(ring));
    assertFalse(span.end(new Placed(1, "a")));
    buffer.replace(ring);
    span.close();
    assertEquals(List.of("place_begin id=1 symbol=x"), texts());
    assertEquals(before, PLACE.skipped(), "the ring has counted it");
  }

  @Test
  void theBeginDecidesWhetherASpanIsRecorded() throws Exception {
    long before = PLACE.skipped();
    buffer.events().disable("span:*");
    Span<Placed> disabled = PLACE.begin(buffer, new Place(1, "x"));
    Span<Matched> unmatched = MATCHED.begin(buffer);
    buffer.events().enable("span:*");
    disabled.end(new Placed(1, "a"));
    unmatched.end(new Matched(1));
    assertEquals(List.of(), texts());
    assertEquals(before + 1, PLACE.skipped());
    Span<Placed> enabled = PLACE.begin(buffer, new Place(2, "x"));
    Span<Matched> matched = MATCHED.begin(buffer);
    buffer.events().disable("span:*");
    assertTrue(enabled.end(new Placed(2, "a")));
    assertTrue(matched.end(new Matched(2)));
    assertEquals(3, texts().size());
  }

  @Test
  void anotherRingBetweenBeginAndEndGetsTheEnd() throws Exception {
    PageRing first = buffer.pageRing();
    PageRing second = new PageRing(4);
    Span<Placed> span = PLACE.begin(buffer, new Place(1, "x"));
    first.seal();
    buffer.replace(second);
    assertTrue(span.end(new Placed(1, "a")));
    assertEquals(1, seen(first).size());
    assertEquals(seen(first).getFirst().span, seen(second).getFirst().span);
    assertEquals(0, first.openReservations() + second.openReservations());
  }

  @Test
  void eachBufferHasItsOwnSpans() throws Exception {
    PageBuffer other = PageBuffer.of(4);
    Span<Placed> here = PLACE.begin(buffer, new Place(1, "x"));
    Span<Placed> there = PLACE.begin(other, new Place(2, "y"));
    here.end(new Placed(1, "a"));
    there.end(new Placed(2, "b"));
    List<Seen> ofOther = seen(other.pageRing());
    assertEquals(2, texts().size());
    assertEquals("place_begin id=2 symbol=y", ofOther.getFirst().text);
    assertEquals(ofOther.get(0).span, ofOther.get(1).span);
    assertNotEquals(ofOther.getFirst().span, seen(buffer.pageRing()).getFirst().span);
    other.close();
  }

  @Test
  void spansMayEndInAnyOrder() throws Exception {
    Span<Placed> outer = PLACE.begin(buffer, new Place(1, "x"));
    Span<Placed> inner = PLACE.begin(buffer, new Place(2, "x"));
    outer.end(new Placed(1, "a"));
    inner.end(new Placed(2, "b"));
    List<Seen> seen = seen(buffer.pageRing());
    assertEquals(seen.get(0).span, seen.get(2).span);
    assertEquals(seen.get(1).span, seen.get(3).span);
    assertNotEquals(seen.get(0).span, seen.get(1).span);
  }

  @Test
  void aSpanMayEndOnAnotherThread() throws Exception {
    Span<Placed> span = PLACE.begin(buffer, new Place(1, "x"));
    Thread.ofVirtual().start(() -> span.end(new Placed(1, "a"))).join();
    List<Seen> seen = seen(buffer.pageRing());
    assertEquals(seen.get(0).span, seen.get(1).span);
    assertNotEquals(seen.get(0).pid, seen.get(1).pid);
  }

  @Test
  void asynchronousSpansHaveTheirNumbersFromTheApplication() throws Exception {
    assertTrue(TRADE.begin(buffer, -17, new Trade("ACME")));
    Thread.ofVirtual().start(() -> assertTrue(TRADE.end(buffer, -17, new Settled(true)))).join();
    assertTrue(WAIT.begin(buffer, 0, new Idle(2)));
    assertTrue(WAIT.end(buffer, 0, null));
    List<Seen> seen = seen(buffer.pageRing());
    assertEquals(
        List.of(
            "trade_begin symbol=ACME", "trade_end in_time=true", "idle_begin reason=2", "idle_end"),
        texts());
    assertEquals(List.of(-17L, -17L, 0L, 0L), seen.stream().map(Seen::span).toList());
    buffer.events().disable("span:trade_end");
    assertTrue(TRADE.begin(buffer, 18, new Trade("ACME")));
    assertFalse(TRADE.end(buffer, 18, new Settled(true)));
    assertFalse(TRADE.end(buffer, 18, null));
  }

  @Test
  void aDurationIsWhatTheClockSays() throws Exception {
    long before = System.nanoTime();
    Span<Matched> span = MATCHED.begin(buffer);
    long begun = System.nanoTime();
    Thread.sleep(2);
    long ending = System.nanoTime();
    span.end(new Matched(9));
    long after = System.nanoTime();
    Seen seen = seen(buffer.pageRing()).getFirst();
    assertEquals("matched id=9 ended=true", seen.text);
    assertTrue(seen.span >= ending - begun && seen.span <= after - before, seen::toString);
    try (var _ = MATCHED.begin(buffer)) {
      buffer.mark("left");
    }
    assertEquals("matched id=0 ended=false", texts().getLast());
  }

  @Test
  void rolesAreReadFromTheFormatAlone() {
    record Both(@Counter int a, @Counter @Unsigned long b, @Counter double c, @Flow @Hex long d) {}
    List<EventField> fields = EventType.of("span", Both.class).format().fields();
    assertEquals(
        List.of("counter u64 b", "counter double c", "flow s64 d", "counter int a"),
        fields.stream().map(field -> field.type() + " " + field.name()).toList());
    assertEquals(
        List.of(Role.COUNTER, Role.COUNTER, Role.FLOW, Role.COUNTER),
        fields.stream().map(EventField::role).toList());
    assertEquals(EventField.Kind.REAL, fields.get(1).kind());
    assertTrue(fields.getLast().isSigned());
    assertEquals(Role.SPAN_BEGIN, role(PLACE.beginType(), "span"));
    assertEquals(Role.SPAN_END, role(PLACE.endType(), "span"));
    assertEquals(Role.ASYNC_BEGIN, role(TRADE.beginType(), "span"));
    assertEquals(Role.ASYNC_END, role(TRADE.endType(), "span"));
    assertEquals(Role.DURATION, role(MATCHED.eventType(), "duration"));
    assertEquals(Role.NONE, role(PLACE.beginType(), "id"));
  }

  private static Role role(EventType<?> type, String name) {
    return type.format().fields().stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow()
        .role();
  }

  @Test
  void recordsComeBackWithoutTheFieldsOfTheLibrary() throws Exception {
    PLACE.begin(buffer, new Place(17, "ACME")).end(new Placed(3, "XETRA"));
    EventDecoder decoder =
        new EventDecoder(List.of(PLACE.beginType().format()), ByteOrder.LITTLE_ENDIAN);
    MemorySegment first = buffer.pageRing().events().getFirst();
    Event event = decoder.event(first, 0, (int) first.byteSize(), 0, 0);
    assertEquals(new Place(17, "ACME"), PLACE.beginType().read(event));
  }

  @Test
  void numbersOfOneThreadAndOfManyDiffer() throws Exception {
    Set<Long> numbers = new TreeSet<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int j = 0; j < 1000; j++) {
                      long number = SpanIds.next();
                      synchronized (numbers) {
                        numbers.add(number);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(8000, numbers.size());
    assertFalse(numbers.contains(0L));
  }
}
