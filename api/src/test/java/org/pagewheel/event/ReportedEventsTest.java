package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.internal.MarkFormat;

/** What the real trace-cmd prints of events; fails where there is no trace-cmd. */
class ReportedEventsTest {
  enum Side {
    BUY,
    SELL
  }

  record Integers(byte a, short b, char c, int d, long e, boolean f, boolean g) {}

  record Unsigneds(@Unsigned byte a, @Unsigned short b, @Unsigned int c, @Unsigned long d) {}

  record Hexes(@Hex byte a, @Hex short b, @Hex char c, @Hex int d, @Hex long e) {}

  record Symbols(Side a, Side b, Side c, @Symbol({"idle", "it's 100% {busy}, ok"}) int d) {}

  record Flags(EnumSet<Side> a, EnumSet<Side> b, EnumSet<Side> c) {}

  record Texts(String a, @Fixed(8) String b, String c, @Unit("%") int d) {}

  /** Every character that a unit may have. */
  record Units(
      @Unit("!#$%&'()*+,-./09:;<>?@AZ[]^_`az{|}~") int a,
      @Unit("%d %s%%") Side b,
      @Hex @Unit("%") int c,
      @Unit("REC->c, d") String d,
      @Unit("{} {x}") @Fixed(2) int[] e) {}

  record FixedArrays(
      @Fixed(3) byte[] a,
      @Fixed(3) short[] b,
      @Fixed(3) int[] c,
      @Fixed(3) long[] d,
      @Fixed(2) double[] e,
      @Fixed(2) float[] f,
      @Fixed(2) boolean[] g,
      @Fixed(2) char[] h,
      @Fixed(17) int[] i,
      @Hex @Fixed(2) int[] j) {}

  record DynamicArrays(
      boolean[] a, byte[] b, short[] c, char[] d, int[] e, long[] f, long[] g, double[] h) {}

  record Real(double d, float f) {}

  /** Names that might confuse a parser. */
  record Words(int struct, int unsigned, int u64, int REC, int sizeof, String signed) {}

  record Empty() {}

  private final PageBuffer buffer = PageBuffer.of(64);
  private final List<EventFormat> formats = new ArrayList<>();

  @AfterEach
  void close() {
    buffer.close();
  }

  private <R extends Record> void record(R event) {
    @SuppressWarnings("unchecked")
    Class<R> type = (Class<R>) event.getClass();
    EventType<R> eventType = EventType.of("reported", type);
    if (formats.stream().noneMatch(format -> format.id() == eventType.format().id())) {
      formats.add(eventType.format());
    }
    assertTrue(eventType.record(buffer, event));
  }

  /** The lines, without blanks in rows. */
  private List<String> report() throws IOException, InterruptedException {
    List<String> lines =
        TinyTraceFile.report(formats, Metadata.process().threadNames(), buffer.pageRing());
    assertFalse(String.join("\n", lines).contains("FAILED TO PARSE"), lines::toString);
    return lines.stream().map(line -> line.strip().replaceAll(" +", " ")).toList();
  }

  /** Checks the only line. */
  private void assertReport(String expected) throws IOException, InterruptedException {
    List<String> report = report();
    assertEquals(1, report.size(), report::toString);
    String line = report.getFirst();
    assertEquals(expected, line.substring(line.indexOf(": ") + 2));
  }

  @Test
  void integersWithTheirSigns() throws Exception {
    record(new Integers((byte) -1, (short) -2, 'A', -3, -4, true, false));
    assertReport("integers: a=-1 b=-2 c=65 d=-3 e=-4 f=true g=false");
  }

  @Test
  void integersAtTheirEnds() throws Exception {
    record(
        new Integers(
            Byte.MIN_VALUE,
            Short.MIN_VALUE,
            Character.MAX_VALUE,
            Integer.MIN_VALUE,
            Long.MIN_VALUE,
            false,
            true));
    assertReport(
        "integers: a=-128 b=-32768 c=65535 d=-2147483648 e=-9223372036854775808 f=false g=true");
  }

  @Test
  void integersWithoutSign() throws Exception {
    record(new Unsigneds((byte) -1, (short) -1, -1, -1));
    assertReport("unsigneds: a=255 b=65535 c=4294967295 d=18446744073709551615");
  }

  @Test
  void integersInHexadecimal() throws Exception {
    record(new Hexes((byte) -1, (short) 0x7abc, '\uabcd', -2, 0x1234_5678_9abcL));
    assertReport("hexes: a=0xff b=0x7abc c=0xabcd d=0xfffffffe e=0x123456789abc");
  }

  @Test
  void symbolsAndNull() throws Exception {
    record(new Symbols(Side.BUY, Side.SELL, null, 1));
    assertReport("symbols: a=BUY b=SELL c=(null) d=it's 100% {busy}, ok");
  }

  @Test
  void aNumberWithoutSymbolIsShownInHexadecimal() throws Exception {
    record(new Symbols(Side.BUY, Side.BUY, Side.BUY, 17));
    assertReport("symbols: a=BUY b=BUY c=BUY d=0x11");
  }

  @Test
  void setsOfConstants() throws Exception {
    record(new Flags(EnumSet.allOf(Side.class), EnumSet.of(Side.SELL), null));
    assertReport("flags: a={BUY|SELL} b={SELL} c={}");
  }

  /** As many constants as bits: the highest is no number with a sign in trace-cmd. */
  enum Bit {
    F0,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
    F13,
    F14,
    F15,
    F16,
    F17,
    F18,
    F19,
    F20,
    F21,
    F22,
    F23,
    F24,
    F25,
    F26,
    F27,
    F28,
    F29,
    F30,
    F31,
    F32,
    F33,
    F34,
    F35,
    F36,
    F37,
    F38,
    F39,
    F40,
    F41,
    F42,
    F43,
    F44,
    F45,
    F46,
    F47,
    F48,
    F49,
    F50,
    F51,
    F52,
    F53,
    F54,
    F55,
    F56,
    F57,
    F58,
    F59,
    F60,
    F61,
    F62,
    F63
  }

  record Bits(EnumSet<Bit> s) {}

  @Test
  void setsOfAsManyConstantsAsThereAreBits() throws Exception {
    List<EnumSet<Bit>> sets = new ArrayList<>(List.of(EnumSet.noneOf(Bit.class)));
    for (Bit bit : Bit.values()) {
      sets.add(EnumSet.of(bit));
      sets.add(EnumSet.complementOf(EnumSet.of(bit)));
      sets.add(EnumSet.of(Bit.F63, bit));
    }
    sets.add(EnumSet.allOf(Bit.class));
    sets.forEach(set -> record(new Bits(set)));
    List<String> report = report();
    for (int i = 0; i < sets.size(); i++) {
      String names = sets.get(i).stream().map(Bit::name).collect(Collectors.joining("|"));
      assertTrue(report.get(i).endsWith(": bits: s={" + names + "}"), report.get(i) + " " + names);
    }
    assertEquals(sets.size(), report.size());
  }

  enum Only {
    ONE
  }

  enum None {}

  record Small(EnumSet<Only> one, EnumSet<None> none) {}

  @Test
  void setsOfOneConstantAndOfNone() throws Exception {
    record(new Small(EnumSet.of(Only.ONE), EnumSet.noneOf(None.class)));
    assertReport("small: one={ONE} none={}");
  }

  @Test
  void textInAnyLanguage() throws Exception {
    record(new Texts("Zürich 東京 😀 100%", "größer als", "line\nbreak", -5));
    assertReport("texts: a=Zürich 東京 😀 100% b=größe c=line break d=-5%");
  }

  @Test
  void unitsOfAllCharacters() throws Exception {
    record(new Units(1, Side.SELL, 3, "x", new int[] {5, 6}));
    assertReport(
        "units: a=1 !#$%&'()*+,-./09:;<>?@AZ[]^_`az{|}~ b=SELL%d %s%% c=0x3% d=x REC->c, d"
            + " e={5,6} {} {x}");
    assertEquals(
        List.of("!#$%&'()*+,-./09:;<>?@AZ[]^_`az{|}~", "%d %s%%", "%", "REC->c, d", "{} {x}"),
        formats.getFirst().fields().stream().flatMap(each -> each.unit().stream()).toList());
  }

  @Test
  void fixedArraysShowTheSigns() throws Exception {
    record(
        new FixedArrays(
            new byte[] {1, -2, 3},
            new short[] {-1, 2},
            new int[] {-1, 2, -3},
            new long[] {-1, 2, -3, 4},
            new double[] {-0.5, 1e6},
            new float[] {0.25f},
            new boolean[] {true},
            new char[] {'a', '\uffff'},
            new int[] {1, 2, 3},
            new int[] {-1, 17}));
    assertReport(
        "fixed_arrays: a={1,-2,3} b={-1,2,0} c={-1,2,-3} d={-1,2,-3}"
            + " e={-0.500000,1000000.000000} f={0.250000,0.000000} g={1,0} h={97,65535}"
            + " i={1 2 3 0 0 0 0 0 0 0 0 0 0 0 0 0 0} j={0xffffffff,0x11}");
  }

  @Test
  void dynamicArrays() throws Exception {
    record(
        new DynamicArrays(
            new boolean[] {true, false},
            new byte[] {1, 2},
            new short[] {3},
            new char[] {'A'},
            new int[] {5, 6},
            new long[] {7, 1L << 40},
            null,
            new double[] {1}));
    assertReport(
        "dynamic_arrays: a={1 0} b={1 2} c={3} d={65} e={5 6} f={7 1099511627776} g={}"
            + " h={4607182418800017408}");
  }

  @Test
  void namesThatAreWordsOfTheFormatItself() throws Exception {
    record(new Words(1, 2, 3, 4, 5, "x"));
    assertReport("words: struct=1 unsigned=2 u64=3 rec=4 sizeof=5 signed=x");
  }

  @Test
  void anEventWithoutFieldsAndItsThread() throws Exception {
    Thread thread = Thread.ofPlatform().name("worker 1").start(() -> record(new Empty()));
    thread.join();
    List<String> report = report();
    assertEquals(1, report.size());
    assertTrue(
        report.getFirst().matches("worker 1-\\d+ \\[000\\] +\\d+\\.\\d{9}: empty:"),
        () -> report.getFirst());
  }

  @Test
  void aVirtualThreadHasItsNameAndANumberOfItsOwn() throws Exception {
    Thread thread = Thread.ofVirtual().name("order 17").start(() -> record(new Empty()));
    thread.join();
    String start = "order 17-" + (4_194_304 + thread.threadId()) + " ";
    List<String> report = report();
    assertTrue(report.getFirst().startsWith(start), report::toString);
  }

  @Test
  void marks() throws Exception {
    formats.add(MarkFormat.FORMAT);
    assertTrue(buffer.mark("größer 100% {now}\nnext"));
    assertReport("print: 0x0: größer 100% {now} next");
  }

  @Test
  void doublesOutsideTheRange() throws Exception {
    record(new Real(Double.NaN, Float.POSITIVE_INFINITY));
    record(new Real(-1e300, Float.MIN_VALUE));
    List<String> report = report();
    assertTrue(report.get(0).endsWith("real: d=NaN 0.000000 f=Inf 0.000000"), report::toString);
    assertTrue(report.get(1).endsWith("real: d=-huge 0.000000 f=0.000000"), report::toString);
  }
}
