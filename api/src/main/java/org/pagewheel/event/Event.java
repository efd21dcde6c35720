package org.pagewheel.event;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.pagewheel.event.EventField.Kind;
import org.pagewheel.internal.NearestWord;

/**
 * An event that is read: its time, its thread, and its fields by name.
 *
 * {@snippet :
 * try (EventReader events = buffer.readers().events()) {
 *   while (events.next()) {
 *     Event event = events.event();
 *     if (event.is("shop", "order_filled")) {
 *       total += event.getDouble("price");
 *     }
 *   }
 * }
 * }
 *
 * <p>A view of the event that its reader stands on, valid until the reader goes on. The reader
 * gives the same object for the next event, so that reading allocates nothing but what is asked
 * for. For one thread, that of the reader. A field is called as tools show it ({@code order_id}).
 *
 * <p>Every method that reads a field throws {@link IllegalArgumentException} if the event has no
 * such field (the message names the nearest) or if it is of another kind (the message says which
 * and how to read it), and {@link IllegalStateException} if the field reaches outside the event,
 * because the event is damaged or not of its type. Of an array of a given length that ends the
 * event, such as {@code caller[8]} of a kernel's stack, what is there is read. Nothing outside the
 * payload is.
 */
public final class Event {
  private final boolean isLittle;
  private EventShape shape = EventShape.UNKNOWN;
  private MemorySegment memory = MemorySegment.NULL;
  private long begin;
  private int length;
  private long time;
  private int cpu;

  Event(ByteOrder order) {
    isLittle = order == ByteOrder.LITTLE_ENDIAN;
  }

  void set(EventShape shape, MemorySegment memory, long begin, int length, long time, int cpu) {
    this.shape = shape;
    this.memory = memory;
    this.begin = begin;
    this.length = length;
    this.time = time;
    this.cpu = cpu;
  }

  /**
   * The event's system.
   *
   * @return such as {@code shop}; {@code unknown} if no format has the event's id
   */
  public String system() {
    return shape.system();
  }

  /**
   * The event's name.
   *
   * @return such as {@code order_filled}; {@code unknown} if no format has the event's id
   */
  public String name() {
    return shape.name();
  }

  /**
   * Whether it is an event of this name.
   *
   * @param system the system
   * @param name the name
   * @return whether both are equal
   */
  public boolean is(String system, String name) {
    return shape.name().equals(name) && shape.system().equals(system);
  }

  /**
   * The event's format.
   *
   * @return empty if no format has the event's id
   */
  public Optional<EventFormat> format() {
    return Optional.ofNullable(shape.format());
  }

  /**
   * The event's fields.
   *
   * @return as {@link EventFormat#fields}, made once for each format; empty if the format is
   *     unknown
   */
  public Collection<EventField> fields() {
    return shape.fields().values();
  }

  /**
   * The event's time.
   *
   * @return in the unit of the buffer's clock
   */
  public long time() {
    return time;
  }

  /**
   * The event's CPU.
   *
   * @return a number of at least 0
   */
  public int cpu() {
    return cpu;
  }

  /**
   * The thread that wrote the event.
   *
   * @return a key of {@link Metadata#threadNames}; −1 if the event is too short to say
   */
  public int pid() {
    return length < CommonFields.SIZE ? -1 : (int) number(4, Integer.BYTES, true);
  }

  /**
   * Whether the event has a field.
   *
   * @param field the field's name
   * @return whether it is one of {@link #fields}
   */
  public boolean has(String field) {
    return shape.fields().containsKey(named(field));
  }

  private static String named(String field) {
    return Objects.requireNonNull(field, "the name of the field is null: a field's name is right");
  }

  /**
   * A whole number, an enum's ordinal, or the bits of flags.
   *
   * @param field the field's name
   * @return the number; one of 8 bytes without a sign may come as negative
   */
  public long getLong(String field) {
    EventField f = find(field, false, Kind.INTEGER, Kind.ENUM, Kind.FLAGS);
    return number(f.offset(), f.size(), f.isSigned());
  }

  /**
   * A double.
   *
   * @param field the field's name
   * @return the value, bit for bit
   */
  public double getDouble(String field) {
    return Double.longBitsToDouble(number(find(field, false, Kind.REAL).offset(), 8, false));
  }

  /**
   * A boolean.
   *
   * @param field the field's name
   * @return the value
   */
  public boolean getBoolean(String field) {
    return number(find(field, false, Kind.BOOLEAN).offset(), 1, false) != 0;
  }

  /**
   * A string, or the name of an enum constant.
   *
   * @param field the field's name
   * @return the text; of an enum's value without a name the number. Null was recorded as {@code
   *     (null)}, control characters as blanks
   */
  public String getString(String field) {
    EventField f = find(field, false, Kind.STRING, Kind.ENUM);
    return f.kind() == Kind.ENUM ? constant(f) : string(f);
  }

  /**
   * The names of the flags that are set.
   *
   * @param field the field's name
   * @return in the order of the format; bits without a name are the last one, in hexadecimal
   */
  public List<String> getNames(String field) {
    EventField f = find(field, false, Kind.FLAGS);
    return f.labels().names(number(f.offset(), f.size(), false));
  }

  /**
   * An array of whole numbers.
   *
   * @param field the field's name
   * @return a copy; null was recorded as an empty array
   */
  public long[] getLongs(String field) {
    EventField f = find(field, true, Kind.INTEGER);
    long[] values = new long[count(f)];
    long at = start(f);
    for (int i = 0; i < values.length; i++) {
      values[i] = number(at + (long) i * f.elementSize(), f.elementSize(), f.isSigned());
    }
    return values;
  }

  /**
   * An array of doubles.
   *
   * @param field the field's name
   * @return a copy; null was recorded as an empty array
   */
  public double[] getDoubles(String field) {
    EventField f = find(field, true, Kind.REAL);
    double[] values = new double[count(f)];
    long at = start(f);
    for (int i = 0; i < values.length; i++) {
      values[i] = Double.longBitsToDouble(number(at + 8L * i, 8, false));
    }
    return values;
  }

  /**
   * An array of booleans.
   *
   * @param field the field's name
   * @return a copy; null was recorded as an empty array
   */
  public boolean[] getBooleans(String field) {
    EventField f = find(field, true, Kind.BOOLEAN);
    boolean[] values = new boolean[count(f)];
    long at = start(f);
    for (int i = 0; i < values.length; i++) {
      values[i] = number(at + i, 1, false) != 0;
    }
    return values;
  }

  /**
   * A field's bytes as they are stored, of any kind.
   *
   * @param field the field's name
   * @return a copy
   */
  public byte[] getBytes(String field) {
    return bytes(field(field));
  }

  /**
   * A field's value, of any kind.
   *
   * @param field the field's name
   * @return a {@code Boolean}, {@code Long}, {@code Double}, {@code String} (of an enum the name),
   *     {@code List<String>} (of flags the names), {@code boolean[]}, {@code long[]}, {@code
   *     double[]} or {@code byte[]}
   */
  public Object get(String field) {
    EventField f = field(field);
    return switch (f.kind()) {
      case BOOLEAN -> f.isArray() ? getBooleans(field) : (Object) getBoolean(field);
      case INTEGER -> f.isArray() ? getLongs(field) : (Object) getLong(field);
      case REAL -> f.isArray() ? getDoubles(field) : (Object) getDouble(field);
      case ENUM, STRING -> getString(field);
      case FLAGS -> getNames(field);
      case BYTES -> getBytes(field);
    };
  }

  /**
   * What a field is.
   *
   * @param field the field's name
   * @return one of {@link #fields}
   * @throws IllegalArgumentException if the event has no such field; the message names the nearest
   */
  public EventField field(String field) {
    EventField found = shape.fields().get(named(field));
    if (found == null) {
      throw new IllegalArgumentException(
          "event %s:%s has no field %s, %s"
              .formatted(
                  system(), name(), field, NearestWord.hint(field, shape.fields().keySet())));
    }
    return found;
  }

  private EventField find(String field, boolean array, Kind... kinds) {
    EventField found = field(field);
    if (found.isArray() == array) {
      for (Kind kind : kinds) {
        if (kind == found.kind()) {
          return found;
        }
      }
    }
    throw new IllegalArgumentException(
        "field %s of event %s:%s is %s: %s reads it"
            .formatted(field, system(), name(), found.words(), found.getter()));
  }

  private String constant(EventField field) {
    return field
        .labels()
        .name(number(field.offset(), field.size(), false))
        .orElseGet(() -> Long.toString(number(field.offset(), field.size(), field.isSigned())));
  }

  private String string(EventField field) {
    byte[] bytes = bytes(field);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private byte[] bytes(EventField field) {
    return memory.asSlice(begin + start(field), extent(field)).toArray(ValueLayout.JAVA_BYTE);
  }

  private int count(EventField field) {
    return extent(field) / field.elementSize();
  }

  /** Where in the payload the field's bytes begin; it lies in the payload with its extent. */
  private long start(EventField field) {
    if (!field.isDynamic()) {
      return field.offset();
    }
    long from = number(field.offset(), Integer.BYTES, false) & 0xffff;
    return field.isRelative() ? from + field.offset() + field.size() : from;
  }

  /** How many bytes the field has, checked. */
  private int extent(EventField field) {
    int size = field.size();
    if (field.isDynamic()) {
      size = (int) (number(field.offset(), Integer.BYTES, false) >>> 16);
    } else if (size == 0) { // the rest of the event
      size = Math.max(0, length - field.offset());
    } else if (field == shape.tail() && length >= field.offset()) {
      int there = length - field.offset();
      size = Math.min(size, there - there % field.elementSize());
    }
    check(start(field), size);
    return size;
  }

  private void check(long at, int size) {
    if (at < 0 || at + size > length) {
      throw new IllegalStateException(
          "event %s:%s has %d bytes, and a field is at %d with %d: it is damaged"
              .formatted(system(), name(), length, at, size));
    }
  }

  private long number(long at, int size, boolean signed) {
    check(at, size);
    long from = begin + at;
    long value =
        switch (size) {
          case 1 -> memory.get(ValueLayout.JAVA_BYTE, from);
          case 2 -> swap(memory.get(EventShape.SHORT, from));
          case 4 -> swap(memory.get(EventShape.INT, from));
          default -> swap(memory.get(EventShape.LONG, from));
        };
    return signed || size == 8 ? value : value & (1L << 8 * size) - 1;
  }

  private short swap(short value) {
    return isLittle ? value : Short.reverseBytes(value);
  }

  private int swap(int value) {
    return isLittle ? value : Integer.reverseBytes(value);
  }

  private long swap(long value) {
    return isLittle ? value : Long.reverseBytes(value);
  }

  /** Its name and the fields with their values, for people; damaged fields are shown as such. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(" ", system() + ":" + name() + ": ", "");
    shape.fields().keySet().forEach(field -> text.add(field + "=" + text(field)));
    return text.toString();
  }

  private String text(String field) {
    try {
      return EventShape.text(get(field));
    } catch (IllegalStateException damaged) {
      return "(damaged)"; // debuggers and logs call toString, of any event
    }
  }
}
