package org.pagewheel.runtime.internal.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pagewheel.Buffer;
import org.pagewheel.EventReader;
import org.pagewheel.event.EventFilter;
import org.pagewheel.event.EventType;
import org.pagewheel.event.Fixed;
import org.pagewheel.event.Unsigned;
import org.pagewheel.runtime.Pagewheel;

/** Filters on a real event, as it lies in a ring. */
class FilterTest {
  enum Side {
    BUY,
    SELL
  }

  record Everything(
      byte tiny,
      @Unsigned byte octet,
      short little,
      int whole,
      @Unsigned int positive,
      long big,
      @Unsigned long huge,
      boolean flag,
      float coarse,
      double price,
      Side side,
      Side nobody,
      EnumSet<Side> sides,
      String venue,
      @Fixed(8) String code,
      int[] levels) {}

  private static final EventType<Everything> EVENT = EventType.of("filters", Everything.class);

  private static Pagewheel pagewheel;
  private static Buffer buffer;

  @BeforeAll
  static void write() {
    pagewheel = Pagewheel.start(Map.of("pagewheel.buffers.main.cpus", "1"));
    buffer = pagewheel.buffers().get("main");
    assertTrue(
        EVENT.record(
            buffer,
            new Everything(
                (byte) -1,
                (byte) -1,
                (short) -300,
                -70000,
                -1,
                1L << 40,
                -1L,
                true,
                0.5f,
                -99.25,
                Side.SELL,
                null,
                EnumSet.of(Side.SELL),
                "XETRA Frankfurt",
                "DE0001",
                new int[] {1, 2})));
  }

  @AfterAll
  static void close() {
    pagewheel.close();
  }

  private static boolean passes(String filter) throws Exception {
    EventFilter.Check check = EventFilter.of(filter).compile(EVENT.format());
    List<Boolean> passed = new ArrayList<>();
    try (EventReader reader = buffer.readers().iterate()) {
      while (reader.next()) {
        passed.add(check.test(reader.payload(), 0));
      }
    }
    assertEquals(1, passed.size());
    return passed.getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny == -1",
        "octet == 255",
        "octet > 254",
        "little < -299 && little > -301",
        "whole <= -70000",
        "positive == 4294967295",
        "big == 0x10000000000",
        "big & 0x10000000000",
        "big >= 1099511627776",
        "huge > 9223372036854775807",
        "huge == -1",
        "flag == true",
        "flag != false",
        "flag == 1",
        "coarse == 0.5",
        "price < -99",
        "price == -99.25",
        "price > -100 && price < 0",
        "side == SELL",
        "side != BUY",
        "side == 1",
        "nobody == -1",
        "nobody == \"(null)\"",
        "sides & SELL",
        "venue == \"XETRA Frankfurt\"",
        "venue ~ \"XETRA*\"",
        "venue ~ \"*rank*\"",
        "venue ~ '*furt'",
        "venue ~ X*A*t",
        "venue != XETRA",
        "code == DE0001",
        "code ~ DE*",
        "common_pid > 0",
        "side == BUY || side == SELL",
        "!(side == BUY) && (tiny == 5 || (price < 0 && !(flag == false)))",
        "!side==BUY"
      })
  void holds(String filter) throws Exception {
    assertTrue(passes(filter), filter);
    assertTrue(!passes("!(" + filter + ")"), "not " + filter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"venue ~ *rank", "venue ~ rank*", "venue ~ XETRA", "venue ~ *tt*t"})
  void aPatternIsForTheWholeText(String filter) throws Exception {
    assertTrue(!passes(filter), filter);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "whole|after whole comes ''",
        "whole ==|the end is where a value should be",
        "== 5|'==' is where a field should be",
        "whole = 5|' = 5' is not understood",
        "whole == 5 &&|the end is where a field should be",
        "whole == 5 big == 6|'big' is where && or || should be",
        "(whole == 5|a ) is missing",
        "whole == 5)|')' is where && or || should be",
        "wholly == 5|event filters:everything has no field wholly, did you mean whole?",
        "whole == five|'five' is not a value of whole: use a whole number",
        "side == HOLD|'HOLD' is not a value of side: use a whole number or one of (null), BUY,"
            + " SELL",
        "price == dear|'dear' is not a value of price: use a number",
        "price & 5|& does not work on price, a number with a fraction",
        "whole ~ 5|~ is for texts, whole is a number",
        "venue > X|> does not work on venue, a text: == != ~",
        "levels == 1|field levels is neither a number nor a text"
      })
  void whatIsWrongIsOneLine(String filter, String part) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> passes(filter), filter);
    assertTrue(e.getMessage().startsWith("filter '"), e.getMessage());
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void deepNestingIsRefusedNotOverflowed() {
    String deep = "(".repeat(100_000) + "whole == 1" + ")".repeat(100_000);
    assertThrows(IllegalArgumentException.class, () -> EventFilter.of(deep));
    assertThrows(
        IllegalArgumentException.class, () -> EventFilter.of("!".repeat(100_000) + "a==1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shop:order|SYSTEM:EVENT traceoff",
        "shop:order stop|there is no action stop",
        "shop:order traceoff:0|the count '0' must be",
        "shop:order traceoff:many|the count 'many' must be",
        "shop order traceoff|bad event pattern \"shop\"",
        "a:b:c traceoff|a:b:c",
        "shop:order traceoff if|would be right",
        "shop:order traceoff if x|after x comes"
      })
  void aWrongTriggerIsOneLine(String text, String part) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> TriggerText.of(text), text);
    assertTrue(e.getMessage().contains(part), e.getMessage());
    assertEquals(1, e.getMessage().lines().count());
  }
}
