package org.pagewheel.event.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.pagewheel.event.Event;
import org.pagewheel.event.EventField;
import org.pagewheel.event.Symbol;
import org.pagewheel.event.Unsigned;

/** Makes records of events, by the record's canonical constructor. */
final class RecordReader {
  private static final Map<Class<?>, Integer> BITS =
      Map.of(
          byte.class, Byte.SIZE,
          short.class, Short.SIZE,
          char.class, Character.SIZE,
          int.class, Integer.SIZE,
          long.class, Long.SIZE);

  private final Class<?> record;
  private final RecordComponent[] components;
  private final List<Field> fields;
  private final MethodHandle constructor;

  RecordReader(RecordShape shape, Lookup lookup) throws ReflectiveOperationException {
    record = shape.record();
    components = record.getRecordComponents();
    fields = shape.components();
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
      return real(event, name, event.getDouble(name));
    } else if (type == EnumSet.class) {
      return set(event, name, component);
    } else if (type.isEnum()) {
      return constant(event, name, component);
    } else if (type.isArray()) {
      return array(event, name, component);
    }
    return integer(event, name, event.getLong(name), type, component);
  }

  /** The file's field may be wider than the component, or signed where the component is not. */
  private static Object integer(
      Event event, String name, long value, Class<?> type, RecordComponent component) {
    boolean unsigned = type == char.class || component.isAnnotationPresent(Unsigned.class);
    boolean negative = value < 0 && event.field(name).isSigned();
    int bits = BITS.get(type);
    boolean fits =
        bits == Long.SIZE
            ? value >= 0 || negative != unsigned
            : unsigned
                ? value >>> bits == 0
                : value << -bits >> -bits == value && (value >= 0 || negative);
    if (!fits) {
      String shown = negative ? Long.toString(value) : Long.toUnsignedString(value);
      throw refused(event, name, shown, (unsigned ? "unsigned " : "") + type.getName());
    }
    return switch (bits) {
      case Long.SIZE -> (Object) value;
      case Integer.SIZE -> (int) value;
      case Byte.SIZE -> (byte) value;
      default -> type == char.class ? (Object) (char) value : (Object) (short) value;
    };
  }

  private static Object real(Event event, String name, double value) {
    float narrow = (float) value;
    if (narrow != value && !Double.isNaN(value)) {
      throw refused(event, name, Double.toString(value), "float");
    }
    return narrow;
  }

  private static IllegalArgumentException refused(
      Event event, String name, String value, String type) {
    return new IllegalArgumentException(
        "field %s of event %s:%s is %s: not a value of type %s"
            .formatted(name, event.system(), event.name(), value, type));
  }

  /** By its name: the writer of the event may have had the constants in another order. */
  private static Object constant(Event event, String name, RecordComponent component) {
    long ordinal = event.getLong(name);
    String label = event.getString(name);
    if (ordinal == EventFields.NULL_ENUM && label.equals("(null)")) {
      return null;
    }
    Symbol symbol = component.getAnnotation(Symbol.class);
    Object[] constants = component.getType().getEnumConstants();
    List<String> labels = symbol == null ? names(constants) : List.of(symbol.value());
    int index = labels.indexOf(label);
    if (index != labels.lastIndexOf(label)) { // two constants that are shown the same
      index = ordinal >= 0 && ordinal < labels.size() ? (int) ordinal : -1;
      index = index >= 0 && labels.get(index).equals(label) ? index : -1;
    }
    if (index < 0) {
      throw refused(event, name, label, component.getType(), labels);
    }
    return constants[index];
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the component says of which enum it is a set
  private static Object set(Event event, String name, RecordComponent component) {
    Class type =
        (Class) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    Collection set = EnumSet.noneOf(type);
    if (event.field(name).kind() == EventField.Kind.INTEGER && event.getLong(name) == 0) {
      return set; // of an enum without constants: its table has no names
    }
    Object[] constants = type.getEnumConstants();
    List<String> names = names(constants);
    for (String label : event.getNames(name)) {
      int index = names.indexOf(label);
      if (index < 0) {
        throw refused(event, name, label, type, names);
      }
      set.add(constants[index]);
    }
    return set;
  }

  private static List<String> names(Object[] constants) {
    return Arrays.stream(constants).map(constant -> ((Enum<?>) constant).name()).toList();
  }

  private static IllegalArgumentException refused(
      Event event, String name, String label, Class<?> type, List<String> labels) {
    String known = labels.isEmpty() ? "no constants" : String.join(", ", labels);
    return refused(event, name, label, type.getSimpleName() + ", which has " + known);
  }

  private static Object array(Event event, String name, RecordComponent component) {
    Class<?> element = component.getType().componentType();
    if (element == double.class) {
      return event.getDoubles(name);
    } else if (element == boolean.class) {
      return event.getBooleans(name);
    } else if (element == float.class) {
      double[] doubles = event.getDoubles(name);
      float[] floats = new float[doubles.length];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = (float) real(event, name, doubles[i]);
      }
      return floats;
    }
    long[] longs = event.getLongs(name);
    Object values = Array.newInstance(element, longs.length);
    for (int i = 0; i < longs.length; i++) {
      Array.set(values, i, integer(event, name, longs[i], element, component));
    }
    return values;
  }
}
