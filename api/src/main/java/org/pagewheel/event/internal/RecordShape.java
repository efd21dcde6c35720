package org.pagewheel.event.internal;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pagewheel.event.Name;

/**
 * The fields of a record's events and their places. The wide ones come first, so that each is
 * aligned to its size without gaps; tools still show them in the order of the record.
 */
final class RecordShape {
  /** The common fields of every event. */
  static final int COMMON = 8;

  /** Offsets and lengths of dynamic fields have 16 bits. */
  private static final int MAX_SIZE = 65_535;

  private final Class<?> record;
  private final Part part;
  private final String name;
  private final List<Field> fields = new ArrayList<>();
  private final List<Field> placed;
  private final Map<Field, Integer> offsets = new IdentityHashMap<>();
  private final int fixedSize;

  /**
   * Lays out a record.
   *
   * @param named the record that the event is named after: the same one, or that of a span's begin
   */
  RecordShape(Class<? extends Record> record, Class<? extends Record> named, Part part) {
    this.record = record;
    this.part = part;
    Name given = named.getAnnotation(Name.class);
    String own = given != null ? given.value() : Names.snakeCase(named.getSimpleName());
    name = Names.checkName(own + part.suffix(), "the event of " + named.getName());
    if (record.getRecordComponents().length > TypeClass.MAX_COMPONENTS) {
      throw new IllegalArgumentException(
          record.getName()
              + " has "
              + record.getRecordComponents().length
              + " components, but an event has at most "
              + TypeClass.MAX_COMPONENTS
              + ": put some of them into arrays or another event");
    }
    Set<String> names = new HashSet<>();
    for (Field field : part.fields()) {
      names.add(field.name());
      fields.add(field);
    }
    for (RecordComponent component : record.getRecordComponents()) {
      Field field = Components.field(component);
      if (!names.add(field.name())) {
        throw new IllegalArgumentException(
            Components.where(component)
                + ": another field is called "
                + field.name()
                + " too: give one of them another name with @Name");
      }
      fields.add(field);
    }
    placed = new ArrayList<>(fields);
    placed.sort(Comparator.comparingInt(Field::alignment).reversed());
    int offset = COMMON;
    long limits = 0;
    for (Field field : placed) {
      offsets.put(field, offset);
      offset += field.size();
      limits += field.store().limit();
    }
    fixedSize = offset;
    if (offset + limits > MAX_SIZE) {
      throw new IllegalArgumentException(
          record.getName()
              + ": its events may take up "
              + (offset + limits)
              + " bytes, more than "
              + MAX_SIZE
              + ": give strings and arrays a lower @Limit or a smaller @Fixed size");
    }
  }

  Class<?> record() {
    return record;
  }

  Part part() {
    return part;
  }

  String name() {
    return name;
  }

  /** In the order of the record. */
  List<Field> fields() {
    return fields;
  }

  /** Those of the record's components, in their order. */
  List<Field> components() {
    return fields.subList(part.fields().size(), fields.size());
  }

  /** In the order of their offsets. */
  List<Field> placed() {
    return placed;
  }

  int offset(Field field) {
    return offsets.get(field);
  }

  /** Where the dynamic part begins. */
  int fixedSize() {
    return fixedSize;
  }
}
