package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A file holds events of a record as it was: its constants and fields have changed since. */
class ReadChangedTypesTest {
  enum Side {
    BUY,
    SELL,
    HOLD
  }

  enum None {}

  record Order(
      Side side,
      EnumSet<Side> sides,
      @Symbol({"in", "out", "out"}) Side way,
      EnumSet<None> none,
      byte small,
      @Unsigned short port,
      char letter,
      int number,
      long large,
      @Unsigned long bits,
      float real,
      short[] shorts,
      float[] reals) {}

  private static final EventType<Order> ORDER = EventType.of("changed", Order.class);

  private static final Order NOW =
      new Order(
          Side.SELL,
          EnumSet.of(Side.BUY, Side.HOLD),
          Side.HOLD,
          EnumSet.noneOf(None.class),
          (byte) -1,
          (short) 0xffff,
          '\uffff',
          Integer.MIN_VALUE,
          Long.MIN_VALUE,
          -1,
          1.5f,
          new short[] {-1, Short.MAX_VALUE},
          new float[] {0.25f, Float.NaN});

  /** The event of {@link #NOW} as it was recorded, and its format with changes. */
  private static Event event(String... changes) throws Exception {
    PageBuffer buffer = PageBuffer.of(4);
    ORDER.record(buffer, NOW);
    MemorySegment payload = buffer.pageRing().events().getLast();
    buffer.close();
    String text = ORDER.format().text();
    for (int i = 0; i < changes.length; i += 2) {
      String changed = text.replace(changes[i], changes[i + 1]);
      assertNotEquals(text, changed, changes[i]);
      text = changed;
    }
    EventFormat old = new EventFormat(ORDER.id(), "changed", "order", text);
    return new EventDecoder(List.of(old), ByteOrder.LITTLE_ENDIAN)
        .event(payload, 0, (int) payload.byteSize(), 0, 0);
  }

  private static void refused(String why, String... changes) throws Exception {
    Event event = event(changes);
    String message =
        assertThrows(IllegalArgumentException.class, () -> ORDER.read(event)).getMessage();
    assertEquals("field " + why, message);
  }

  @Test
  void whatHasNotChangedComesBack() throws Exception {
    Order read = ORDER.read(event());
    assertEquals(Side.SELL, read.side);
    assertEquals(Side.HOLD, read.way, "of two that are shown alike");
    assertEquals(NOW.sides, read.sides);
    assertEquals(NOW.none, read.none);
    assertEquals(-1, read.small);
    assertEquals((short) 0xffff, read.port);
    assertEquals('\uffff', read.letter);
    assertEquals(Integer.MIN_VALUE, read.number);
    assertEquals(Long.MIN_VALUE, read.large);
    assertEquals(-1, read.bits);
    assertEquals(1.5f, read.real);
    assertArrayEquals(NOW.shorts, read.shorts);
    assertArrayEquals(NOW.reals, read.reals);
  }

  @Test
  void constantsAreFoundByTheirNamesWhateverTheirOrderWas() throws Exception {
    Order read =
        ORDER.read(
            event(
                "{ 0, \"BUY\" }, { 1, \"SELL\" }, { 2, \"HOLD\" }",
                "{ 0, \"HOLD\" }, { 1, \"BUY\" }, { 2, \"SELL\" }",
                "{ 0x1, \"BUY\" }, { 0x2, \"SELL\" }, { 0x4, \"HOLD\" }",
                "{ 0x1, \"SELL\" }, { 0x2, \"HOLD\" }, { 0x4, \"BUY\" }",
                "{ 2, \"out\" }",
                "{ 2, \"in\" }"));
    assertEquals(Side.BUY, read.side);
    assertEquals(EnumSet.of(Side.SELL, Side.BUY), read.sides);
    assertEquals(Side.BUY, read.way);
  }

  @Test
  void aConstantThatIsNoMoreIsNamed() throws Exception {
    refused(
        "side of event changed:order is STOP: not a value of type Side, which has BUY, SELL, HOLD",
        "{ 1, \"SELL\" }",
        "{ 1, \"STOP\" }");
    refused(
        "side of event changed:order is 1: not a value of type Side, which has BUY, SELL, HOLD",
        "{ 1, \"SELL\" }, ",
        "");
    refused(
        "sides of event changed:order is STOP: not a value of type Side, which has BUY, SELL, HOLD",
        "{ 0x4, \"HOLD\" }",
        "{ 0x4, \"STOP\" }");
  }

  record Bytes(byte n) {}

  record UnsignedBytes(@Unsigned byte n) {}

  record Chars(char n) {}

  record Ints(int n) {}

  record Longs(long n) {}

  record UnsignedLongs(@Unsigned long n) {}

  record Floats(float n) {}

  record IntArrays(@Fixed(1) int[] n) {}

  /** A field {@code n} as another type of this name had it. */
  private static Event event(EventType<?> type, String declared, int size, long value) {
    MemorySegment payload = MemorySegment.ofArray(new long[2]);
    payload.set(EventShape.LONG, 8, value);
    payload.set(EventShape.SHORT, 0, (short) 9);
    int signed = declared.startsWith("s") ? 1 : 0;
    String text = "\tfield:%s;\toffset:8;\tsize:%d;\tsigned:%d;\n";
    EventFormat format =
        new EventFormat(9, "changed", type.format().name(), text.formatted(declared, size, signed));
    return new EventDecoder(List.of(format), ByteOrder.LITTLE_ENDIAN).event(payload, 0, 16, 0, 0);
  }

  private static <R extends Record> void kept(
      R expected, EventType<R> type, String declared, int size, long value) {
    assertEquals(expected, type.read(event(type, declared, size, value)));
  }

  private static void refused(
      String why, EventType<?> type, String declared, int size, long value) {
    Event event = event(type, declared, size, value);
    String message =
        assertThrows(IllegalArgumentException.class, () -> type.read(event)).getMessage();
    assertEquals("field n of event changed:" + type.format().name() + " is " + why, message);
  }

  @Test
  void aNumberIsNotNarrowedInSilence() {
    EventType<Bytes> bytes = EventType.of("changed", Bytes.class);
    kept(new Bytes((byte) -128), bytes, "s64 n", 8, -128);
    kept(new Bytes((byte) 127), bytes, "u64 n", 8, 127);
    refused("128: not a value of type byte", bytes, "s16 n", 2, 128);
    refused("-129: not a value of type byte", bytes, "s64 n", 8, -129);
    refused("255: not a value of type byte", bytes, "u8 n", 1, 255);
    refused("18446744073709551615: not a value of type byte", bytes, "u64 n", 8, -1);

    EventType<UnsignedBytes> unsigned = EventType.of("changed", UnsignedBytes.class);
    kept(new UnsignedBytes((byte) 255), unsigned, "s16 n", 2, 255);
    refused("256: not a value of type unsigned byte", unsigned, "s16 n", 2, 256);
    refused("-1: not a value of type unsigned byte", unsigned, "s8 n", 1, -1);

    EventType<Chars> chars = EventType.of("changed", Chars.class);
    kept(new Chars('\uffff'), chars, "u32 n", 4, 0xffff);
    refused("65536: not a value of type unsigned char", chars, "u32 n", 4, 0x10000);

    EventType<Ints> ints = EventType.of("changed", Ints.class);
    kept(new Ints(-1), ints, "s8 n", 1, -1);
    refused("4294967296: not a value of type int", ints, "s64 n", 8, 1L << 32);
    refused("4294967295: not a value of type int", ints, "u32 n", 4, -1);

    EventType<Longs> longs = EventType.of("changed", Longs.class);
    kept(new Longs(-1), longs, "s32 n", 4, -1);
    refused("18446744073709551615: not a value of type long", longs, "u64 n", 8, -1);

    EventType<UnsignedLongs> large = EventType.of("changed", UnsignedLongs.class);
    kept(new UnsignedLongs(-1), large, "u64 n", 8, -1);
    refused("-1: not a value of type unsigned long", large, "s64 n", 8, -1);
    refused("-1: not a value of type unsigned long", large, "s32 n", 4, -1);

    EventType<IntArrays> arrays = EventType.of("changed", IntArrays.class);
    refused("4294967296: not a value of type int", arrays, "s64 n[1]", 8, 1L << 32);

    EventType<Floats> floats = EventType.of("changed", Floats.class);
    kept(new Floats(0.5f), floats, "double n", 8, Double.doubleToLongBits(0.5));
    refused("0.1: not a value of type float", floats, "double n", 8, Double.doubleToLongBits(0.1));
  }

  @Test
  void aDamagedEventIsShownAsSuch() {
    EventType<Longs> longs = EventType.of("changed", Longs.class);
    EventFormat format = longs.format();
    MemorySegment payload = MemorySegment.ofArray(new long[] {format.id(), 0});
    Event event =
        new EventDecoder(List.of(format), ByteOrder.LITTLE_ENDIAN).event(payload, 0, 12, 0, 0);
    assertThrows(IllegalStateException.class, () -> longs.read(event));
    assertEquals("changed:longs: n=(damaged)", event.toString());
  }
}
