package org.pagewheel.event.internal;

import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.pagewheel.event.Counter;
import org.pagewheel.event.Fixed;
import org.pagewheel.event.Flow;
import org.pagewheel.event.Hex;
import org.pagewheel.event.Limit;
import org.pagewheel.event.Name;
import org.pagewheel.event.Symbol;
import org.pagewheel.event.Unit;
import org.pagewheel.event.Unsigned;

/** Makes fields from a record's components, or says why that is not possible. */
final class Components {
  private static final int MAX_FIXED = 65_535;

  /** How a number is declared and shown. */
  private record Kind(String signed, String unsigned, int size, String conversion, String length) {}

  private static final Map<Class<?>, Kind> INTEGERS =
      Map.of(
          byte.class, new Kind("s8", "u8", 1, "%hhd", "hh"),
          short.class, new Kind("s16", "u16", 2, "%hd", "h"),
          char.class, new Kind("u16", "u16", 2, "%u", "h"),
          int.class, new Kind("int", "u32", 4, "%d", ""),
          long.class, new Kind("s64", "u64", 8, "%lld", "ll"));

  private final RecordComponent component;
  private final Class<?> type;
  private final String name;

  private Components(RecordComponent component) {
    this.component = component;
    type = component.getType();
    Name given = component.getAnnotation(Name.class);
    name =
        Names.checkName(
            given != null ? given.value() : Names.snakeCase(component.getName()),
            where(component) + ": its field");
    if (name.startsWith("common_")) {
      throw bad(
          "the names common_… belong to the fields of every event: give it another with @Name");
    }
  }

  static Field field(RecordComponent component) {
    return new Components(component).field();
  }

  /** The component in a message. */
  static String where(RecordComponent component) {
    return component.getDeclaringRecord().getName() + "." + component.getName();
  }

  private IllegalArgumentException bad(String what) {
    return new IllegalArgumentException(where(component) + ": " + what);
  }

  private Field field() {
    if (type == String.class) {
      allow(Fixed.class, Limit.class, Unit.class);
      return text();
    } else if (type.isEnum()) {
      allow(Symbol.class, Unit.class);
      return enumeration();
    } else if (type == EnumSet.class) {
      allow(Unit.class);
      return flags();
    } else if (type.isArray() && type.componentType().isPrimitive()) {
      allow(Fixed.class, Limit.class, Hex.class, Unsigned.class, Unit.class);
      return has(Fixed.class) ? fixedArray() : dynamicArray();
    } else if (type == boolean.class) {
      allow(Unit.class);
      return number("bool", 1, false, "%s", Print.bool(value()));
    } else if (type == float.class || type == double.class) {
      allow(Unit.class, Counter.class);
      return number("double", 8, false, Print.DOUBLE, Print.real(value()));
    } else if (INTEGERS.containsKey(type)) {
      allow(Hex.class, Unsigned.class, Symbol.class, Unit.class, Counter.class, Flow.class);
      return integer();
    }
    throw bad(
        "an event cannot hold a "
            + type.getTypeName()
            + ": use a primitive type, String, an enum, an EnumSet or an array of primitives");
  }

  private Field integer() {
    Kind kind = INTEGERS.get(type);
    boolean signed = signed(type);
    String declared = signed ? kind.signed : kind.unsigned;
    if (has(Symbol.class)) {
      return number(declared, kind.size, signed, "%s", List.of(symbolic(new ArrayList<>())));
    }
    return number(declared, kind.size, signed, conversion(type), List.of(value()));
  }

  private Field number(
      String declared, int size, boolean signed, String conversion, List<String> arguments) {
    return new Field(
        component.getName(),
        type,
        name,
        role() + declared + " " + name,
        size,
        size,
        signed,
        conversion + unit(),
        arguments,
        new Field.Number());
  }

  /** How timeline viewers are to show it: a word before its type. */
  private String role() {
    return has(Counter.class) ? "counter " : has(Flow.class) ? "flow " : "";
  }

  private Field enumeration() {
    List<String> symbols = new ArrayList<>();
    symbols.add("{ 0xffffffff, \"(null)\" }");
    String shown = symbolic(symbols);
    return new Field(
        component.getName(),
        type,
        name,
        "int " + name,
        4,
        4,
        true,
        "%s" + unit(),
        List.of(shown),
        new Field.Ordinal());
  }

  /** A call of {@code __print_symbolic} with the labels and the existing entries. */
  private String symbolic(List<String> symbols) {
    String[] labels =
        has(Symbol.class) ? component.getAnnotation(Symbol.class).value() : new String[0];
    if (type.isEnum()) {
      labels = labels(type, labels);
    } else if (labels.length == 0) {
      throw bad("@Symbol on an integer must give the names of 0, 1, …");
    }
    for (int i = 0; i < labels.length; i++) {
      symbols.add(i, "{ " + i + ", \"" + label(labels[i]) + "\" }");
    }
    return "__print_symbolic(" + value() + ", " + String.join(", ", symbols) + ")";
  }

  private String[] labels(Class<?> enumeration, String[] given) {
    Object[] constants = enumeration.getEnumConstants();
    if (given.length != 0 && given.length != constants.length) {
      throw bad(
          "@Symbol gives "
              + given.length
              + " names, but "
              + enumeration.getName()
              + " has "
              + constants.length
              + " constants");
    }
    String[] labels = given.clone();
    if (given.length == 0) {
      labels = new String[constants.length];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = ((Enum<?>) constants[i]).name();
      }
    }
    return labels;
  }

  private String label(String label) {
    return Names.checkLabel(label, where(component));
  }

  private Field flags() {
    if (!(component.getGenericType() instanceof ParameterizedType set
        && set.getActualTypeArguments()[0] instanceof Class<?> constants)) {
      throw bad("say which enum it is a set of: EnumSet<…>");
    }
    String[] labels = labels(constants, new String[0]);
    if (labels.length > Long.SIZE) {
      throw bad(
          "a set of " + labels.length + " constants does not fit in 64 bits: use several sets");
    }
    boolean full = labels.length == Long.SIZE;
    StringBuilder flags = new StringBuilder(", \"|\"");
    for (int i = 0; i < labels.length; i++) {
      String label = label(labels[i]);
      if (i < Long.SIZE - 1) {
        flags.append(", { 0x").append(Long.toHexString(1L << i));
        flags.append(", \"").append(label).append("\" }");
      }
    }
    flags.append(")");
    List<String> shown =
        full
            ? Print.setOf64(value(), flags.toString(), labels[Long.SIZE - 1])
            : List.of("__print_flags(" + value() + flags);
    String conversion = full ? Print.SET_OF_64 : "{%s}";
    if (labels.length == 0) { // trace-cmd parses no empty table
      shown = List.of();
      conversion = "{}";
    }
    int size = labels.length > Integer.SIZE ? 8 : 4;
    return new Field(
        component.getName(),
        type,
        name,
        (size == 8 ? "u64 " : "u32 ") + name,
        size,
        size,
        false,
        conversion + unit(),
        shown,
        new Field.Bits());
  }

  private Field text() {
    if (has(Fixed.class)) {
      int size = fixed(1);
      String declared = "char " + name + "[" + size + "]";
      return field(declared, 1, size, false, "%s", value(), new Field.FixedText(size));
    }
    String declared = "__data_loc char[] " + name;
    return field(declared, 4, 4, false, "%s", "__get_str(" + name + ")", new Field.Text(limit()));
  }

  private Field dynamicArray() {
    Element element = element();
    String declared = "__data_loc " + element.declared + "[] " + name;
    String shown =
        ("__print_array(__get_dynamic_array(" + name + "), ")
            + ("__get_dynamic_array_len("
                + name
                + ") / "
                + element.size
                + ", "
                + element.size
                + ")");
    if (has(Hex.class)) {
      throw bad("trace-cmd cannot show an array without @Fixed in hexadecimal: leave @Hex out");
    }
    Field.Store store = new Field.Array(element.size, limit());
    return field(declared, 4, 4, element.signed, "{%s}", shown, store);
  }

  private Field fixedArray() {
    Element element = element();
    int count = fixed(element.size);
    String declared = element.declared + " " + name + "[" + count + "]";
    int size = element.size * count;
    Field.Store store = new Field.FixedArray(element.size, count);
    if (count > Print.MAX_ELEMENTS) {
      String shown = "__print_array(" + value() + ", " + count + ", " + element.size + ")";
      return field(declared, element.size, size, element.signed, "{%s}", shown, store);
    }
    List<String> conversions = new ArrayList<>();
    List<String> arguments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String value = value() + "[" + i + "]";
      conversions.add(element.conversion);
      arguments.addAll(element.real ? Print.real(value) : List.of(value));
    }
    return new Field(
        component.getName(),
        type,
        name,
        declared,
        element.size,
        size,
        element.signed,
        "{" + String.join(",", conversions) + "}" + unit(),
        arguments,
        store);
  }

  private Field field(
      String declared,
      int alignment,
      int size,
      boolean signed,
      String conversion,
      String argument,
      Field.Store store) {
    return new Field(
        component.getName(),
        type,
        name,
        declared,
        alignment,
        size,
        signed,
        conversion + unit(),
        List.of(argument),
        store);
  }

  /** An array's element as it is stored. */
  private record Element(
      String declared, int size, boolean signed, String conversion, boolean real) {}

  private Element element() {
    Class<?> element = type.componentType();
    Kind kind = INTEGERS.get(element);
    if (kind != null) {
      boolean signed = signed(element);
      String declared = signed ? kind.signed : kind.unsigned;
      return new Element(declared, kind.size, signed, conversion(element), false);
    }
    if (has(Hex.class) || has(Unsigned.class)) {
      throw bad("@Hex and @Unsigned are for integers");
    }
    return element == boolean.class
        ? new Element("bool", 1, false, "%u", false)
        : new Element("double", 8, false, Print.DOUBLE, true);
  }

  private boolean signed(Class<?> integer) {
    return integer != char.class && !has(Unsigned.class);
  }

  private String conversion(Class<?> integer) {
    Kind kind = INTEGERS.get(integer);
    if (has(Hex.class)) {
      return "0x%" + kind.length + "x";
    }
    return !has(Unsigned.class) ? kind.conversion : kind.size == 8 ? "%llu" : "%u";
  }

  private String value() {
    return "REC->" + name;
  }

  private int limit() {
    int limit = has(Limit.class) ? component.getAnnotation(Limit.class).value() : Limit.DEFAULT;
    if (limit < Long.BYTES || limit > MAX_FIXED) {
      throw bad("@Limit(" + limit + "): from 8 to " + MAX_FIXED + " bytes are right");
    }
    return limit;
  }

  private int fixed(int elementSize) {
    int count = component.getAnnotation(Fixed.class).value();
    if (count < 1 || count > MAX_FIXED / elementSize) {
      throw bad("@Fixed(" + count + "): from 1 to " + MAX_FIXED / elementSize + " are right");
    }
    return count;
  }

  private String unit() {
    String unit = has(Unit.class) ? component.getAnnotation(Unit.class).value() : "";
    String label = label(unit).replace("%", "%%");
    if (unit.indexOf('=') >= 0) { // readers take the text before it for the next field
      throw bad("@Unit(\"" + unit + "\"): a text without = is right");
    }
    return label.isEmpty() || label.startsWith("%") ? label : " " + label;
  }

  private boolean has(Class<? extends Annotation> annotation) {
    return component.isAnnotationPresent(annotation);
  }

  /** Refuses annotations that mean nothing on this type. */
  private void allow(Class<?>... allowed) {
    for (var annotation :
        List.of(
            Fixed.class,
            Limit.class,
            Hex.class,
            Unsigned.class,
            Symbol.class,
            Unit.class,
            Counter.class,
            Flow.class)) {
      if (has(annotation) && !List.of(allowed).contains(annotation)) {
        throw bad(
            "@"
                + annotation.getSimpleName()
                + " means nothing on a "
                + type.getTypeName()
                + ": leave it out");
      }
    }
    exclude(Fixed.class, Limit.class);
    exclude(Symbol.class, Hex.class);
    exclude(Counter.class, Symbol.class);
    exclude(Counter.class, Flow.class);
  }

  private void exclude(Class<? extends Annotation> one, Class<? extends Annotation> other) {
    if (has(one) && has(other)) {
      throw bad(
          "@"
              + one.getSimpleName()
              + " and @"
              + other.getSimpleName()
              + " exclude each other: leave one out");
    }
  }
}
