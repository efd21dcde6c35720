package org.pagewheel.analysis;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.analysis.Table.Column;
import org.pagewheel.analysis.Table.Type;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.EventFormat;

/**
 * The columns that the fields of an event type become. A type that several traces have is one
 * table: numbers of both signs are numbers of any size there, and values of different kinds texts.
 */
final class EventTable {
  /** A database has a limit, and no event of a person's so many. */
  private static final int MAX_COLUMNS = 1000;

  private record Shape(Type type, boolean isList) {
    static Shape of(EventField field) {
      boolean isUnsigned = !field.isSigned() && field.elementSize() == Long.BYTES;
      return switch (field.kind()) {
        case INTEGER -> new Shape(isUnsigned ? Type.UNSIGNED : Type.NUMBER, field.isArray());
        case REAL -> new Shape(Type.REAL, field.isArray());
        case BOOLEAN -> new Shape(Type.FLAG, field.isArray());
        case BYTES -> new Shape(Type.BYTES, false);
        case ENUM, FLAGS, STRING -> new Shape(Type.TEXT, false);
      };
    }

    boolean isWhole() {
      return !isList && (type == Type.NUMBER || type == Type.UNSIGNED || type == Type.HUGE);
    }

    /** What holds values of both. */
    Shape and(Shape other) {
      if (equals(other)) {
        return this;
      }
      return new Shape(isWhole() && other.isWhole() ? Type.HUGE : Type.TEXT, false);
    }
  }

  final String system;
  final String name;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  EventTable(EventFormat first) {
    system = first.system();
    name = first.name();
  }

  void add(EventFormat format) {
    for (EventField field : format.fields()) {
      if (shapes.size() < MAX_COLUMNS || shapes.containsKey(field.name())) {
        shapes.merge(field.name(), Shape.of(field), Shape::and);
      }
    }
  }

  /** The columns, those of all events first. */
  List<Column> columns(List<Column> common) {
    List<Column> columns = new ArrayList<>(common);
    TableNames names = new TableNames(common.stream().map(Column::name).toList());
    shapes.forEach(
        (field, shape) -> columns.add(new Column(names.add(field), shape.type, shape.isList)));
    return columns;
  }

  /** Gives the values of an event's fields. */
  void write(Event event, TableRows to) throws IOException {
    for (Map.Entry<String, Shape> each : shapes.entrySet()) {
      if (event.has(each.getKey())) {
        write(event, each.getKey(), each.getValue(), to);
      } else {
        to.nothing();
      }
    }
  }

  private static void write(Event event, String field, Shape shape, TableRows to)
      throws IOException {
    Object value;
    try {
      value = event.get(field);
    } catch (IllegalStateException e) {
      to.nothing(); // the event is shorter than its format
      return;
    }
    if (shape.isList) {
      to.list(value);
      return;
    }
    switch (shape.type) {
      case NUMBER, UNSIGNED -> to.number((Long) value);
      case HUGE -> to.huge(new BigInteger(text(event, field, value)));
      case REAL -> to.real((Double) value);
      case FLAG -> to.flag((Boolean) value);
      case BYTES -> to.bytes((byte[]) value);
      default -> to.text(text(event, field, value));
    }
  }

  private static String text(Event event, String field, Object value) {
    boolean mayBeUnsigned = value instanceof Long || value instanceof long[];
    return ColumnRows.text(mayBeUnsigned ? Cells.field(event, field) : value);
  }
}
