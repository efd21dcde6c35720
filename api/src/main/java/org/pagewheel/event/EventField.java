package org.pagewheel.event;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A field of an event, as its format describes it: where it is, what it is in Java, how it is
 * shown. Immutable.
 *
 * <p>What a format says is not checked against any event: one from a file may give any offset.
 * {@link Event} checks when it reads.
 */
public final class EventField {
  /** What a field, or each element of an array, is in Java. */
  public enum Kind {
    /** {@code true} or {@code false}. */
    BOOLEAN("a boolean", "getBoolean"),
    /** A whole number of 1, 2, 4 or 8 bytes. */
    INTEGER("a whole number", "getLong"),
    /** A double; a float is stored as one. */
    REAL("a double", "getDouble"),
    /** A whole number whose values have names: an enum constant. */
    ENUM("an enum", "getString for its name, or getLong"),
    /** Bits that have names: a set of enum constants. */
    FLAGS("a set of flags", "getNames, or getLong"),
    /** Text. */
    STRING("a string", "getString"),
    /** Anything else, such as a structure of the kernel's. */
    BYTES("bytes", "getBytes");

    final String words;
    final String getter;

    Kind(String words, String getter) {
      this.words = words;
      this.getter = getter;
    }
  }

  /** What viewers of timelines make of a field, by the word before its type. */
  public enum Role {
    /** Nothing but a value. */
    NONE(""),
    /** The value of something that goes up and down, see {@link Counter}. */
    COUNTER("counter "),
    /** The number of something that goes from event to event, see {@link Flow}. */
    FLOW("flow "),
    /** The number of a span that the event begins, see {@link SpanType}. */
    SPAN_BEGIN("span_begin "),
    /** The number of a span that the event ends. */
    SPAN_END("span_end "),
    /** The number of an asynchronous span that the event begins, see {@link AsyncSpanType}. */
    ASYNC_BEGIN("async_begin "),
    /** The number of an asynchronous span that the event ends. */
    ASYNC_END("async_end "),
    /** How long a span took that the event ends, in nanoseconds, see {@link DurationType}. */
    DURATION("span ");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    static Role of(String type) {
      for (Role role : values()) {
        if (role != NONE && type.startsWith(role.word)) {
          return role;
        }
      }
      return NONE;
    }

    /** A type without the word. */
    static String without(String type) {
      return type.substring(of(type).word.length());
    }
  }

  private final String name;
  private final String type;
  private final Kind kind;
  private final boolean isArray;
  private final int offset;
  private final int size;
  private final int elementSize;
  private final boolean isSigned;
  private final boolean isHex;
  private final String unit;
  private final Labels labels;

  /** Made when it is asked for: a hostile format may share one long table among many fields. */
  private Map<String, Long> constants;

  EventField(
      String name,
      String type,
      Kind kind,
      boolean isArray,
      int offset,
      int size,
      int elementSize,
      boolean isSigned,
      boolean isHex,
      String unit,
      Labels labels) {
    this.name = name;
    this.type = type;
    this.kind = kind;
    this.isArray = isArray;
    this.offset = offset;
    this.size = size;
    this.elementSize = elementSize;
    this.isSigned = isSigned;
    this.isHex = isHex;
    this.unit = unit;
    this.labels = labels;
  }

  /**
   * The field's name as tools show it.
   *
   * @return such as {@code order_id}
   */
  public String name() {
    return name;
  }

  /**
   * The name in Java: that of the record's component, unless {@link Name} gave it another.
   *
   * @return such as {@code orderId}
   */
  public String javaName() {
    StringBuilder java = new StringBuilder();
    for (String word : name.split("_+")) {
      java.append(
          java.isEmpty() || word.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return java.isEmpty() ? name : java.toString();
  }

  /**
   * What it is in Java.
   *
   * @return the kind of the value, or of each element of an array
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Whether it holds several values, as many as the event or the format says. A string does not.
   *
   * @return true for an array
   */
  public boolean isArray() {
    return isArray && kind != Kind.STRING && kind != Kind.BYTES;
  }

  /**
   * The type as the format declares it.
   *
   * @return such as {@code int}, {@code char[16]}, {@code __data_loc double[]} or {@code flow s64}
   */
  public String type() {
    return type;
  }

  /**
   * What viewers of timelines make of it.
   *
   * @return {@link Role#NONE} unless it is one number, and its type says more
   */
  public Role role() {
    return isArray || kind != Kind.INTEGER && kind != Kind.REAL ? Role.NONE : Role.of(type);
  }

  /**
   * Where the field begins in the payload.
   *
   * @return bytes, as the format says
   */
  public int offset() {
    return offset;
  }

  /**
   * Bytes in the fixed part: for what lies in the dynamic part those of the word that says where.
   *
   * @return bytes, as the format says; 0 for what reaches to the end of the event
   */
  public int size() {
    return size;
  }

  /**
   * Bytes of an element of an array.
   *
   * @return bytes; 0 if the format does not say; {@link #size} if it is not an array
   */
  public int elementSize() {
    return elementSize;
  }

  /**
   * Whether the field is a word that says where in the payload its bytes are.
   *
   * @return true for {@code __data_loc} and {@code __rel_loc}
   */
  public boolean isDynamic() {
    return type.startsWith("__data_loc") || isRelative();
  }

  /**
   * Whether that place is counted from the end of the word instead of the begin of the payload.
   *
   * @return true for {@code __rel_loc}
   */
  public boolean isRelative() {
    return type.startsWith("__rel_loc");
  }

  /**
   * Whether its numbers have a sign.
   *
   * @return false for an unsigned number, and for what is not a number
   */
  public boolean isSigned() {
    return isSigned;
  }

  /**
   * Whether tools show it in hexadecimal.
   *
   * @return true for {@link Hex}
   */
  public boolean isHex() {
    return isHex;
  }

  /**
   * The text that is shown right after the value: see {@link Unit}.
   *
   * @return such as {@code ns}; empty if there is none
   */
  public Optional<String> unit() {
    return unit.isEmpty() ? Optional.empty() : Optional.of(unit);
  }

  /**
   * The names of its values.
   *
   * @return without entries unless it is an {@link Kind#ENUM} or {@link Kind#FLAGS}
   */
  public Labels labels() {
    return labels;
  }

  /**
   * Its values by their names: ordinals of an enum, bits of flags.
   *
   * @return of two values with one name the first; empty if values have no names
   */
  public Map<String, Long> constants() {
    Map<String, Long> made = constants;
    if (made == null) { // made twice by two threads it is the same, and safe without a lock
      made = Map.copyOf(labels.values(8 * size, isSigned));
      constants = made;
    }
    return made;
  }

  /** What it is, in a message. */
  String words() {
    return isArray() ? "an array: " + kind.words + " each" : kind.words;
  }

  /** How it is read, in a message. */
  String getter() {
    if (!isArray()) {
      return kind.getter;
    }
    return switch (kind) {
      case REAL -> "getDoubles";
      case BOOLEAN -> "getBooleans";
      default -> "getLongs";
    };
  }

  @Override
  public String toString() {
    return type + " " + name;
  }
}
