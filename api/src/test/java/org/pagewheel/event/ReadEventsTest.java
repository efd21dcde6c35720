package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.RecordComponent;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.EventField.Kind;

/** Events come back as they were recorded: as values, and as records. */
class ReadEventsTest {
  enum Side {
    BUY,
    SELL
  }

  record Scalars(
      byte a,
      short b,
      char c,
      int d,
      long e,
      boolean f,
      float g,
      double h,
      @Unsigned byte i,
      @Unsigned short j,
      @Unsigned int k,
      @Unsigned long l,
      @Hex long m,
      @Symbol({"idle", "busy"}) int n,
      Side o,
      EnumSet<Side> p,
      String q,
      @Fixed(12) String r,
      @Symbol({"no", "yes"}) byte s) {}

  record Arrays1(
      byte[] a, short[] b, char[] c, int[] d, long[] e, boolean[] f, float[] g, double[] h) {}

  record Arrays2(
      @Fixed(3) byte[] a,
      @Fixed(3) short[] b,
      @Fixed(3) char[] c,
      @Fixed(3) int[] d,
      @Fixed(3) long[] e,
      @Fixed(3) boolean[] f,
      @Fixed(3) float[] g,
      @Fixed(20) double[] h) {}

  record Latency(
      @Unit("ns") long tookLong, @Unit("%") int share, @Hex @Unit("x") int mask, double price) {}

  static final EventType<Scalars> SCALARS = EventType.of("readback", Scalars.class);
  static final EventType<Arrays1> ARRAYS1 = EventType.of("readback", Arrays1.class);
  static final EventType<Arrays2> ARRAYS2 = EventType.of("readback", Arrays2.class);
  static final EventType<Latency> LATENCY = EventType.of("readback", Latency.class);

  private final PageBuffer buffer = PageBuffer.of(4);
  private final Random random = new Random(7);

  @AfterEach
  void close() {
    buffer.close();
  }

  private static Event event(MemorySegment payload, List<EventFormat> formats) {
    return new EventDecoder(formats, ByteOrder.LITTLE_ENDIAN)
        .event(payload, 0, (int) payload.byteSize(), 12, 3);
  }

  private <R extends Record> Event recorded(EventType<R> type, R event) throws Exception {
    PageBuffer one = PageBuffer.of(4);
    assertTrue(type.record(one, event));
    MemorySegment payload = one.pageRing().events().getLast();
    one.close();
    return event(payload, List.of(type.format()));
  }

  private static void assertSameValues(Record expected, Record found) throws Exception {
    for (RecordComponent component : expected.getClass().getRecordComponents()) {
      component.getAccessor().setAccessible(true);
      Object a = component.getAccessor().invoke(expected);
      Object b = component.getAccessor().invoke(found);
      assertTrue(Objects.deepEquals(a, b), component + ": " + a + " is not " + b);
    }
  }

  private String text(int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append((char) (' ' + random.nextInt('~' - ' ')));
    }
    return text.toString();
  }

  @Test
  void aFieldWithoutANameIsRefusedInWords() throws Exception {
    Event event = recorded(LATENCY, new Latency(1, 2, 3, 4));
    List<Consumer<Event>> readings =
        List.of(
            e -> e.getLong(null),
            e -> e.getDouble(null),
            e -> e.getBoolean(null),
            e -> e.getString(null),
            e -> e.getNames(null),
            e -> e.getLongs(null),
            e -> e.getDoubles(null),
            e -> e.getBooleans(null),
            e -> e.getBytes(null),
            e -> e.get(null),
            e -> e.has(null),
            e -> e.field(null));
    for (Consumer<Event> reading : readings) {
      assertEquals(
          "the name of the field is null: a field's name is right",
          assertThrows(NullPointerException.class, () -> reading.accept(event)).getMessage());
    }
  }

  @Test
  void aRecordComesBackWithItsValues() throws Exception {
    for (int i = 0; i < 300; i++) {
      EnumSet<Side> set = EnumSet.noneOf(Side.class);
      if (random.nextBoolean()) {
        set.add(Side.values()[random.nextInt(2)]);
      }
      Scalars event =
          new Scalars(
              (byte) random.nextInt(),
              (short) random.nextInt(),
              (char) random.nextInt(),
              random.nextInt(),
              random.nextLong(),
              random.nextBoolean(),
              Float.intBitsToFloat(random.nextInt() & ~(1 << 23)),
              Double.longBitsToDouble(random.nextLong()),
              (byte) random.nextInt(),
              (short) random.nextInt(),
              random.nextInt(),
              random.nextLong(),
              random.nextLong(),
              random.nextInt(4),
              random.nextInt(3) == 0 ? null : Side.values()[random.nextInt(2)],
              set,
              text(100),
              text(10),
              (byte) (random.nextInt(3) - 1));
      assertSameValues(event, SCALARS.read(recorded(SCALARS, event)));
    }
  }

  private Arrays1 arrays(int n) {
    byte[] a = new byte[n];
    short[] b = new short[n];
    char[] c = new char[n];
    boolean[] f = new boolean[n];
    float[] g = new float[n];
    double[] h = new double[n];
    random.nextBytes(a);
    for (int i = 0; i < n; i++) {
      b[i] = (short) random.nextInt();
      c[i] = (char) random.nextInt();
      f[i] = random.nextBoolean();
      g[i] = random.nextFloat();
      h[i] = random.nextGaussian();
    }
    return new Arrays1(a, b, c, random.ints(n).toArray(), random.longs(n).toArray(), f, g, h);
  }

  @Test
  void arraysComeBackWithTheirElements() throws Exception {
    for (int i = 0; i < 50; i++) {
      Arrays1 x = arrays(i % 20);
      assertSameValues(x, ARRAYS1.read(recorded(ARRAYS1, x)));
      Arrays1 y = arrays(3);
      double[] twenty = random.doubles(20).toArray();
      Arrays2 z = new Arrays2(y.a, y.b, y.c, y.d, y.e, y.f, y.g, twenty);
      assertSameValues(z, ARRAYS2.read(recorded(ARRAYS2, z)));
    }
    Arrays1 none =
        ARRAYS1.read(
            recorded(ARRAYS1, new Arrays1(null, null, null, null, null, null, null, null)));
    assertEquals(0, none.h.length);
  }

  @Test
  void fieldsSayWhatTheyAreInJava() {
    List<EventField> fields = LATENCY.format().fields();
    assertEquals(
        List.of("took_long", "price", "share", "mask"),
        fields.stream().map(EventField::name).toList());
    assertEquals("tookLong", fields.getFirst().javaName());
    assertEquals(Optional.of("ns"), fields.get(0).unit());
    assertEquals(Optional.empty(), fields.get(1).unit());
    assertEquals(Optional.of("%"), fields.get(2).unit());
    assertEquals(Optional.of("x"), fields.get(3).unit());
    assertTrue(fields.get(3).isHex());
    assertFalse(fields.get(0).isHex());
    assertEquals(Kind.REAL, fields.get(1).kind());
    assertEquals(16, fields.get(1).offset());
    assertEquals(4, LATENCY.format().commonFields().size());
  }

  @Test
  void arraysOfDoublesAreToldFromThoseOfNumbersByTheFormatAlone() {
    for (EventType<?> type : List.of(ARRAYS1, ARRAYS2)) {
      EventFormat fromFile = new EventFormat(9, "x", "y", type.format().text());
      for (EventField field : fromFile.fields()) {
        assertTrue(field.isArray());
        Kind kind =
            switch (field.name()) {
              case "g", "h" -> Kind.REAL;
              case "f" -> Kind.BOOLEAN;
              default -> Kind.INTEGER;
            };
        assertEquals(kind, field.kind(), field::toString);
      }
    }
  }

  @Test
  void enumsAndFlagsHaveTheirNames() throws Exception {
    Scalars event =
        new Scalars(
            (byte) 0,
            (short) 0,
            'c',
            0,
            0,
            true,
            0,
            0,
            (byte) 0,
            (short) 0,
            0,
            0,
            0,
            1,
            Side.SELL,
            EnumSet.allOf(Side.class),
            "quote",
            "fixed",
            (byte) 1);
    Event read = recorded(SCALARS, event);
    assertEquals("busy", read.getString("n"));
    assertEquals("SELL", read.getString("o"));
    assertEquals(1, read.getLong("o"));
    assertEquals(List.of("BUY", "SELL"), read.getNames("p"));
    assertEquals("quote", read.get("q"));
    assertEquals(true, read.get("f"));
    assertEquals(12, read.time());
    assertEquals(3, read.cpu());
    assertTrue(read.pid() > 0);
    EventField side =
        read.fields().stream().filter(f -> f.name().equals("o")).findFirst().orElseThrow();
    assertEquals(-1, side.constants().get("(null)"));
    assertEquals(1, side.constants().get("SELL"));
  }

  @Test
  void aWrongNameOrKindIsAnsweredWithTheRightOne() throws Exception {
    Event event = recorded(LATENCY, new Latency(1, 2, 3, 4.5));
    assertEquals(
        "event readback:latency has no field prise, did you mean price?",
        assertThrows(IllegalArgumentException.class, () -> event.getDouble("prise")).getMessage());
    assertEquals(
        "field price of event readback:latency is a double: getDouble reads it",
        assertThrows(IllegalArgumentException.class, () -> event.getLong("price")).getMessage());
    assertEquals(
        "the event is readback:latency, not readback:scalars",
        assertThrows(IllegalArgumentException.class, () -> SCALARS.read(event)).getMessage());
    assertFalse(event.has("prise"));
    assertTrue(LATENCY.is(event));
    Event arrays = recorded(ARRAYS1, arrays(2));
    assertEquals(
        "field h of event readback:arrays1 is an array: a double each: getDoubles reads it",
        assertThrows(IllegalArgumentException.class, () -> arrays.getDouble("h")).getMessage());
  }

  @Test
  void anEventOfAnotherIdAndPlaceIsReadByItsNames() throws Exception {
    Latency event = new Latency(-1, 2, 3, Double.NaN);
    assertTrue(LATENCY.record(buffer, event));
    MemorySegment payload = buffer.pageRing().events().getLast();
    payload.set(EventShape.SHORT, 0, (short) 77);
    EventFormat file = new EventFormat(77, "readback", "latency", LATENCY.format().text());
    assertEquals(event, LATENCY.read(event(payload, List.of(file))));
  }

  @Test
  void anUnknownOrShortEventHasNoFields() {
    Event event = event(MemorySegment.ofArray(new byte[4]), List.of(LATENCY.format()));
    assertEquals("unknown", event.name());
    assertEquals(-1, event.pid());
    assertEquals(Optional.empty(), event.format());
    assertTrue(event.fields().isEmpty());
  }

  @Test
  void aViewIsTheSameObjectAndReadsNothingOutsideTheEvent() throws Exception {
    EventFormat scalars = SCALARS.format();
    EventFormat arrays = ARRAYS1.format();
    EventDecoder decoder = new EventDecoder(List.of(scalars, arrays), ByteOrder.LITTLE_ENDIAN);
    Event first = null;
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = new byte[random.nextInt(8, 200)];
      random.nextBytes(bytes);
      int id = (random.nextBoolean() ? scalars : arrays).id();
      bytes[0] = (byte) id;
      bytes[1] = (byte) (id >> 8);
      Event event = decoder.event(MemorySegment.ofArray(bytes), 0, bytes.length, 0, 0);
      first = first == null ? event : first;
      assertSame(first, event);
      for (EventField field : event.fields()) {
        try {
          event.get(field.name());
        } catch (IllegalStateException damaged) {
          assertTrue(damaged.getMessage().endsWith("it is damaged"), damaged::getMessage);
        }
      }
      assertTrue(event.toString().startsWith("readback:"), event::toString);
    }
  }

  @Test
  void ofAnArrayThatEndsAnEventThereIsWhatItHasRoomFor() {
    String text =
        """
        name: kernel_stack
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
        \tfield:int size;\toffset:8;\tsize:4;\tsigned:1;
        \tfield:unsigned long caller[8];\toffset:16;\tsize:64;\tsigned:0;
        """;
    EventFormat format = new EventFormat(4, "ftrace", "kernel_stack", text);
    EventDecoder decoder = new EventDecoder(List.of(format), ByteOrder.LITTLE_ENDIAN);
    MemorySegment memory = MemorySegment.ofArray(new long[] {4, 2, 7, 9, 11});
    assertArrayEquals(
        new long[] {7, 9}, decoder.event(memory, 0, 32, 0, 0).getLongs("caller")); // not the 11
    assertArrayEquals(new long[] {7}, decoder.event(memory, 0, 28, 0, 0).getLongs("caller"));
    Event damaged = decoder.event(memory, 0, 12, 0, 0);
    assertThrows(IllegalStateException.class, () -> damaged.getLongs("caller"));
  }

  @Test
  void bigEndianEventsAreReadAsTheyWere() {
    EventFormat format =
        new EventFormat(
            258,
            "s",
            "e",
            "\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;\n"
                + "\tfield:u16 b[2];\toffset:12;\tsize:4;\tsigned:0;\n");
    byte[] bytes = {1, 2, 0, 0, 0, 0, 0, 9, -1, -1, -1, -2, 0, 1, 2, 0};
    Event event =
        new EventDecoder(List.of(format), ByteOrder.BIG_ENDIAN)
            .event(MemorySegment.ofArray(bytes), 0, bytes.length, 0, 0);
    assertEquals(-2, event.getLong("a"));
    assertEquals(9, event.pid());
    assertArrayEquals(new long[] {1, 512}, event.getLongs("b"));
    assertEquals("s:e: a=-2 b=[1, 512]", event.toString());
  }

  @Test
  void anyTextIsReadInGoodTime() {
    String[] parts = {
      "\tfield:", "x [", ";\toffset:8;", "\tsize:4;", "\tsigned:1;\n", "print fmt: ", "\"", "a=%d ",
      "__print_flags(", "REC->a", " >> 52) % 2048", "{ 1, \"", "__data_loc ", "char[] s", "\n", "="
    };
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(2000); j > 0; j--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      new EventFormat(1, "s", "e", text.toString()).fields();
    }
    for (String part : parts) {
      String text = "\nprint fmt: " + part.repeat(100_000);
      assertEquals(List.of(), new EventFormat(1, "s", "e", text).fields());
      new EventFormat(1, "s", "e", part.repeat(100_000)).fields();
      new EventFormat(1, "s", "e", "\nprint fmt: \"" + part.repeat(100_000) + "\"").fields();
    }
  }

  /** Kinds of fields that no record has, but another tool's format may. */
  @Test
  void oddFieldsOfOthers() {
    String text =
        "name: odd\nID: 9\nformat:\n"
            + "\tfield:__data_loc u32 located;\toffset:8;\tsize:4;\tsigned:0;\n"
            + "\tfield:bool wide;\toffset:12;\tsize:4;\tsigned:0;\n"
            + "\tfield:char  text [ 16 ] ;\toffset:16;\tsize:16;\tsigned:0;\n"
            + "\tfield:u8 ;\toffset:32;\tsize:1;\tsigned:0;\n"
            + "\tfield:]] 1;\toffset:32;\tsize:1;\tsigned:0;\n\n"
            + "print fmt: \"located=%s\", __print_symbolic(REC->located, { 0, \"NO\" })\n";
    List<EventField> fields = FormatParser.parse(text);
    assertEquals(
        List.of("located", "wide", "text", "u8"), fields.stream().map(EventField::name).toList());
    assertEquals(
        List.of(Kind.INTEGER, Kind.INTEGER, Kind.STRING, Kind.INTEGER),
        fields.stream().map(EventField::kind).toList());
  }

  /** As the kernel's formats have them: a value of all bits, and one in octal. */
  @Test
  void namesOfNegativeAndOctalValues() {
    String text =
        "\tfield:int state;\toffset:8;\tsize:4;\tsigned:1;\n\n"
            + "print fmt: \"state=%s\", __print_symbolic(REC->state, { -1, \"NONE\" },"
            + " { 010, \"EIGHT\" }, { -2147483648, \"LEAST\" }, { 09, \"no number\" })\n";
    Labels labels = FormatParser.parse(text).getFirst().labels();
    assertEquals(Optional.of("NONE"), labels.name(0xffffffffL));
    assertEquals(Optional.of("EIGHT"), labels.name(8));
    assertEquals(Optional.of("LEAST"), labels.name(0x80000000L));
    assertEquals(3, labels.entries().size());
    EventFormat format = new EventFormat(7, "s", "e", text);
    Event event =
        new EventDecoder(List.of(format), ByteOrder.LITTLE_ENDIAN)
            .event(MemorySegment.ofArray(new int[] {7, 0, -1}), 0, 12, 0, 0);
    assertEquals("NONE", event.getString("state"));
    assertEquals(-1, event.getLong("state"));
  }

  /** Of a length that is read: each took 300 ms, a whole format half a minute. */
  @Test
  void aLongDeclarationOfNoField() {
    String line = "\tfield:" + "a".repeat(310) + " ".repeat(620) + "!;\toffset:8;\tsize:4;\n";
    assertTimeout(Duration.ofSeconds(10), () -> FormatParser.parse(line.repeat(1000)));
  }
}
