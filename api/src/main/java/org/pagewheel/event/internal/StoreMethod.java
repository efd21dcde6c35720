package org.pagewheel.event.internal;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.pagewheel.event.internal.TypeClass.desc;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.spi.Leftovers;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/**
 * Writes the class whose only method stores an event. For the record of {@link TypeClass} it is
 *
 * <pre>{@code
 * static boolean store(Buffer buffer, int type, int pid, long id, String venue) {
 *   if (buffer == null) {
 *     return false; // the call is being linked
 *   }
 *   WritableBuffer writable = (WritableBuffer) buffer;
 *   long common = EventFields.common(type, pid);
 *   int length = 20 + EventFields.length(venue, 1024) + 3 & ~3;
 *   RingWriter ring = writable.writer();
 *   long at = ring.reserve(length);
 *   while (at == Refusal.SEALED) {
 *     ring = writable.successor(ring);
 *     at = ring.reserve(length);
 *   }
 *   if (at < 0) {
 *     Leftovers.settle();
 *     return false;
 *   }
 *   try {
 *     MemorySegment memory = ring.memory(at);
 *     long offset = Reservation.offset(at);
 *     memory.set(EventFields.LONG, offset, common);
 *     memory.set(EventFields.LONG, offset + 8, id);
 *     int tail = EventFields.put(memory, offset, 16, 20, venue, 1024);
 *     EventFields.pad(memory, offset, tail);
 *     ring.commit(at);
 *     return true;
 *   } catch (Throwable e) {
 *     … as Leftovers has it …
 *     throw e;
 *   }
 *   … dead bytes …
 * }
 * }</pre>
 *
 * <p>The compiler's profile of the ring and memory types belongs to this method and so to one event
 * type. An enum is passed as {@link Enum}: this library does not see its class.
 *
 * <p>A {@link Part#WHOLE} span is handed when it began. Before it reserves it has
 *
 * <pre>{@code
 * long now = System.nanoTime();
 * if (duration != 0) { // else the event is recorded by itself
 *   duration = Math.max(1, now - duration);
 * }
 * }</pre>
 *
 * and reserves by {@code reserve(length, Clock.MONO, now)}, so that its end reads the clock once.
 */
final class StoreMethod {
  /** More than HotSpot's FreqInlineSize, 325 bytes, which keeps the method from being inlined. */
  private static final int DEAD_BYTES = 330;

  private static final String STORE = "store";
  private static final ClassDesc WRITABLE = desc(WritableBuffer.class);
  private static final ClassDesc FIELDS = desc(EventFields.class);
  private static final ClassDesc MEMORY = desc(MemorySegment.class);
  private static final ClassDesc CLOCK = desc(Clock.class);
  private static final ClassDesc RING = desc(RingWriter.class);
  private static final ClassDesc RINGS = desc(RingWriter[].class);
  private static final ClassDesc LEFTOVERS = desc(Leftovers.class);
  private static final ClassDesc RESERVATION = desc(Reservation.class);

  private final RecordShape shape;
  private final CodeBuilder code;
  private final boolean dynamic;

  /** Local variables. */
  private final Map<Field, Integer> values = new IdentityHashMap<>();

  private final int buffer;
  private final int writable;
  private final int length;
  private final int common;
  private final int ring;
  private final int at;
  private final int memory;
  private final int offset;
  private final int tail;

  /** When a whole span has ended. */
  private final int now;

  private final boolean isWhole;

  private StoreMethod(RecordShape shape, CodeBuilder code) {
    this.shape = shape;
    this.code = code;
    dynamic = shape.fields().stream().anyMatch(field -> field.store().limit() > 0);
    buffer = code.parameterSlot(0);
    for (int i = 0; i < shape.fields().size(); i++) {
      values.put(shape.fields().get(i), code.parameterSlot(3 + i));
    }
    writable = code.allocateLocal(TypeKind.REFERENCE);
    length = code.allocateLocal(TypeKind.INT);
    common = code.allocateLocal(TypeKind.LONG);
    ring = code.allocateLocal(TypeKind.REFERENCE);
    at = code.allocateLocal(TypeKind.LONG);
    memory = code.allocateLocal(TypeKind.REFERENCE);
    offset = code.allocateLocal(TypeKind.LONG);
    tail = code.allocateLocal(TypeKind.INT);
    now = code.allocateLocal(TypeKind.LONG);
    isWhole = shape.part() == Part.WHOLE;
  }

  /** The method's type. */
  static MethodType type(RecordShape shape) {
    List<Class<?>> parameters = new ArrayList<>(List.of(Buffer.class, int.class, int.class));
    shape.fields().forEach(field -> parameters.add(field.bareType()));
    return MethodType.methodType(boolean.class, parameters);
  }

  /** Makes the class, in this package, and its method. */
  static MethodHandle define(RecordShape shape) throws ReflectiveOperationException {
    MethodType type = type(shape);
    Lookup here = MethodHandles.lookup();
    String name =
        here.lookupClass().getPackageName() + "." + shape.record().getSimpleName() + "$Store";
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of(name),
                builder ->
                    builder
                        .withFlags(
                            ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC)
                        .withMethodBody(
                            STORE,
                            type.describeConstable().orElseThrow(),
                            ClassFile.ACC_STATIC,
                            code -> new StoreMethod(shape, code).write()));
    Lookup made = here.defineHiddenClass(bytes, true);
    return made.findStatic(made.lookupClass(), STORE, type);
  }

  private void write() {
    Label real = code.newLabel();
    code.aload(buffer).ifnonnull(real).iconst_0().ireturn();
    code.labelBinding(real);
    code.aload(buffer).checkcast(WRITABLE).astore(writable);
    code.iload(code.parameterSlot(1)).iload(code.parameterSlot(2));
    call("common", CD_long, CD_int, CD_int);
    code.lstore(common);
    length();
    if (isWhole) {
      end(values.get(shape.fields().getFirst()));
    }
    reserve();
    Label begin = code.newBoundLabel();
    fields();
    code.aload(ring).lload(at);
    code.invokeinterface(RING, "commit", MethodTypeDesc.of(CD_void, CD_long));
    Label end = code.newBoundLabel();
    code.iconst_1().ireturn();
    takeBack(begin, end);
    for (int i = 0; i < DEAD_BYTES; i++) {
      code.nop();
    }
    code.aconst_null().athrow();
  }

  /**
   * No call where discarding fails: the stack is full then. Every path leaves the monitor, as in
   * compiled Java code; otherwise HotSpot never compiles the method.
   */
  private void takeBack(Label begin, Label end) {
    int thrown = code.allocateLocal(TypeKind.REFERENCE);
    code.exceptionCatchAll(begin, end, code.newBoundLabel());
    code.astore(thrown);
    Label discard = code.newBoundLabel();
    code.aload(ring).lload(at);
    code.invokeinterface(RING, "discard", MethodTypeDesc.of(CD_void, CD_long));
    Label discarded = code.newBoundLabel();
    code.aload(thrown).athrow();
    code.exceptionCatchAll(discard, discarded, code.newBoundLabel());
    code.pop();
    int lock = code.allocateLocal(TypeKind.REFERENCE);
    code.getstatic(LEFTOVERS, "RINGS", RINGS).dup().astore(lock).monitorenter();
    Label entered = code.newBoundLabel();
    Label full = code.newLabel();
    code.getstatic(LEFTOVERS, "count", CD_int).loadConstant(Leftovers.MAX).if_icmpge(full);
    code.getstatic(LEFTOVERS, "RINGS", RINGS).getstatic(LEFTOVERS, "count", CD_int);
    code.aload(ring).aastore();
    code.getstatic(LEFTOVERS, "RESERVATIONS", CD_long.arrayType());
    code.getstatic(LEFTOVERS, "count", CD_int).lload(at).lastore();
    code.getstatic(LEFTOVERS, "count", CD_int).iconst_1().iadd();
    code.putstatic(LEFTOVERS, "count", CD_int);
    code.labelBinding(full);
    code.aload(lock).monitorexit();
    Label left = code.newBoundLabel();
    code.aload(thrown).athrow();
    Label broken = code.newBoundLabel();
    int second = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(second).aload(lock).monitorexit();
    Label leftBroken = code.newBoundLabel();
    code.aload(second).athrow();
    code.exceptionCatchAll(entered, left, broken);
    code.exceptionCatchAll(broken, leftBroken, broken);
  }

  private void length() {
    code.loadConstant(shape.fixedSize() + 3);
    for (Field field : shape.fields()) {
      switch (field.store()) {
        case Field.Text text -> {
          load(field);
          code.loadConstant(text.limit());
          call("length", CD_int, CD_String, CD_int);
          code.iadd();
        }
        case Field.Array array -> {
          load(field);
          code.loadConstant(array.elementSize()).loadConstant(array.limit());
          call("length", CD_int, CD_Object, CD_int, CD_int);
          code.iadd();
        }
        default -> {} // in the fixed part
      }
    }
    code.loadConstant(~3).iand().istore(length);
  }

  /** The first field of a whole span comes as the time of its begin and is how long it took. */
  private void end(int duration) {
    MethodTypeDesc longest = MethodTypeDesc.of(CD_long, CD_long, CD_long);
    Label none = code.newLabel();
    code.invokestatic(desc(System.class), "nanoTime", MethodTypeDesc.of(CD_long)).lstore(now);
    code.lload(duration).lconst_0().lcmp().ifeq(none);
    code.lconst_1().lload(now).lload(duration).lsub();
    code.invokestatic(desc(Math.class), "max", longest).lstore(duration);
    code.labelBinding(none);
  }

  private void reserve() {
    code.aload(writable).invokeinterface(WRITABLE, "writer", MethodTypeDesc.of(RING)).astore(ring);
    tryReserve();
    Label again = code.newBoundLabel();
    Label answered = code.newLabel();
    code.lload(at).loadConstant(Refusal.SEALED).lcmp().ifne(answered);
    code.aload(writable).aload(ring);
    code.invokeinterface(WRITABLE, "successor", MethodTypeDesc.of(RING, RING)).astore(ring);
    tryReserve();
    code.goto_(again);
    code.labelBinding(answered);
    Label reserved = code.newLabel();
    code.lload(at).lconst_0().lcmp().ifge(reserved);
    code.invokestatic(LEFTOVERS, "settle", MethodTypeDesc.of(CD_void));
    code.iconst_0().ireturn();
    code.labelBinding(reserved);
  }

  private void tryReserve() {
    code.aload(ring).iload(length);
    if (isWhole) {
      MethodTypeDesc timed = MethodTypeDesc.of(CD_long, CD_int, CLOCK, CD_long);
      code.getstatic(CLOCK, "MONO", CLOCK).lload(now);
      code.invokeinterface(RING, "reserve", timed).lstore(at);
    } else {
      code.invokeinterface(RING, "reserve", MethodTypeDesc.of(CD_long, CD_int)).lstore(at);
    }
  }

  private void fields() {
    code.aload(ring).lload(at);
    code.invokeinterface(RING, "memory", MethodTypeDesc.of(MEMORY, CD_long)).astore(memory);
    code.lload(at);
    code.invokestatic(RESERVATION, "offset", MethodTypeDesc.of(CD_long, CD_long)).lstore(offset);
    set(0, "LONG", ValueLayout.OfLong.class, CD_long, () -> code.lload(common));
    code.loadConstant(shape.fixedSize()).istore(tail);
    for (Field field : shape.placed()) {
      store(field);
    }
    if (dynamic || (shape.fixedSize() & 3) != 0) {
      code.aload(memory).lload(offset).iload(tail);
      call("pad", CD_void, MEMORY, CD_long, CD_int);
    }
  }

  private void store(Field field) {
    switch (field.store()) {
      case Field.Number _ -> number(field);
      case Field.Ordinal _ ->
          set(
              field,
              "INT",
              ValueLayout.OfInt.class,
              CD_int,
              () -> call("ordinal", CD_int, desc(Enum.class)));
      case Field.Bits _ -> bits(field);
      case Field.FixedText text -> {
        place(shape.offset(field));
        load(field);
        code.loadConstant(text.bytes());
        call("putFixed", CD_void, MEMORY, CD_long, CD_String, CD_int);
      }
      case Field.FixedArray array -> {
        place(shape.offset(field));
        load(field);
        code.loadConstant(array.elementSize()).loadConstant(array.count());
        call("putFixed", CD_void, MEMORY, CD_long, CD_Object, CD_int, CD_int);
      }
      case Field.Text text -> {
        dynamicPlace(field);
        code.loadConstant(text.limit());
        call("put", CD_int, MEMORY, CD_long, CD_int, CD_int, CD_String, CD_int);
        code.istore(tail);
      }
      case Field.Array array -> {
        dynamicPlace(field);
        code.loadConstant(array.elementSize()).loadConstant(array.limit());
        call("put", CD_int, MEMORY, CD_long, CD_int, CD_int, CD_Object, CD_int, CD_int);
        code.istore(tail);
      }
    }
  }

  private void number(Field field) {
    Class<?> type = field.type();
    if (type == long.class) {
      set(field, "LONG", ValueLayout.OfLong.class, CD_long, () -> {});
    } else if (type == double.class) {
      set(field, "DOUBLE", ValueLayout.OfDouble.class, CD_double, () -> {});
    } else if (type == float.class) {
      set(field, "DOUBLE", ValueLayout.OfDouble.class, CD_double, code::f2d);
    } else if (type == int.class) {
      set(field, "INT", ValueLayout.OfInt.class, CD_int, () -> {});
    } else if (type == short.class || type == char.class) {
      set(field, "SHORT", ValueLayout.OfShort.class, CD_short, code::i2s);
    } else {
      set(field, "BYTE", ValueLayout.OfByte.class, CD_byte, () -> {});
    }
  }

  private void bits(Field field) {
    Runnable bits = () -> call("bits", CD_long, desc(EnumSet.class));
    if (field.size() == Long.BYTES) {
      set(field, "LONG", ValueLayout.OfLong.class, CD_long, bits);
    } else {
      Runnable low =
          () -> {
            bits.run();
            code.l2i();
          };
      set(field, "INT", ValueLayout.OfInt.class, CD_int, low);
    }
  }

  private void set(
      Field field,
      String layout,
      Class<? extends ValueLayout> layoutType,
      ClassDesc carrier,
      Runnable conversion) {
    Runnable value =
        () -> {
          load(field);
          conversion.run();
        };
    set(shape.offset(field), layout, layoutType, carrier, value);
  }

  /** {@code memory.set(layout, offset + place, value)}. */
  private void set(
      int place,
      String layout,
      Class<? extends ValueLayout> layoutType,
      ClassDesc carrier,
      Runnable value) {
    ClassDesc type = desc(layoutType);
    code.aload(memory).getstatic(FIELDS, layout, type);
    code.lload(offset).loadConstant((long) place).ladd();
    value.run();
    code.invokeinterface(MEMORY, "set", MethodTypeDesc.of(CD_void, type, CD_long, carrier));
  }

  private void place(int place) {
    code.aload(memory).lload(offset).loadConstant((long) place).ladd();
  }

  private void dynamicPlace(Field field) {
    code.aload(memory).lload(offset).loadConstant(shape.offset(field)).iload(tail);
    load(field);
  }

  private void load(Field field) {
    code.loadLocal(TypeKind.from(field.bareType()), values.get(field));
  }

  private void call(String name, ClassDesc result, ClassDesc... arguments) {
    code.invokestatic(FIELDS, name, MethodTypeDesc.of(result, arguments));
  }
}
