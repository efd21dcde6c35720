package org.pagewheel.event.internal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Array;
import java.util.EnumSet;
import org.pagewheel.event.EventType;

/**
 * Called by the classes that {@link EventType#of} makes to store components that are not numbers.
 */
public final class EventFields {
  /** The layout of 8 bytes in an event: like the pages, little endian on any machine. */
  public static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** How a double is stored. */
  public static final ValueLayout.OfDouble DOUBLE =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** How 4 bytes are stored. */
  public static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** How 2 bytes are stored. */
  public static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** How a char is stored. */
  public static final ValueLayout.OfChar CHAR =
      ValueLayout.JAVA_CHAR_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** How a byte is stored. */
  public static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** The stored number of a null enum; shown as {@code (null)}. */
  public static final int NULL_ENUM = -1;

  /** Stands for the number of the calling thread. */
  public static final int CURRENT = 0;

  private EventFields() {}

  /**
   * The common fields, the first eight bytes of an event.
   *
   * @param type the event type's id
   * @param pid the value of {@code common_pid}, or {@link #CURRENT}
   * @return what is stored as {@link #LONG}
   */
  public static long common(int type, int pid) {
    return type | (long) (pid == CURRENT ? ThreadIds.current() : pid) << 32;
  }

  /**
   * The bytes that text takes up in the dynamic part.
   *
   * @param text the text; null counts as {@code (null)}
   * @param limit how many bytes it may take up
   * @return at most {@code limit}
   */
  public static int length(String text, int limit) {
    return Utf8.length(text, limit);
  }

  /**
   * The text as readers of an event will see it.
   *
   * @param text the text; null counts as {@code (null)}
   * @return the text itself, unless it contains characters that cannot be shown
   */
  public static String shown(String text) {
    return Utf8.shown(text);
  }

  /**
   * The bytes that an array takes up in the dynamic part.
   *
   * @param array an array of primitives; null counts as empty
   * @param size bytes of an element as it is stored
   * @param limit how many bytes it may take up
   * @return at most {@code limit}
   */
  public static int length(Object array, int size, int limit) {
    return array == null ? 0 : Math.min(Array.getLength(array), limit / size) * size;
  }

  /**
   * Stores text in the dynamic part.
   *
   * @param memory where to
   * @param event where the event begins
   * @param field where in the event the word is that says where the text is
   * @param tail where in the event the dynamic part continues
   * @param text the text
   * @param limit how many bytes it may take up
   * @return the new tail
   */
  public static int put(
      MemorySegment memory, long event, int field, int tail, String text, int limit) {
    int length = Utf8.put(text, memory, event + tail, limit);
    memory.set(INT, event + field, length << 16 | tail);
    return tail + length;
  }

  /**
   * Stores an array in the dynamic part.
   *
   * @param memory where to
   * @param event where the event begins
   * @param field where in the event the word is that says where the elements are
   * @param tail where in the event the dynamic part continues
   * @param array an array of primitives or null
   * @param size bytes of an element as it is stored
   * @param limit how many bytes it may take up
   * @return the new tail
   */
  public static int put(
      MemorySegment memory, long event, int field, int tail, Object array, int size, int limit) {
    int length = length(array, size, limit);
    memory.set(INT, event + field, length << 16 | tail);
    copy(array, length / size, memory, event + tail);
    return tail + length;
  }

  /**
   * Stores text in a fixed place.
   *
   * @param memory where to
   * @param at where the place begins
   * @param text the text
   * @param size the size of the place in bytes
   */
  public static void putFixed(MemorySegment memory, long at, String text, int size) {
    int length = Utf8.put(text, memory, at, size);
    zero(memory, at + length, at + size);
  }

  /**
   * Stores an array in a fixed place.
   *
   * @param memory where to
   * @param at where the place begins
   * @param array an array of primitives or null
   * @param size bytes of an element as it is stored
   * @param count how many elements the place holds
   */
  public static void putFixed(MemorySegment memory, long at, Object array, int size, int count) {
    int length = length(array, size, count * size);
    copy(array, length / size, memory, at);
    zero(memory, at + length, at + (long) count * size);
  }

  /**
   * The number that stands for an enum constant.
   *
   * @param constant the constant or null
   * @return its ordinal, or {@link #NULL_ENUM}
   */
  public static int ordinal(Enum<?> constant) {
    return constant == null ? NULL_ENUM : constant.ordinal();
  }

  /**
   * The bits that stand for a set of enum constants.
   *
   * @param set a set over at most 64 constants, or null
   * @return bit n for the constant with ordinal n
   */
  public static long bits(EnumSet<?> set) {
    long bits = 0;
    if (set != null) {
      for (Enum<?> constant : set) {
        bits |= 1L << constant.ordinal();
      }
    }
    return bits;
  }

  /**
   * Fills the last word of an event with zeros.
   *
   * @param memory where to
   * @param event where the event begins
   * @param tail where in the event its last field ends
   */
  public static void pad(MemorySegment memory, long event, int tail) {
    zero(memory, event + tail, event + (tail + 3 & ~3));
  }

  private static void zero(MemorySegment memory, long from, long to) {
    for (long at = from; at < to; at++) {
      memory.set(BYTE, at, (byte) 0);
    }
  }

  /** If the array's type is known, the compiler leaves only one of the branches. */
  private static void copy(Object array, int count, MemorySegment memory, long at) {
    if (array instanceof long[] longs) {
      MemorySegment.copy(longs, 0, memory, LONG, at, count);
    } else if (array instanceof int[] ints) {
      MemorySegment.copy(ints, 0, memory, INT, at, count);
    } else if (array instanceof byte[] bytes) {
      MemorySegment.copy(bytes, 0, memory, BYTE, at, count);
    } else if (array instanceof double[] doubles) {
      MemorySegment.copy(doubles, 0, memory, DOUBLE, at, count);
    } else if (array instanceof short[] shorts) {
      MemorySegment.copy(shorts, 0, memory, SHORT, at, count);
    } else if (array instanceof char[] chars) {
      MemorySegment.copy(chars, 0, memory, CHAR, at, count);
    } else if (array instanceof float[] floats) {
      for (int i = 0; i < count; i++) {
        memory.set(DOUBLE, at + 8L * i, floats[i]);
      }
    } else if (array instanceof boolean[] booleans) {
      for (int i = 0; i < count; i++) {
        memory.set(BYTE, at + i, (byte) (booleans[i] ? 1 : 0));
      }
    }
  }
}
