package org.pagewheel.event.internal;

import java.util.List;

/**
 * A record's component as a field of an event.
 *
 * @param component the component's name in Java; null if the library stores the field
 * @param type the component's type
 * @param name the field's name
 * @param declaration the field as the format text declares it: {@code int f[4]}
 * @param alignment the alignment of its offset: 1, 2, 4 or 8
 * @param size bytes in the fixed part
 * @param signed whether its numbers have a sign
 * @param conversion how {@code print fmt} shows it: {@code %lld}
 * @param arguments what {@code print fmt} shows: {@code REC->f}
 * @param store how it is stored
 */
record Field(
    String component,
    Class<?> type,
    String name,
    String declaration,
    int alignment,
    int size,
    boolean signed,
    String conversion,
    List<String> arguments,
    Store store) {

  /** The component's type as this library sees it, which does not see an enum's class. */
  Class<?> bareType() {
    return type.isEnum() ? Enum.class : type;
  }

  /** How a value gets from the record into the event. */
  sealed interface Store {
    /** The most bytes that it takes up in the dynamic part. */
    default int limit() {
      return 0;
    }
  }

  /** A number, as wide as its type; a float widened to a double. */
  record Number() implements Store {}

  /** An enum constant's ordinal, 4 bytes. */
  record Ordinal() implements Store {}

  /** The bits of a set of constants, 4 or 8 bytes. */
  record Bits() implements Store {}

  /** Text in the fixed part. */
  record FixedText(int bytes) implements Store {}

  /** An array in the fixed part. */
  record FixedArray(int elementSize, int count) implements Store {}

  /** Text in the dynamic part. */
  record Text(int limit) implements Store {}

  /** An array in the dynamic part. */
  record Array(int elementSize, int limit) implements Store {}
}
