package org.pagewheel.probes.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.pagewheel.Buffer;
import org.pagewheel.spi.Stacks;
import org.pagewheel.spi.WritableBuffer;

/** What the handlers of probes call, and how they come to fields. */
public final class Values {
  /** Whether this thread records, for probes of what recording itself may call. */
  private static final ThreadLocal<boolean[]> RECORDING =
      ThreadLocal.withInitial(() -> new boolean[1]);

  private static final MethodHandle IS_NULL;

  static {
    try {
      IS_NULL =
          MethodHandles.lookup()
              .findStatic(
                  Objects.class, "isNull", MethodType.methodType(boolean.class, Object.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Values() {}

  /** The number of an enum constant; no code of the enum's is called. */
  public static int ordinal(Object constant) {
    return constant == null ? -1 : ((Enum<?>) constant).ordinal();
  }

  /** What was thrown, by the name of its class; empty if nothing was. */
  public static String thrown(Object thrown) {
    return thrown == null ? "" : thrown.getClass().getName();
  }

  /** Takes note that the thread records; false if it did already. */
  public static boolean begin() {
    boolean[] recording = RECORDING.get();
    boolean first = !recording[0];
    recording[0] = true;
    return first;
  }

  /** It no longer does. */
  public static void end() {
    RECORDING.get()[0] = false;
  }

  /** Writes the stack of the thread, from the probed method on, and counts what that took. */
  public static void stack(Buffer buffer, long[] counts) {
    long began = System.nanoTime();
    Stacks.write((WritableBuffer) buffer, Stacks.MAX_DEPTH);
    counts[Handlers.STACK_NANOS] += System.nanoTime() - began;
  }

  // ---- fields

  /** A getter of a field that is found from an object, and the field's type. */
  record Getter(MethodHandle handle, Class<?> type) {}

  /**
   * Makes a getter; where an object on the way is null, it gives 0 or null.
   *
   * @param root the type of the object
   * @param path the names of fields
   * @param opening opens a class's package to this module
   * @throws IllegalArgumentException if there is no such field
   */
  static Getter getter(Class<?> root, List<String> path, Opening opening) {
    MethodHandle handle = MethodHandles.identity(Object.class);
    Class<?> type = root;
    for (String name : path) {
      Field field = field(type, name);
      handle = MethodHandles.filterReturnValue(handle, nullSafe(read(field, opening)));
      type = field.getType();
    }
    return new Getter(handle, type);
  }

  private static Field field(Class<?> type, String name) {
    List<String> known = new ArrayList<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          return field;
        }
        known.add(field.getName());
      }
    }
    throw new IllegalArgumentException(
        "no field " + name + " in " + type.getName() + ": it has " + String.join(", ", known));
  }

  private static MethodHandle read(Field field, Opening opening) {
    try {
      Class<?> owner = field.getDeclaringClass();
      opening.open(owner);
      Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
      MethodHandle handle = lookup.unreflectGetter(field);
      if (Modifier.isStatic(field.getModifiers())) {
        handle = MethodHandles.dropArguments(handle, 0, Object.class);
      }
      return handle.asType(MethodType.methodType(erased(field.getType()), Object.class));
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException("field " + field.getName() + " cannot be read", e);
    }
  }

  private static Class<?> erased(Class<?> type) {
    return type.isPrimitive() ? type : Object.class;
  }

  private static MethodHandle nullSafe(MethodHandle getter) {
    Class<?> type = getter.type().returnType();
    MethodHandle nothing = MethodHandles.dropArguments(MethodHandles.zero(type), 0, Object.class);
    return MethodHandles.guardWithTest(IS_NULL, nothing, getter);
  }

  /** The names of an enum's constants in their order, without having it initialized. */
  static List<String> constants(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields())
        .filter(Field::isEnumConstant)
        .map(Field::getName)
        .toList();
  }
}
