package org.pagewheel.event.internal;

import static java.lang.constant.ConstantDescs.BSM_CLASS_DATA;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.DEFAULT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventFormat;
import org.pagewheel.event.EventType;

/**
 * Writes the class of an event type, which reads a record's fields and stores them. For a record
 * {@code Filled(long id, String venue)} it is
 *
 * <pre>{@code
 * final class Filled$EventType extends EventType<Filled> {
 *   private static final MethodHandle STORE = MethodHandles.classData(…); // see StoreMethod
 *
 *   private final boolean written;
 *
 *   Filled$EventType(EventFormat format) {
 *     super(format);
 *     new Filled$EventType(this, null, 0, 0L, null); // links the call of STORE
 *   }
 *
 *   private Filled$EventType(EventType<?> type, Buffer buffer, int pid, Filled event) {
 *     this(type, buffer, pid, event.id, event.venue);
 *   }
 *
 *   private Filled$EventType(EventType<?> type, Buffer buffer, int pid, long id, String venue) {
 *     super(type);
 *     written = (boolean) STORE.invokeExact(buffer, type.id(), pid, id, venue);
 *   }
 *
 *   public boolean record(Buffer buffer, Filled event) {
 *     return isEnabled(buffer) ? new Filled$EventType(this, buffer, 0, event).written : false;
 *   }
 *
 *   protected boolean write(Buffer buffer, int pid, Filled event) {
 *     return new Filled$EventType(this, buffer, pid, event).written;
 *   }
 * }
 * }</pre>
 *
 * <p>The class is in the record's package, in a class loader that sees only those parts of this
 * library that the application uses: {@link EventType} and {@link Buffer}, whose packages a bundle
 * imports. So the event is stored by a class of this library, {@link StoreMethod}, reached through
 * a constant method handle; its call compiles to that of a static method. The call is linked when
 * the type is made: the first event may come when the stack or the heap is full.
 *
 * <p>The reason: a record made for a call is never allocated if the compiler (C2) inlines
 * everything that the record is passed to, and it does not inline
 *
 * <ul>
 *   <li>what it has already compiled to more than 2500 bytes, which the whole path easily reaches
 *       (measured: the fourth and later call sites allocated). So the record goes no further than
 *       the constructors; {@code store}, which gets the bare fields, is made too large to be
 *       inlined.
 *   <li>methods of more than 35 bytes if the profile says that the call is rare, and none if it is
 *       very rare, as in code shared by all types while most are disabled, and in that of a type
 *       that was disabled at first. So {@code record} is shorter and has its own profile, and it
 *       calls constructors: those are inlined however rare they are, and so is the path to the
 *       target of a constant method handle.
 * </ul>
 *
 * The constructed object is, like the record, never allocated.
 *
 * <p>The class of a part of a span extends {@code EventType.OfSpan}. Its constructors take the
 * fields of the {@link Part} between the thread's number and the record, and it has
 *
 * <pre>{@code
 * protected boolean begin(Buffer buffer, long value, Record event) {
 *   return isEnabled(buffer) ? new …(this, buffer, 0, value, true, (Filled) event).written : false;
 * }
 *
 * protected boolean end(Buffer buffer, long value, Record event) {
 *   return value != 0 ? new …(this, buffer, 0, value, true, (Filled) event).written : false;
 * }
 *
 * protected boolean endWithout(Buffer buffer, long value) {
 *   return new …(this, buffer, 0, value, false, 0, null).written;
 * }
 * }</pre>
 */
final class TypeClass {
  /** The bytes of each constructor stay below 325, the most that is inlined. */
  static final int MAX_COMPONENTS = 60;

  private static final ClassDesc BUFFER = desc(Buffer.class);

  private static final ClassDesc TYPE = desc(EventType.class);
  private static final ClassDesc RECORD = desc(Record.class);
  private static final MethodTypeDesc DEFINE = MethodTypeDesc.of(CD_void, desc(EventFormat.class));
  private static final String WRITTEN = "written";
  private static final String STORE = "STORE";

  private final RecordShape shape;
  private final boolean isOfSpan;

  /** The superclass. */
  private final ClassDesc parent;

  private final ClassDesc self;
  private final ClassDesc record;

  /** The constructor that gets the record, and the one that gets its bare fields. */
  private final MethodTypeDesc whole;

  private final MethodTypeDesc bare;

  private TypeClass(RecordShape shape) {
    this.shape = shape;
    isOfSpan = shape.part() != Part.EVENT;
    parent = isOfSpan ? TYPE.nested("OfSpan") : TYPE;
    self = ClassDesc.of(shape.record().getName() + "$EventType");
    record = desc(shape.record());
    List<ClassDesc> parts = new ArrayList<>(List.of(TYPE, BUFFER, CD_int));
    List<ClassDesc> fields = new ArrayList<>(parts);
    shape.part().fields().forEach(field -> parts.add(desc(field.type())));
    parts.add(record);
    whole = MethodTypeDesc.of(CD_void, parts);
    shape.fields().forEach(field -> fields.add(desc(field.bareType())));
    bare = MethodTypeDesc.of(CD_void, fields);
  }

  /**
   * The bytes of a class with a constructor that takes an {@link EventFormat}. Its class data are
   * the method of {@link StoreMethod}.
   */
  static byte[] write(RecordShape shape) {
    TypeClass type = new TypeClass(shape);
    return ClassFile.of().build(type.self, type::build);
  }

  private void build(ClassBuilder builder) {
    builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
    builder.withSuperclass(parent);
    builder.withField(
        STORE, CD_MethodHandle, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
    builder.withField(WRITTEN, CD_boolean, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
    builder.withMethodBody(
        CLASS_INIT_NAME,
        MethodTypeDesc.of(CD_void),
        ClassFile.ACC_STATIC,
        code ->
            code.loadConstant(
                    DynamicConstantDesc.ofNamed(BSM_CLASS_DATA, DEFAULT_NAME, CD_MethodHandle))
                .putstatic(self, STORE, CD_MethodHandle)
                .return_());
    builder.withMethodBody(INIT_NAME, DEFINE, 0, this::define);
    builder.withMethodBody(INIT_NAME, whole, ClassFile.ACC_PRIVATE, this::takeApart);
    builder.withMethodBody(INIT_NAME, bare, ClassFile.ACC_PRIVATE, this::store);
    builder.withMethodBody(
        "record",
        MethodTypeDesc.of(CD_boolean, BUFFER, RECORD),
        ClassFile.ACC_PUBLIC,
        code -> ifEnabled(code, () -> construct(code, code::iconst_0, code::lconst_0, 2)));
    builder.withMethodBody(
        "write",
        MethodTypeDesc.of(CD_boolean, BUFFER, CD_int, RECORD),
        ClassFile.ACC_PROTECTED,
        code -> construct(code, () -> code.iload(2), code::lconst_0, 3));
    if (isOfSpan) {
      ofSpan(builder);
    }
  }

  private void ofSpan(ClassBuilder builder) {
    MethodTypeDesc type = MethodTypeDesc.of(CD_boolean, BUFFER, CD_long, RECORD);
    builder.withMethodBody(
        "begin",
        type,
        ClassFile.ACC_PROTECTED,
        code -> ifEnabled(code, () -> construct(code, code::iconst_0, () -> code.lload(2), 4)));
    builder.withMethodBody("end", type, ClassFile.ACC_PROTECTED, this::end);
    builder.withMethodBody(
        "endWithout",
        MethodTypeDesc.of(CD_boolean, BUFFER, CD_long),
        ClassFile.ACC_PROTECTED,
        code -> {
          code.new_(self).dup().aload(0).aload(1).iconst_0();
          extras(code, () -> code.lload(2), false);
          nothing(code, shape.components());
          code.invokespecial(self, INIT_NAME, bare).getfield(self, WRITTEN, CD_boolean).ireturn();
        });
  }

  private void define(CodeBuilder code) {
    code.aload(0).aload(1).invokespecial(parent, INIT_NAME, DEFINE);
    code.new_(self).dup().aload(0).aconst_null().iconst_0();
    nothing(code, shape.fields());
    code.invokespecial(self, INIT_NAME, bare).pop().return_();
  }

  private static void nothing(CodeBuilder code, List<Field> fields) {
    for (Field field : fields) {
      switch (TypeKind.from(field.bareType()).asLoadable()) {
        case LONG -> code.lconst_0();
        case DOUBLE -> code.dconst_0();
        case FLOAT -> code.fconst_0();
        case REFERENCE -> code.aconst_null();
        default -> code.iconst_0();
      }
    }
  }

  private void takeApart(CodeBuilder code) {
    code.aload(0).aload(1).aload(2).iload(3);
    int extras = shape.part().fields().size();
    for (int i = 0; i < extras; i++) {
      code.loadLocal(TypeKind.from(shape.fields().get(i).type()), code.parameterSlot(3 + i));
    }
    for (Field field : shape.components()) {
      code.aload(code.parameterSlot(3 + extras));
      code.getfield(record, field.component(), desc(field.type()));
    }
    code.invokespecial(self, INIT_NAME, bare).return_();
  }

  private void store(CodeBuilder code) {
    code.aload(0).aload(1).invokespecial(parent, INIT_NAME, MethodTypeDesc.of(CD_void, TYPE));
    code.aload(0).getstatic(self, STORE, CD_MethodHandle);
    code.aload(2).aload(1).invokevirtual(TYPE, "id", MethodTypeDesc.of(CD_int)).iload(3);
    for (int i = 0; i < shape.fields().size(); i++) {
      TypeKind kind = TypeKind.from(shape.fields().get(i).bareType());
      code.loadLocal(kind, code.parameterSlot(3 + i));
    }
    code.invokevirtual(
        CD_MethodHandle, "invokeExact", StoreMethod.type(shape).describeConstable().orElseThrow());
    code.putfield(self, WRITTEN, CD_boolean).return_();
  }

  private void ifEnabled(CodeBuilder code, Runnable construct) {
    Label disabled = code.newLabel();
    code.aload(0).aload(1);
    code.invokevirtual(TYPE, "isEnabled", MethodTypeDesc.of(CD_boolean, BUFFER)).ifeq(disabled);
    construct.run();
    code.labelBinding(disabled);
    code.iconst_0().ireturn();
  }

  private void end(CodeBuilder code) {
    Label nothing = code.newLabel();
    code.lload(2).lconst_0().lcmp().ifeq(nothing);
    construct(code, code::iconst_0, () -> code.lload(2), 4);
    code.labelBinding(nothing);
    code.iconst_0().ireturn();
  }

  private void construct(CodeBuilder code, Runnable pid, Runnable value, int event) {
    code.new_(self).dup().aload(0).aload(1);
    pid.run();
    extras(code, value, true);
    code.aload(event).checkcast(record).invokespecial(self, INIT_NAME, whole);
    code.getfield(self, WRITTEN, CD_boolean).ireturn();
  }

  /** The fields of the part, if it has any. */
  private void extras(CodeBuilder code, Runnable value, boolean isEnded) {
    for (Field field : shape.part().fields()) {
      if (field.type() == long.class) {
        value.run();
      } else {
        code.loadConstant(isEnded ? 1 : 0);
      }
    }
  }

  static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
