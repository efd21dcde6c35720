package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The format texts, letter by letter. */
class FormatTextTest {
  enum Side {
    BUY,
    SELL
  }

  @Name("all_kinds")
  record AllKinds(
      byte tiny,
      short small,
      char letter,
      boolean flag,
      int number,
      long wideNumber,
      Side side,
      EnumSet<Side> sides,
      String text,
      @Fixed(6) String code,
      @Fixed(3) int[] levels,
      long[] fills) {}

  record Shown(
      @Hex byte a,
      @Hex long b,
      @Unsigned byte c,
      @Unsigned short d,
      @Unsigned int e,
      @Unsigned long f,
      @Unit("ns") long g,
      @Unit("%") int h,
      @Symbol({"idle", "busy"}) int i,
      @Symbol({"Kauf", "Verkauf"}) Side j,
      @Name("KK") int k) {}

  record Nothing() {}

  record HTTPRequest2xx(int URLLength) {}

  private static final String COMMON =
      """
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      """;

  @Test
  void everyKindOfComponentHasItsPlaceWideOnesFirst() {
    EventFormat format = EventType.of("format_text", AllKinds.class).format();
    assertEquals("format_text", format.system());
    assertEquals("all_kinds", format.name());
    assertEquals(
        "name: all_kinds\nID: "
            + format.id()
            + "\n"
            + COMMON
            + """
            \tfield:s64 wide_number;\toffset:8;\tsize:8;\tsigned:1;
            \tfield:int number;\toffset:16;\tsize:4;\tsigned:1;
            \tfield:int side;\toffset:20;\tsize:4;\tsigned:1;
            \tfield:u32 sides;\toffset:24;\tsize:4;\tsigned:0;
            \tfield:__data_loc char[] text;\toffset:28;\tsize:4;\tsigned:0;
            \tfield:int levels[3];\toffset:32;\tsize:12;\tsigned:1;
            \tfield:__data_loc s64[] fills;\toffset:44;\tsize:4;\tsigned:1;
            \tfield:s16 small;\toffset:48;\tsize:2;\tsigned:1;
            \tfield:u16 letter;\toffset:50;\tsize:2;\tsigned:0;
            \tfield:s8 tiny;\toffset:52;\tsize:1;\tsigned:1;
            \tfield:bool flag;\toffset:53;\tsize:1;\tsigned:0;
            \tfield:char code[6];\toffset:54;\tsize:6;\tsigned:0;

            print fmt: "tiny=%hhd small=%hd letter=%u flag=%s number=%d wide_number=%lld side=%s \
            sides={%s} text=%s code=%s levels={%d,%d,%d} fills={%s}", REC->tiny, REC->small, \
            REC->letter, (REC->flag ? "true" : "false"), REC->number, REC->wide_number, \
            __print_symbolic(REC->side, { 0, "BUY" }, { 1, "SELL" }, { 0xffffffff, "(null)" }), \
            __print_flags(REC->sides, "|", { 0x1, "BUY" }, { 0x2, "SELL" }), __get_str(text), \
            REC->code, REC->levels[0], REC->levels[1], REC->levels[2], \
            __print_array(__get_dynamic_array(fills), __get_dynamic_array_len(fills) / 8, 8)
            """,
        format.text());
  }

  @Test
  void annotationsSayHowToShowAndHowToCall() {
    String text = EventType.of("format_text", Shown.class).format().text();
    assertTrue(text.contains("\tfield:s8 a;"), text);
    assertTrue(text.contains("\tfield:u8 c;"), text);
    assertTrue(text.contains("\tfield:u64 f;"), text);
    assertTrue(
        text.endsWith(
            """
            print fmt: "a=0x%hhx b=0x%llx c=%u d=%u e=%u f=%llu g=%lld ns h=%d%% i=%s j=%s KK=%d", \
            REC->a, REC->b, REC->c, REC->d, REC->e, REC->f, REC->g, REC->h, \
            __print_symbolic(REC->i, { 0, "idle" }, { 1, "busy" }), \
            __print_symbolic(REC->j, { 0, "Kauf" }, { 1, "Verkauf" }, { 0xffffffff, "(null)" }), \
            REC->KK
            """),
        text);
  }

  @Test
  void aRecordWithoutComponentsIsAnEventWithoutFields() {
    EventFormat format = EventType.of("format_text", Nothing.class).format();
    assertEquals(
        "name: nothing\nID: " + format.id() + "\n" + COMMON + "\nprint fmt: \"\"\n", format.text());
  }

  @Test
  void javaNamesBecomeLowerCaseWithUnderscores() {
    EventFormat format = EventType.of("format_text", HTTPRequest2xx.class).format();
    assertEquals("http_request2xx", format.name());
    assertTrue(format.text().contains("field:int url_length;"), format.text());
  }

  record Arrays(long[] fills, @Fixed(200) byte[] many) {}

  @Test
  void itIsTheSameWhereDigitsAreOthers() {
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    try {
      String text = EventType.of("demo", Arrays.class).format().text();
      assertTrue(text.contains("__print_array(REC->many, 200, 1)"), text);
      assertTrue(text.contains("__get_dynamic_array_len(fills) / 8, 8)"), text);
    } finally {
      Locale.setDefault(usual);
    }
  }
}
