package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Filters on events of machines of both byte orders. */
class EventFilterTest {
  private static final EventFormat FORMAT =
      new EventFormat(
          1001,
          "shop",
          "filled",
          """
          name: filled
          ID: 1001
          format:
          \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
          \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
          \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
          \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

          \tfield:u8 octet;\toffset:8;\tsize:1;\tsigned:0;
          \tfield:s16 small;\toffset:10;\tsize:2;\tsigned:1;
          \tfield:u32 whole;\toffset:12;\tsize:4;\tsigned:0;
          \tfield:s64 big;\toffset:16;\tsize:8;\tsigned:1;
          \tfield:double price;\toffset:24;\tsize:8;\tsigned:1;
          \tfield:__data_loc char[] venue;\toffset:32;\tsize:4;\tsigned:1;

          print fmt: "%d", REC->big
          """);

  private static MemorySegment event(ByteOrder order) {
    ByteBuffer event = ByteBuffer.allocate(44).order(order);
    event.putShort((short) 1001).putShort((short) 0).putInt(4251);
    event.put((byte) 200).put((byte) 0).putShort((short) -2).putInt(0x80000001);
    event.putLong(-1L << 40).putDouble(99.25).putInt(6 << 16 | 36).put("XETRA\0".getBytes());
    return MemorySegment.ofArray(event.array());
  }

  static Stream<Arguments> filters() {
    return Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
        .flatMap(
            order ->
                Stream.of(
                        "common_pid == 4251",
                        "octet == 200",
                        "small == -2",
                        "small > -3 && small < 0",
                        "whole == 2147483649",
                        "whole & 0x80000000",
                        "big == -1099511627776",
                        "big <= -1099511627776",
                        "price == 99.25",
                        "price > 99 && price < 100",
                        "venue == \"XETRA\"",
                        "venue ~ \"*ETR*\"")
                    .map(filter -> Arguments.of(order, filter)));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void aFilterReadsEventsOfEitherOrder(ByteOrder order, String filter) {
    EventFilter.Check check = EventFilter.of(filter).compile(FORMAT, order);
    assertTrue(check.test(event(order), 0));
    EventFilter.Check not = EventFilter.of("!(" + filter + ")").compile(FORMAT, order);
    assertFalse(not.test(event(order), 0));
  }

  @Test
  void itNamesItsFields() {
    assertEquals(
        Set.of("a", "b", "c"), EventFilter.of("a == 1 && (b > 2 || !(c ~ \"x*\"))").fields());
  }

  @Test
  void patternsMatchNames() {
    for (String pattern : List.of("shop:filled", "shop:*", "*:filled", "*", "s*p:f*d")) {
      assertTrue(FORMAT.matches(pattern), pattern);
    }
    for (String pattern : List.of("shop", "shop:fill", "*:fill", "hop:*", "")) {
      assertFalse(FORMAT.matches(pattern), pattern);
    }
  }
}
