package org.pagewheel.event.internal;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.pagewheel.event.EventDefinition;
import org.pagewheel.event.EventFields;
import org.pagewheel.event.EventType;

/**
 * Writes the class of an event type, which reads a record's fields and stores them. For a record
 * {@code Filled(long id, String venue)} it is
 *
 * <pre>{@code
 * final class Filled$EventType extends EventType<Filled> {
 *   Filled$EventType(EventDefinition definition) { super(definition); }
 *
 *   protected int length(Filled event) {
 *     return 20 + EventFields.length(event.venue, 1024) + 3 & ~3;
 *   }
 *
 *   protected void encode(Filled event, MemorySegment memory, long at) {
 *     int tail = 20;
 *     tail = encode0(event, memory, at, tail);
 *     EventFields.pad(memory, at, tail);
 *   }
 *
 *   private static int encode0(Filled event, MemorySegment memory, long at, int tail) {
 *     memory.set(ValueLayout.JAVA_LONG_UNALIGNED, at + 8, event.id);
 *     return EventFields.put(memory, at, 16, tail, event.venue, 1024);
 *   }
 * }
 * }</pre>
 *
 * <p>The fields are handed out in small groups, each a method of its own: the compiler inlines only
 * methods of less than 325 bytes, and a record that is passed to a method that is not inlined would
 * have to be allocated.
 */
final class TypeClass {
  private static final int GROUP = 8;

  private static final ClassDesc TYPE = desc(EventType.class);
  private static final ClassDesc DEFINITION = desc(EventDefinition.class);
  private static final ClassDesc FIELDS = desc(EventFields.class);
  private static final ClassDesc MEMORY = desc(MemorySegment.class);
  private static final ClassDesc LAYOUT = desc(ValueLayout.class);
  private static final ClassDesc RECORD = desc(Record.class);

  /** Local variables of every method. */
  private static final int EVENT = 0;

  private static final int MEMORY_SEGMENT = 1;
  private static final int AT = 2;
  private static final int TAIL = 4;

  private final RecordShape shape;
  private final ClassDesc record;
  private final ClassDesc self;
  private final boolean dynamic;

  private TypeClass(RecordShape shape) {
    this.shape = shape;
    record = desc(shape.record());
    self = ClassDesc.of(shape.record().getName() + "$EventType");
    dynamic = shape.fields().stream().anyMatch(field -> field.store().limit() > 0);
  }

  /** The bytes of a class with one constructor, which takes an {@link EventDefinition}. */
  static byte[] write(RecordShape shape) {
    TypeClass type = new TypeClass(shape);
    return ClassFile.of().build(type.self, type::build);
  }

  private void build(ClassBuilder builder) {
    builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
    builder.withSuperclass(TYPE);
    MethodTypeDesc constructor = MethodTypeDesc.of(CD_void, DEFINITION);
    builder.withMethodBody(
        ConstantDescs.INIT_NAME,
        constructor,
        0,
        code ->
            code.aload(0)
                .aload(1)
                .invokespecial(TYPE, ConstantDescs.INIT_NAME, constructor)
                .return_());
    List<List<Field>> groups = new ArrayList<>();
    for (int from = 0; from < shape.placed().size(); from += GROUP) {
      int to = Math.min(from + GROUP, shape.placed().size());
      groups.add(shape.placed().subList(from, to));
    }
    builder.withMethodBody(
        "length",
        MethodTypeDesc.of(CD_int, RECORD),
        ClassFile.ACC_PROTECTED,
        code -> length(code, groups.size()));
    builder.withMethodBody(
        "encode",
        MethodTypeDesc.of(CD_void, RECORD, MEMORY, CD_long),
        ClassFile.ACC_PROTECTED,
        code -> encode(code, groups.size()));
    for (int i = 0; i < groups.size(); i++) {
      List<Field> group = groups.get(i);
      builder.withMethodBody(
          "length" + i,
          lengthType(),
          ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
          code -> lengthOf(code, group));
      builder.withMethodBody(
          "encode" + i,
          encodeType(),
          ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
          code -> encode(code, group));
    }
  }

  private MethodTypeDesc lengthType() {
    return MethodTypeDesc.of(CD_int, record);
  }

  private MethodTypeDesc encodeType() {
    return MethodTypeDesc.of(CD_int, record, MEMORY, CD_long, CD_int);
  }

  /** The method of the instance: its event is local variable 1. */
  private void length(CodeBuilder code, int groups) {
    code.loadConstant(shape.fixedSize() + 3);
    for (int i = 0; dynamic && i < groups; i++) {
      code.aload(1).checkcast(record).invokestatic(self, "length" + i, lengthType()).iadd();
    }
    code.loadConstant(~3).iand().ireturn();
  }

  private void lengthOf(CodeBuilder code, List<Field> group) {
    code.loadConstant(0);
    for (Field field : group) {
      switch (field.store()) {
        case Field.Text text -> {
          load(code, field);
          code.loadConstant(text.limit());
          call(code, "length", CD_int, ConstantDescs.CD_String, CD_int);
          code.iadd();
        }
        case Field.Array array -> {
          load(code, field);
          code.loadConstant(array.elementSize()).loadConstant(array.limit());
          call(code, "length", CD_int, ConstantDescs.CD_Object, CD_int, CD_int);
          code.iadd();
        }
        default -> {} // in the fixed part
      }
    }
    code.ireturn();
  }

  /** The method of the instance: event 1, memory 2, at 3 and 4, and the tail behind them. */
  private void encode(CodeBuilder code, int groups) {
    int tail = 5;
    code.loadConstant(shape.fixedSize()).istore(tail);
    for (int i = 0; i < groups; i++) {
      code.aload(1).checkcast(record).aload(2).lload(3).iload(tail);
      code.invokestatic(self, "encode" + i, encodeType()).istore(tail);
    }
    if (dynamic || (shape.fixedSize() & 3) != 0) {
      code.aload(2).lload(3).iload(tail);
      call(code, "pad", CD_void, MEMORY, CD_long, CD_int);
    }
    code.return_();
  }

  private void encode(CodeBuilder code, List<Field> group) {
    for (Field field : group) {
      int offset = shape.offset(field);
      switch (field.store()) {
        case Field.Number _ -> number(code, field);
        case Field.Ordinal _ -> {
          set(
              code,
              field,
              "JAVA_INT_UNALIGNED",
              ValueLayout.OfInt.class,
              CD_int,
              () -> call(code, "ordinal", CD_int, desc(Enum.class)));
        }
        case Field.Bits _ -> bits(code, field);
        case Field.FixedText text -> {
          place(code, offset);
          load(code, field);
          code.loadConstant(text.bytes());
          call(code, "putFixed", CD_void, MEMORY, CD_long, ConstantDescs.CD_String, CD_int);
        }
        case Field.FixedArray array -> {
          place(code, offset);
          load(code, field);
          code.loadConstant(array.elementSize()).loadConstant(array.count());
          call(code, "putFixed", CD_void, MEMORY, CD_long, ConstantDescs.CD_Object, CD_int, CD_int);
        }
        case Field.Text text -> {
          code.aload(MEMORY_SEGMENT).lload(AT).loadConstant(offset).iload(TAIL);
          load(code, field);
          code.loadConstant(text.limit());
          call(
              code,
              "put",
              CD_int,
              MEMORY,
              CD_long,
              CD_int,
              CD_int,
              ConstantDescs.CD_String,
              CD_int);
          code.istore(TAIL);
        }
        case Field.Array array -> {
          code.aload(MEMORY_SEGMENT).lload(AT).loadConstant(offset).iload(TAIL);
          load(code, field);
          code.loadConstant(array.elementSize()).loadConstant(array.limit());
          call(
              code,
              "put",
              CD_int,
              MEMORY,
              CD_long,
              CD_int,
              CD_int,
              ConstantDescs.CD_Object,
              CD_int,
              CD_int);
          code.istore(TAIL);
        }
      }
    }
    code.iload(TAIL).ireturn();
  }

  private void number(CodeBuilder code, Field field) {
    Class<?> type = field.type();
    if (type == long.class) {
      set(code, field, "JAVA_LONG_UNALIGNED", ValueLayout.OfLong.class, CD_long, () -> {});
    } else if (type == double.class) {
      set(code, field, "JAVA_DOUBLE_UNALIGNED", ValueLayout.OfDouble.class, CD_double, () -> {});
    } else if (type == float.class) {
      set(code, field, "JAVA_DOUBLE_UNALIGNED", ValueLayout.OfDouble.class, CD_double, code::f2d);
    } else if (type == int.class) {
      set(code, field, "JAVA_INT_UNALIGNED", ValueLayout.OfInt.class, CD_int, () -> {});
    } else if (type == short.class || type == char.class) {
      set(
          code,
          field,
          "JAVA_SHORT_UNALIGNED",
          ValueLayout.OfShort.class,
          ConstantDescs.CD_short,
          code::i2s);
    } else {
      set(code, field, "JAVA_BYTE", ValueLayout.OfByte.class, ConstantDescs.CD_byte, () -> {});
    }
  }

  private void bits(CodeBuilder code, Field field) {
    ClassDesc set = desc(EnumSet.class);
    if (field.size() == Long.BYTES) {
      set(
          code,
          field,
          "JAVA_LONG_UNALIGNED",
          ValueLayout.OfLong.class,
          CD_long,
          () -> call(code, "bits", CD_long, set));
    } else {
      set(
          code,
          field,
          "JAVA_INT_UNALIGNED",
          ValueLayout.OfInt.class,
          CD_int,
          () -> {
            call(code, "bits", CD_long, set);
            code.l2i();
          });
    }
  }

  /** {@code memory.set(layout, at + offset, (conversion) event.field)}. */
  private void set(
      CodeBuilder code,
      Field field,
      String layout,
      Class<? extends ValueLayout> layoutType,
      ClassDesc carrier,
      Runnable conversion) {
    ClassDesc type = desc(layoutType);
    code.aload(MEMORY_SEGMENT).getstatic(LAYOUT, layout, type);
    code.lload(AT).loadConstant((long) shape.offset(field)).ladd();
    load(code, field);
    conversion.run();
    code.invokeinterface(MEMORY, "set", MethodTypeDesc.of(CD_void, type, CD_long, carrier));
  }

  private void place(CodeBuilder code, int offset) {
    code.aload(MEMORY_SEGMENT).lload(AT).loadConstant((long) offset).ladd();
  }

  private void load(CodeBuilder code, Field field) {
    code.aload(EVENT).getfield(record, field.component(), desc(field.type()));
  }

  private static void call(
      CodeBuilder code, String name, ClassDesc result, ClassDesc... arguments) {
    code.invokestatic(FIELDS, name, MethodTypeDesc.of(result, arguments));
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
