package org.pagewheel.event.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import org.pagewheel.event.Event;

/** Makes records of events, by the record's canonical constructor. */
final class RecordReader {
  private final Class<?> record;
  private final RecordComponent[] components;
  private final List<Field> fields;
  private final MethodHandle constructor;

  RecordReader(RecordShape shape, Lookup lookup) throws ReflectiveOperationException {
    record = shape.record();
    components = record.getRecordComponents();
    fields = shape.fields();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    constructor =
        lookup
            .findConstructor(record, MethodType.methodType(void.class, types))
            .asType(MethodType.methodType(Object.class, types))
            .asSpreader(Object[].class, types.length);
  }

  /** Reads an event's fields by their names. */
  Object read(Event event) {
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(event, fields.get(i).name(), components[i]);
    }
    try {
      return constructor.invokeExact(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(
          "the constructor of " + record.getName() + " refuses the event: " + e.getMessage(), e);
    }
  }

  private static Object value(Event event, String name, RecordComponent component) {
    Class<?> type = component.getType();
    if (type == String.class) {
      return event.getString(name);
    } else if (type == boolean.class) {
      return event.getBoolean(name);
    } else if (type == double.class) {
      return event.getDouble(name);
    } else if (type == float.class) {
      return (float) event.getDouble(name);
    } else if (type == EnumSet.class) {
      return set(event, name, component);
    } else if (type.isEnum()) {
      return event.getLong(name) == EventFields.NULL_ENUM
          ? null
          : constant(type, (int) event.getLong(name), name);
    } else if (type.isArray()) {
      return array(event, name, type.componentType());
    }
    return integer(event.getLong(name), type);
  }

  private static Object integer(long value, Class<?> type) {
    if (type == long.class) {
      return value;
    } else if (type == int.class) {
      return (int) value;
    } else if (type == short.class) {
      return (short) value;
    }
    return type == char.class ? (Object) (char) value : (Object) (byte) value;
  }

  private static Object constant(Class<?> type, int ordinal, String name) {
    Object[] constants = type.getEnumConstants();
    if (ordinal < 0 || ordinal >= constants.length) {
      throw new IllegalArgumentException(
          "field "
              + name
              + " is "
              + ordinal
              + ", but "
              + type.getName()
              + " has "
              + constants.length
              + " constants");
    }
    return constants[ordinal];
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the component says of which enum it is a set
  private static Object set(Event event, String name, RecordComponent component) {
    Class constants =
        (Class) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    Collection set = EnumSet.noneOf(constants);
    // An enum without constants has a table without names: its set is a number.
    for (long bits = event.getLong(name); bits != 0; bits &= bits - 1) {
      set.add(constant(constants, Long.numberOfTrailingZeros(bits), name));
    }
    return set;
  }

  private static Object array(Event event, String name, Class<?> element) {
    if (element == double.class) {
      return event.getDoubles(name);
    } else if (element == boolean.class) {
      return event.getBooleans(name);
    } else if (element == float.class) {
      double[] doubles = event.getDoubles(name);
      float[] floats = new float[doubles.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) doubles[i];
      }
      return floats;
    }
    long[] longs = event.getLongs(name);
    if (element == long.class) {
      return longs;
    }
    Object values = java.lang.reflect.Array.newInstance(element, longs.length);
    for (int i = 0; i < longs.length; i++) {
      java.lang.reflect.Array.set(values, i, integer(longs[i], element));
    }
    return values;
  }
}
