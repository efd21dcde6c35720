package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What trace-cmd could not parse is refused when the type is defined, with one clear line. */
class RefusedTypesTest {
  enum Größe {
    KLEIN
  }

  enum Sign {
    ÄUSSERST
  }

  enum Many {
    A,
    B
  }

  record Unsupported(int fine, List<String> names) {}

  record Boxed(Integer number) {}

  record Nested(int[][] matrix) {}

  record Strings(String[] names) {}

  record Ünicode(int a) {}

  record Dollar$(int a) {}

  record BadField(int größe) {}

  record DollarField(int a$b) {}

  record CommonField(int commonPid) {}

  record Twice(int aB, @Name("a_b") int other) {}

  @Name("two words")
  record BadName(int a) {}

  @Name("9lives")
  record DigitName(int a) {}

  record BadLabel(Sign sign) {}

  record QuotedLabel(@Symbol({"a\"b", "c"}) Many many) {}

  record BackslashLabel(@Symbol({"a\\", "c"}) int many) {}

  record TabLabel(@Symbol({"a\tb"}) int many) {}

  record FewLabels(@Symbol({"a"}) Many many) {}

  record NoLabels(@Symbol int number) {}

  record BadUnit(@Unit("µs") long time) {}

  record FieldUnit(@Unit("b=1") long a, long b) {}

  @Name("a\nb")
  record LineName(int a) {}

  record QuotedUnit(@Unit("\"") long time) {}

  record LineUnit(@Unit("a\nb") long time) {}

  record RawSet(@SuppressWarnings("rawtypes") EnumSet set) {}

  record HexText(@Hex String text) {}

  record FixedNumber(@Fixed(3) int number) {}

  record FixedNothing(@Fixed(0) int[] numbers) {}

  record FixedTooMuch(@Fixed(9000) long[] numbers) {}

  record FixedAndLimit(@Fixed(9) @Limit(9) String text) {}

  record CounterText(@Counter String text) {}

  record CounterNames(@Counter @Symbol({"a"}) int a) {}

  record FlowReal(@Flow double d) {}

  record CounterFlow(@Counter @Flow int a) {}

  record OwnSpan(long span) {}

  record OwnEnded(boolean ended) {}

  record SmallLimit(@Limit(1) String text) {}

  record TooLarge(@Limit(60000) String a, @Limit(60000) String b) {}

  record LongText(
      @Fixed(16) double[] a, @Fixed(16) double[] b, @Fixed(16) double[] c, @Fixed(16) double[] d) {}

  record HexDynamic(@Hex int[] numbers) {}

  private static String refusal(String system, Class<? extends Record> record) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> EventType.of(system, record))
            .getMessage();
    assertFalse(message.contains("\n"), message);
    return message;
  }

  private static void refused(Class<? extends Record> record, String... parts) {
    String message = refusal("refused", record);
    for (String part : parts) {
      assertTrue(message.contains(part), () -> message + "\nlacks: " + part);
    }
  }

  @Test
  void componentsOfOtherTypes() {
    refused(Unsupported.class, "Unsupported.names: an event cannot hold a java.util.List: use");
    refused(Boxed.class, "Boxed.number: an event cannot hold a java.lang.Integer");
    refused(Nested.class, "Nested.matrix: an event cannot hold a int[][]");
    refused(Strings.class, "Strings.names: an event cannot hold a java.lang.String[]");
    refused(RawSet.class, "RawSet.set: say which enum");
  }

  @Test
  void namesThatCannotBeParsed() {
    refused(Ünicode.class, "\"ünicode\"", "@Name");
    refused(Dollar$.class, "\"dollar$\"", "@Name");
    refused(BadField.class, "BadField.größe", "\"größe\"", "@Name");
    refused(DollarField.class, "DollarField.a$b", "@Name");
    refused(BadName.class, "\"two words\"");
    refused(LineName.class, "\"a\\x0ab\"");
    refused(DigitName.class, "\"9lives\"");
    refused(CommonField.class, "CommonField.commonPid", "common_");
    refused(Twice.class, "Twice.other", "a_b");
  }

  @Test
  void labelsThatCannotBeParsed() {
    refused(BadLabel.class, "BadLabel.sign", "ÄUSSERST", "ASCII");
    refused(QuotedLabel.class, "QuotedLabel.many", "a\"b");
    refused(BackslashLabel.class, "BackslashLabel.many", "a\\");
    refused(TabLabel.class, "TabLabel.many", "ASCII");
    refused(FewLabels.class, "FewLabels.many: @Symbol gives 1 names, but", "has 2 constants");
    refused(NoLabels.class, "NoLabels.number: @Symbol");
    refused(BadUnit.class, "BadUnit.time", "µs");
    refused(QuotedUnit.class, "QuotedUnit.time", "quotation mark");
    refused(LineUnit.class, "LineUnit.time", "a\\x0ab", "printable");
    refused(FieldUnit.class, "FieldUnit.a: @Unit(\"b=1\"): a text without = is right");
  }

  @Test
  void anEnumWhoseOwnNameIsOddIsNoTrouble() {
    record Sized(Größe size) {}
    assertDoesNotThrow(() -> EventType.of("refused", Sized.class));
  }

  @Test
  void annotationsThatMeanNothing() {
    refused(HexText.class, "HexText.text: @Hex means nothing on a java.lang.String");
    refused(HexDynamic.class, "HexDynamic.numbers", "hexadecimal");
    refused(FixedNumber.class, "FixedNumber.number: @Fixed means nothing on a int");
    refused(FixedAndLimit.class, "FixedAndLimit.text", "exclude each other");
  }

  @Test
  void countersAndFlowsThatAreNone() {
    refused(CounterText.class, "CounterText.text: @Counter means nothing on a java.lang.String");
    refused(CounterNames.class, "CounterNames.a: @Counter and @Symbol exclude each other");
    refused(FlowReal.class, "FlowReal.d: @Flow means nothing on a double");
    refused(CounterFlow.class, "CounterFlow.a: @Counter and @Flow exclude each other");
  }

  @Test
  void componentsCalledAsWhatASpanHasAnyway() {
    record Fine(int a) {}
    String span = spanRefusal(() -> SpanType.of("refused", OwnSpan.class, Fine.class));
    assertTrue(span.contains("OwnSpan.span: another field is called span too"), span);
    String ended = spanRefusal(() -> SpanType.of("refused", Fine.class, OwnEnded.class));
    assertTrue(ended.contains("OwnEnded.ended: another field is called ended too"), ended);
    assertDoesNotThrow(() -> SpanType.of("refused", OwnEnded.class));
    spanRefusal(() -> AsyncSpanType.of("refused", Fine.class, OwnSpan.class));
    spanRefusal(() -> DurationType.of("refused", OwnEnded.class));
    spanRefusal(() -> SpanType.of("sched", Fine.class));
  }

  private static String spanRefusal(Executable definition) {
    return assertThrows(IllegalArgumentException.class, definition).getMessage();
  }

  @Test
  void sizesThatDoNotFit() {
    refused(FixedNothing.class, "FixedNothing.numbers: @Fixed(0): from 1 to 16383");
    refused(FixedTooMuch.class, "FixedTooMuch.numbers: @Fixed(9000): from 1 to 8191");
    refused(SmallLimit.class, "SmallLimit.text: @Limit(1): from 8 to 65535");
    refused(TooLarge.class, "TooLarge: its events may take up 120016 bytes, more than 65535");
  }

  @Test
  void aFormatTextThatGrowsTooLong() {
    refused(LongText.class, "LongText: its format text would be ", "more than 65536");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sched", "irq", "kmem", "ftrace", "syscalls", "raw_syscalls", "block"})
  void systemsOfTheKernel(String system) {
    record Fine(int a) {}
    String message = refusal(system, Fine.class);
    assertTrue(message.contains("\"" + system + "\" is the Linux kernel's own"), message);
    assertTrue(message.contains("my_" + system), message);
  }

  @ParameterizedTest
  @CsvSource({"'my shop'", "''", "a:b", "a/b", "größe", "9a", "a*"})
  void systemsThatCannotBeParsed(String system) {
    record Fine(int a) {}
    String message = refusal(system, Fine.class);
    assertTrue(message.startsWith("bad event system \"" + system + "\": "), message);
  }

  @Test
  void aSystemMayLookLikeAPackage() {
    record Fine(int a) {}
    assertEquals("com.acme.Orders", EventType.of("com.acme.Orders", Fine.class).format().system());
  }

  @Test
  @SuppressWarnings({"unchecked", "rawtypes"})
  void aClassThatIsNoRecord() {
    Class notARecord = String.class;
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> EventType.of("refused", (Class<? extends Record>) notARecord))
            .getMessage();
    assertTrue(message.startsWith("java.lang.String is not a named record class"), message);
    assertThrows(IllegalArgumentException.class, () -> EventType.of("refused", Record.class));
  }

  @Test
  void anotherRecordOfTheSameName() {
    class One {
      record Taken(int a) {}
    }
    class Two {
      record Taken(long b) {}
    }
    class Three {
      record Taken(int a) {}
    }
    EventType<One.Taken> first = EventType.of("refused", One.Taken.class);
    refused(Two.Taken.class, "refused:taken is defined already, with other components", "@Name");
    EventType<Three.Taken> same = EventType.of("refused", Three.Taken.class);
    assertEquals(first.format().id(), same.format().id(), "the same text is the same event");
  }
}
