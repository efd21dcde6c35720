package org.pagewheel.event;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pagewheel.event.internal.EventFields;
import org.pagewheel.event.internal.ThreadIds;
import org.pagewheel.format.DamagedPageException;
import org.pagewheel.spi.RingWriter;

/** The bytes of events. */
class StoredEventsTest {
  record Numbers(long a, int b, short c, byte d) {}

  record Text(@Limit(8) String text) {}

  record Middle(@Limit(40) String text) {}

  record Twice(String a, int[] b, String c) {}

  record Place(@Fixed(4) String text, @Fixed(2) short[] numbers) {}

  record Arrays(
      boolean[] a, byte[] b, short[] c, char[] d, int[] e, long[] f, float[] g, double[] h) {}

  record Touchy(int[] numbers) {
    Touchy {
      numbers = numbers.clone();
    }

    @Override
    public int[] numbers() {
      throw new IllegalStateException("accessors are not called");
    }
  }

  record Large(@Limit(5000) String text) {}

  static final EventType<Numbers> NUMBERS = EventType.of("stored", Numbers.class);
  static final EventType<Text> TEXT = EventType.of("stored", Text.class);
  static final EventType<Middle> MIDDLE = EventType.of("stored", Middle.class);
  static final EventType<Twice> TWICE = EventType.of("stored", Twice.class);
  static final EventType<Place> PLACE = EventType.of("stored", Place.class);
  static final EventType<Arrays> ARRAYS = EventType.of("stored", Arrays.class);
  static final EventType<Touchy> TOUCHY = EventType.of("stored", Touchy.class);
  static final EventType<Large> LARGE = EventType.of("stored", Large.class);

  private final PageBuffer buffer = PageBuffer.of(4);

  @AfterEach
  void close() {
    buffer.close();
  }

  private MemorySegment last() throws DamagedPageException {
    assertEquals(0, buffer.pageRing().openReservations());
    return buffer.pageRing().events().getLast();
  }

  private static int number(MemorySegment event, long at) {
    return event.get(EventFields.INT, at);
  }

  /** The bytes that a dynamic field's word points to. */
  private static byte[] dynamic(MemorySegment event, long at) {
    int word = number(event, at);
    return event.asSlice(word & 0xffff, word >>> 16).toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theCommonFieldsAndTheNumbersAreLittleEndian() throws Exception {
    assertTrue(NUMBERS.record(buffer, new Numbers(-2, 0x01020304, (short) -3, (byte) -4)));
    MemorySegment event = last();
    assertEquals(24, event.byteSize());
    assertEquals(NUMBERS.format().id(), number(event, 0));
    assertEquals(ThreadIds.current(), number(event, 4));
    byte[] own = event.asSlice(8).toArray(ValueLayout.JAVA_BYTE);
    assertArrayEquals(new byte[] {-2, -1, -1, -1, -1, -1, -1, -1, 4, 3, 2, 1, -3, -1, -4, 0}, own);
  }

  @Test
  void anEventOfAnotherThreadCarriesItsNumberAndName() throws Exception {
    assertTrue(
        NUMBERS.recordAs(buffer, 4_000_001, "VM Thread", new Numbers(1, 2, (short) 3, (byte) 4)));
    assertEquals(4_000_001, number(last(), 4));
    assertEquals("VM Thread", Metadata.process().threadNames().get(4_000_001));
  }

  @Test
  void textIsUtf8AndCutAtTheBoundaryOfACharacter() throws Exception {
    String[][] cases = {
      {"", "\0"},
      {"venue", "venue\0"},
      {"1234567", "1234567\0"},
      {"12345678", "1234567\0"},
      {"123456é", "123456\0"},
      {"12345é8", "12345é\0"},
      {"é€", "é€\0"},
      {"123😀", "123😀\0"},
      {"1234😀", "1234\0"},
      {"\ud83d", "?\0"},
      {"a\ude00b", "a?b\0"},
      {"a\nb\tc", "a b c\0"},
      {"\0\u007f\u0085\u009b", "    \0"},
      {null, "(null)\0"},
    };
    for (String[] expected : cases) {
      assertTrue(TEXT.record(buffer, new Text(expected[0])));
      MemorySegment event = last();
      byte[] bytes = dynamic(event, 8);
      assertArrayEquals(utf8(expected[1]), bytes, () -> "text " + expected[0]);
      assertEquals(12 + bytes.length + 3 & ~3, Math.max(event.byteSize(), 12));
      for (long i = 12 + bytes.length; i < event.byteSize(); i++) {
        assertEquals(0, event.get(ValueLayout.JAVA_BYTE, i), "the rest of the last word is zero");
      }
    }
  }

  @Test
  void anyTextIsWhatTheJdkWouldEncode() throws Exception {
    Random random = new Random(11);
    String alphabet = "abcdefghijklmnopqrstuvwxyz 0123456789~\n\u007fé€";
    for (int i = 0; i < 1000; i++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(60);
      int letters = random.nextBoolean() ? alphabet.length() : 38; // half of them plain ASCII
      while (text.length() < length) {
        text.append(alphabet.charAt(random.nextInt(letters)));
        if (random.nextInt(50) == 0) {
          text.append("😀");
        }
      }
      assertTrue(MIDDLE.record(buffer, new Middle(text.toString())));
      assertArrayEquals(expected(text.toString(), 40), dynamic(last(), 8), text::toString);
      buffer.replace(new PageRing(1));
    }
  }

  private static byte[] expected(String text, int limit) {
    String cut = text.replaceAll("\\p{Cntrl}", " ");
    while (utf8(cut).length >= limit) {
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
    }
    return utf8(cut + "\0");
  }

  @Test
  void dynamicFieldsFollowEachOther() throws Exception {
    TWICE.record(buffer, new Twice("one", new int[] {7, -8}, "zwei"));
    MemorySegment event = last();
    assertArrayEquals(utf8("one\0"), dynamic(event, 8));
    assertArrayEquals(new byte[] {7, 0, 0, 0, -8, -1, -1, -1}, dynamic(event, 12));
    assertArrayEquals(utf8("zwei\0"), dynamic(event, 16));
    assertEquals(40, event.byteSize());
  }

  @Test
  void withoutAnnotationAStringKeeps1024Bytes() throws Exception {
    TWICE.record(buffer, new Twice("x".repeat(2000), new int[1000], null));
    MemorySegment event = last();
    assertArrayEquals(utf8("x".repeat(1023) + "\0"), dynamic(event, 8));
    assertEquals(1024, dynamic(event, 12).length);
    assertArrayEquals(utf8("(null)\0"), dynamic(event, 16));
  }

  @Test
  void aFixedPlaceIsFilledUpOrCut() throws Exception {
    PLACE.record(buffer, new Place("abcdef", new short[] {1, 2, 3}));
    assertArrayEquals(
        new byte[] {1, 0, 2, 0, 'a', 'b', 'c', 0},
        last().asSlice(8).toArray(ValueLayout.JAVA_BYTE));
    PLACE.record(buffer, new Place("ö", new short[] {-1}));
    assertArrayEquals(
        new byte[] {-1, -1, 0, 0, (byte) 0xc3, (byte) 0xb6, 0, 0},
        last().asSlice(8).toArray(ValueLayout.JAVA_BYTE));
    PLACE.record(buffer, new Place(null, null));
    assertArrayEquals(
        new byte[] {0, 0, 0, 0, '(', 'n', 'u', 0},
        last().asSlice(8).toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void arraysOfEveryPrimitiveType() throws Exception {
    Arrays arrays =
        new Arrays(
            new boolean[] {true, false},
            new byte[] {-1},
            new short[] {-2},
            new char[] {'€'},
            new int[] {-3},
            new long[] {-4},
            new float[] {0.5f},
            new double[] {-0.25});
    ARRAYS.record(buffer, arrays);
    MemorySegment event = last();
    assertArrayEquals(new byte[] {1, 0}, dynamic(event, 8));
    assertArrayEquals(new byte[] {-1}, dynamic(event, 12));
    assertArrayEquals(new byte[] {-2, -1}, dynamic(event, 16));
    assertArrayEquals(new byte[] {(byte) 0xac, 0x20}, dynamic(event, 20));
    assertArrayEquals(new byte[] {-3, -1, -1, -1}, dynamic(event, 24));
    assertArrayEquals(new byte[] {-4, -1, -1, -1, -1, -1, -1, -1}, dynamic(event, 28));
    assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xe0, 0x3f}, dynamic(event, 32));
    assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xd0, (byte) 0xbf}, dynamic(event, 36));
  }

  @Test
  void missingArraysAreEmpty() throws Exception {
    ARRAYS.record(buffer, new Arrays(null, null, null, null, null, null, null, null));
    MemorySegment event = last();
    assertEquals(40, event.byteSize());
    for (int at = 8; at < 40; at += 4) {
      assertEquals(40, number(event, at), "length 0 at the end");
    }
  }

  @Test
  void fieldsAreReadWithoutTheAccessors() throws Exception {
    assertTrue(TOUCHY.record(buffer, new Touchy(new int[] {5})));
    assertArrayEquals(new byte[] {5, 0, 0, 0}, dynamic(last(), 8));
  }

  @Test
  void anEventTooLongForThePageIsRefusedAndNotThrown() {
    assertFalse(LARGE.record(buffer, new Large("x".repeat(4900))));
    assertTrue(LARGE.record(buffer, new Large("x".repeat(4000))));
    assertEquals(2, buffer.pageRing().attempts());
  }

  @Test
  void aSealedRingIsFollowedByItsSuccessor() throws Exception {
    PageRing sealed = buffer.pageRing();
    sealed.seal();
    PageRing next = new PageRing(1);
    PageBuffer turned =
        new PageBuffer(sealed) {
          @Override
          public RingWriter successor(RingWriter ring) {
            assertEquals(sealed, ring);
            return next;
          }
        };
    assertTrue(NUMBERS.record(turned, new Numbers(1, 2, (short) 3, (byte) 4)));
    assertTrue(turned.mark("on the next ring"));
    assertEquals(0, sealed.attempts());
    assertEquals(2, next.events().size());
    turned.close();
  }

  @Test
  void whatGoesWrongWhileStoringTakesTheReservationBack() throws Exception {
    PageRing ring =
        new PageRing(1) {
          @Override
          public MemorySegment memory(long reservation) {
            return super.memory(reservation).asSlice(0, 48);
          }
        };
    PageBuffer broken = new PageBuffer(ring);
    assertTrue(NUMBERS.record(broken, new Numbers(1, 2, (short) 3, (byte) 4)));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> NUMBERS.record(broken, new Numbers(1, 2, (short) 3, (byte) 4)));
    assertThrows(IndexOutOfBoundsException.class, () -> broken.mark("a mark"));
    assertEquals(2, ring.discarded());
    assertEquals(0, ring.openReservations());
    assertEquals(1, ring.events().size());
    broken.close();
  }

  @Test
  void nullIsNoEvent() {
    assertThrows(NullPointerException.class, () -> NUMBERS.record(buffer, null));
    assertEquals(0, buffer.pageRing().attempts());
  }
}
