package org.pagewheel.tracedat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pagewheel.event.EventFormat;
import org.pagewheel.format.PageFormat;

/** Events print as their format says; where it says what nobody knows, field by field. */
class PrintFormatTest {
  private static final String BY_FIELD = "a=-2 b=40 s=abc";

  private static String report(String print) {
    String text =
        """
        name: odd
        ID: 7
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
        \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

        \tfield:int a;\toffset:8;\tsize:4;\tsigned:1;
        \tfield:u32 b;\toffset:12;\tsize:4;\tsigned:0;
        \tfield:char s[4];\toffset:16;\tsize:4;\tsigned:0;

        print fmt: %s
        """
            .formatted(print);
    ByteBuffer bytes = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort(0, (short) 7).putInt(8, -2).putInt(12, 40).put(16, new byte[] {'a', 'b', 'c'});
    EventText events =
        new EventText(List.of(new EventFormat(7, "demo", "odd", text)), PageFormat.of(4096));
    String line = events.report(MemorySegment.ofArray(bytes.array()), 0, bytes.capacity());
    assertEquals("odd: ", line.substring(0, 5));
    return line.substring(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`\"a %d of %u %%\", REC->a, REC->b`|a -2 of 40 %",
        "`\"[%5d] [%-5u] [%05d] [%#06x]\", REC->a, REC->b, REC->a, REC->b`"
            + "|[   -2] [40   ] [-0002] [0x0028]",
        "`\"%s %.2s\", REC->s, REC->s`|abc ab",
        "`\"%d\", REC->b * 2 + 1 << 1`|162",
        "`\"%s\", REC->b > 39 ? \"more\" : \"less\"`|more",
        "`\"%s\", __print_symbolic(REC->b, { 39 + 1, \"forty\" })`|forty",
        "`\"%s\", __print_flags(REC->b, \"+\", { 8, \"A\" }, { 1 << 5, \"B\" })`|A+B",
        "`\"%u\", REC->b / 0`|0",
        "`\"%u\", (u8)(REC->a)`|254"
      })
  void theFormatSaysHow(String print, String expected) {
    assertEquals(expected, report(print.strip()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"%d\", REC->nosuch",
        "\"%d\", kernel_function(REC->a)",
        "\"%d %d\", REC->a",
        "\"%d\", REC->a, REC->b",
        "\"%y\", REC->a",
        "\"%d\", REC->a[99999999]",
        "\"%s\", __print_symbolic(REC->a, { REC->b, \"x\" })",
        "\"%s\", __print_symbolic(REC->a, { __print_symbolic(1, { 1, \"y\" }) + REC->b, \"x\" })",
        "\"%s\", __print_array(REC->s, 4, 3)",
        "\"%d\", REC->a +",
        "\"%d",
        "\"\", (int",
        "nothing"
      })
  void whatIsNotKnownIsShownFieldByField(String print) {
    assertEquals(BY_FIELD, report(print));
  }

  /** A format may come from a file that anybody wrote. */
  @Test
  void aFormatOfAnyDepthIsReadInGoodTime() {
    assertEquals(BY_FIELD, report("\"%d\", REC->a" + " + 1".repeat(100_000)));
    assertEquals(BY_FIELD, report("\"%d\", " + "(".repeat(100_000) + "REC->a"));
    assertEquals(BY_FIELD, report("\"%d\", " + "-".repeat(100_000) + "REC->a"));
    assertEquals(BY_FIELD, report("\"%d\", " + "(u8)".repeat(100_000) + "REC->a"));
    assertEquals(BY_FIELD, report("\"%d\", " + "REC->a[".repeat(100_000) + "0"));
    assertEquals(BY_FIELD, report("\"%d\", " + "REC->a ? 1 : ".repeat(100_000) + "2"));
    assertEquals(BY_FIELD, report("\"" + "x\\\"".repeat(100_000)));
    assertEquals("1498", report("\"%d\", REC->a" + " + 1".repeat(1500)));
  }
}
