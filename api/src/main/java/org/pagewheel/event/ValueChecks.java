package org.pagewheel.event;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.List;
import org.pagewheel.event.EventField.Kind;
import org.pagewheel.event.EventFilter.All;
import org.pagewheel.event.EventFilter.Any;
import org.pagewheel.event.EventFilter.Comparison;
import org.pagewheel.event.EventFilter.Node;
import org.pagewheel.event.EventFilter.Not;
import org.pagewheel.event.internal.EventFields;

/**
 * Makes of a filter a method handle on values that are not written yet. What is constant is bound,
 * so that the JIT compiler sees through all of it where the handle is a constant too.
 */
final class ValueChecks {
  private static final Lookup LOOKUP = MethodHandles.lookup();

  private final EventFilter filter;
  private final EventFormat format;
  private final List<String> names;
  private final MethodType type;

  ValueChecks(EventFilter filter, EventFormat format, List<String> names, MethodType values) {
    this.filter = filter;
    this.format = format;
    this.names = names;
    this.type = values.changeReturnType(boolean.class);
  }

  /** A handle of all values, whichever the node asks for. */
  MethodHandle of(Node node) {
    return switch (node) {
      case All all -> {
        MethodHandle each = always(true);
        for (Node one : all.nodes().reversed()) {
          each = MethodHandles.guardWithTest(of(one), each, always(false));
        }
        yield each;
      }
      case Any any -> {
        MethodHandle each = always(false);
        for (Node one : any.nodes().reversed()) {
          each = MethodHandles.guardWithTest(of(one), always(true), each);
        }
        yield each;
      }
      case Not not -> MethodHandles.guardWithTest(of(not.node()), always(false), always(true));
      case Comparison comparison -> comparison(comparison);
    };
  }

  private MethodHandle always(boolean value) {
    return MethodHandles.dropArguments(
        MethodHandles.constant(boolean.class, value), 0, type.parameterList());
  }

  private MethodHandle comparison(Comparison comparison) {
    for (EventField field : format.commonFields()) {
      if (field.name().equals(comparison.field())) {
        return common(comparison, field);
      }
    }
    EventField field =
        format.fields().stream()
            .filter(each -> each.name().equals(comparison.field()))
            .findFirst()
            .orElseThrow(); // the filter has been compiled
    int at = names.indexOf(field.name());
    if (at < 0) {
      throw filter.wrong("the value of field " + field.name() + " is not known before the event");
    }
    MethodHandle check = check(comparison, field);
    MethodType one = MethodType.methodType(boolean.class, type.parameterType(at));
    return MethodHandles.permuteArguments(
        MethodHandles.explicitCastArguments(check, one), type, at);
  }

  /** Of a common field of an event that this thread would write. */
  private MethodHandle common(Comparison comparison, EventField field) {
    MethodHandle value =
        MethodHandles.insertArguments(
            find("common", long.class, int.class, int.class, int.class, boolean.class),
            0,
            format.id(),
            field.offset(),
            field.size(),
            field.isSigned());
    return MethodHandles.dropArguments(
        MethodHandles.collectArguments(check(comparison, field), 0, value),
        0,
        type.parameterList());
  }

  /** Takes a long, a double or a String. */
  private MethodHandle check(Comparison comparison, EventField field) {
    if (field.kind() == Kind.STRING) {
      return switch (comparison.operator()) {
        case "==" -> text("same", String.class, comparison.value());
        case "!=" -> text("differ", String.class, comparison.value());
        default -> text("matches", String[].class, comparison.value().split("\\*", -1));
      };
    }
    if (field.kind() == Kind.REAL) {
      double value = Double.parseDouble(comparison.value());
      return MethodHandles.insertArguments(
          find("real", boolean.class, String.class, double.class, double.class),
          0,
          comparison.operator(),
          value);
    }
    long value = filter.value(comparison, field);
    boolean signed = field.isSigned() || field.size() == Long.BYTES && value < 0;
    int unused = Long.SIZE - Byte.SIZE * field.size();
    return MethodHandles.insertArguments(
        find(
            "number",
            boolean.class,
            String.class,
            boolean.class,
            int.class,
            long.class,
            long.class),
        0,
        comparison.operator(),
        signed,
        unused,
        value);
  }

  private static MethodHandle text(String name, Class<?> type, Object value) {
    return MethodHandles.insertArguments(find(name, boolean.class, type, String.class), 0, value);
  }

  private static MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
    try {
      return LOOKUP.findStatic(ValueChecks.class, name, MethodType.methodType(result, parameters));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---- what the handles call; all but the last argument is constant

  private static long common(int id, int offset, int size, boolean signed) {
    long common = EventFields.common(id, EventFields.CURRENT);
    int unused = Long.SIZE - Byte.SIZE * size;
    long high = common << unused - Byte.SIZE * offset;
    return signed ? high >> unused : high >>> unused;
  }

  private static boolean number(
      String operator, boolean signed, int unused, long value, long found) {
    long stored = signed ? found << unused >> unused : found << unused >>> unused;
    if (operator.equals("&")) {
      return (stored & value) != 0;
    }
    boolean plain = signed || unused > 0;
    return EventFilter.holds(
        operator, plain ? Long.compare(stored, value) : Long.compareUnsigned(stored, value));
  }

  private static boolean real(String operator, double value, double found) {
    return EventFilter.holds(operator, value, found);
  }

  private static boolean same(String value, String found) {
    return value.equals(stored(found));
  }

  private static boolean differ(String value, String found) {
    return !same(value, found);
  }

  private static boolean matches(String[] parts, String found) {
    return EventFilter.matches(stored(found), parts);
  }

  /** What a reader of the event would see. */
  private static String stored(String text) {
    String shown = EventFields.shown(text);
    return shown.substring(0, Math.min(shown.length(), EventFilter.LONGEST_TEXT));
  }
}
