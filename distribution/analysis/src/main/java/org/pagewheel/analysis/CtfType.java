package org.pagewheel.analysis;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventField.Kind;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.Labels;

/**
 * A type of events in the Common Trace Format: its declaration, and its events' fields as bytes.
 *
 * <p>Enums and flags are enumerations, and so are booleans; an array is one of a fixed length if
 * its format says so, and else a sequence whose length is the field before it, {@code NAME_length}.
 */
final class CtfType {
  private static final int[] WIDTHS = {1, 2, 4, 8};

  /** The declarations that the others use; {@code time} is a number of the clock. */
  static final String NAMES = names();

  /** The characters for names of values in all declarations: fields may share one long table. */
  static final class Room {
    private static final int NUMBER = 20;
    private long left = 1 << 24;

    boolean take(Labels labels) {
      long size = 0;
      for (Labels.Entry entry : labels.entries()) {
        size += NUMBER + entry.name().length();
      }
      boolean has = size <= left;
      left -= has ? size : 0;
      return has;
    }
  }

  private final String declaration;
  private final EventField[] fields;

  /** Of arrays whose length the format says, how long they are; else −1. */
  private final int[] lengths;

  CtfType(EventFormat format, Room room) {
    Map<String, EventField> byName = new LinkedHashMap<>();
    format.fields().forEach(field -> byName.putIfAbsent(field.name(), field));
    fields = byName.values().toArray(EventField[]::new);
    lengths = new int[fields.length];
    int tail = byName.values().stream().mapToInt(EventField::offset).max().orElse(0);
    Set<String> taken = new HashSet<>(byName.keySet());
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.length; i++) {
      EventField field = fields[i];
      // The last array of an event may be shorter than its format says.
      boolean isFixed = isArray(field) && isPlaced(field) && field.offset() < tail;
      lengths[i] = isFixed ? field.size() / width(field) : -1;
      text.append("    ");
      if (!isArray(field)) {
        text.append(scalar(field, room)).append(" _").append(field.name());
      } else if (isFixed) {
        text.append(element(field)).append(" _").append(field.name());
        text.append('[').append(lengths[i]).append(']');
      } else {
        String length = field.name() + "_length";
        while (!taken.add(length)) {
          length = "_" + length;
        }
        text.append("uint32_t _").append(length).append(";\n    ").append(element(field));
        text.append(" _").append(field.name()).append("[_").append(length).append(']');
      }
      text.append(";\n");
    }
    declaration = text.toString();
  }

  private static String names() {
    StringBuilder names = new StringBuilder();
    for (int width : WIDTHS) {
      int bits = width * Byte.SIZE;
      String alias =
          "typealias integer { size = " + bits + "; align = 8; signed = %s; base = %s; } := %s;\n";
      names.append(alias.formatted("false", "decimal", "uint" + bits + "_t"));
      names.append(alias.formatted("true", "decimal", "int" + bits + "_t"));
      names.append(alias.formatted("false", "hexadecimal", "hex" + bits + "_t"));
      names.append(alias.formatted("true", "hexadecimal", "signed_hex" + bits + "_t"));
    }
    names.append("typealias floating_point");
    names.append(" { exp_dig = 11; mant_dig = 53; align = 8; } := double_t;\n");
    names.append("typealias string { encoding = UTF8; } := string_t;\n");
    names.append("enum boolean_t : uint8_t { \"false\" = 0, \"true\" = 1 };\n");
    return names.toString();
  }

  private static boolean isArray(EventField field) {
    return field.isArray() || field.kind() == Kind.BYTES;
  }

  /** Whether the format says where it is and how long. */
  private static boolean isPlaced(EventField field) {
    return !field.isDynamic() && field.size() > 0;
  }

  private static int width(EventField field) {
    return field.kind() == Kind.BYTES ? 1 : field.elementSize();
  }

  private static String element(EventField field) {
    return switch (field.kind()) {
      case REAL -> "double_t";
      case BOOLEAN -> "enum boolean_t";
      case BYTES -> "hex8_t";
      default -> integer(field, width(field));
    };
  }

  private static String integer(EventField field, int width) {
    String name =
        field.isHex() ? field.isSigned() ? "signed_hex" : "hex" : field.isSigned() ? "int" : "uint";
    return name + width * Byte.SIZE + "_t";
  }

  private static String scalar(EventField field, Room room) {
    return switch (field.kind()) {
      case REAL -> "double_t";
      case BOOLEAN -> "enum boolean_t";
      case STRING -> "string_t";
      case ENUM, FLAGS ->
          room.take(field.labels()) ? enumeration(field) : integer(field, field.size());
      default -> integer(field, field.size());
    };
  }

  private static String enumeration(EventField field) {
    int gone = Long.SIZE - field.size() * Byte.SIZE;
    Set<Long> known = new HashSet<>();
    StringBuilder text = new StringBuilder("enum : ");
    text.append(integer(field, field.size())).append(" {");
    for (Labels.Entry entry : field.labels().entries()) {
      if (known.add(entry.value())) { // the first name counts
        long value = field.isSigned() ? entry.value() << gone >> gone : entry.value();
        text.append(known.size() > 1 ? ", " : " ").append(quoted(entry.name())).append(" = ");
        text.append(field.isSigned() ? Long.toString(value) : Long.toUnsignedString(value));
      }
    }
    return text.append(" }").toString();
  }

  /** A text between quotation marks, in one line. */
  static String quoted(String text) {
    return '"' + Words.name(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The fields, as lines in a struct. */
  String declaration() {
    return declaration;
  }

  /**
   * Writes an event's fields.
   *
   * @throws IllegalStateException if the event is shorter than its format, and a part is written
   */
  void write(Event event, CtfStream to) {
    for (int i = 0; i < fields.length; i++) {
      EventField field = fields[i];
      String name = field.name();
      if (isArray(field)) {
        array(event, field, lengths[i], to);
        continue;
      }
      switch (field.kind()) {
        case REAL -> to.number(Double.doubleToRawLongBits(event.getDouble(name)));
        case BOOLEAN -> to.number((byte) (event.getBoolean(name) ? 1 : 0));
        case STRING -> to.text(event.getString(name));
        default -> to.number(event.getLong(name), field.size());
      }
    }
  }

  private static void array(Event event, EventField field, int length, CtfStream to) {
    String name = field.name();
    switch (field.kind()) {
      case REAL -> {
        double[] values = event.getDoubles(name);
        length(values.length, length, to);
        for (double value : values) {
          to.number(Double.doubleToRawLongBits(value));
        }
      }
      case BOOLEAN -> {
        boolean[] values = event.getBooleans(name);
        length(values.length, length, to);
        for (boolean value : values) {
          to.number((byte) (value ? 1 : 0));
        }
      }
      case BYTES -> {
        byte[] values = event.getBytes(name);
        length(values.length, length, to);
        to.raw(values);
      }
      default -> {
        long[] values = event.getLongs(name);
        length(values.length, length, to);
        for (long value : values) {
          to.number(value, field.elementSize());
        }
      }
    }
  }

  private static void length(int found, int fixed, CtfStream to) {
    if (fixed < 0) {
      to.number(found);
    } else if (found != fixed) {
      throw new IllegalStateException("an array has " + found + " elements, not " + fixed);
    }
  }
}
