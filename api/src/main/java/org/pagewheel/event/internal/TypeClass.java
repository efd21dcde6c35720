package org.pagewheel.event.internal;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
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
 *   private final boolean written;
 *
 *   Filled$EventType(EventFormat format) {
 *     super(format);
 *   }
 *
 *   private Filled$EventType(EventType<?> type, Buffer buffer, int pid, Filled event) {
 *     super(type);
 *     written = store(buffer, type.id(), pid, event.id, event.venue);
 *   }
 *
 *   public boolean record(Buffer buffer, Filled event) {
 *     return isEnabled(buffer) ? new Filled$EventType(this, buffer, 0, event).written : false;
 *   }
 *
 *   protected boolean write(Buffer buffer, int pid, Filled event) {
 *     return new Filled$EventType(this, buffer, pid, event).written;
 *   }
 *
 *   private static boolean store(Buffer buffer, int type, int pid, long id, String venue) {
 *     … see StoreMethod …
 *   }
 * }
 * }</pre>
 *
 * <p>Why so: a record that is made for a call is never allocated if the compiler (C2) inlines
 * everything that the record is handed to, and it does not inline
 *
 * <ul>
 *   <li>what it has compiled before to more than 2500 bytes, as the whole path easily is (measured:
 *       the fourth call site and those after it allocated). So the record gets no further than the
 *       constructor; {@code store}, which gets the bare fields, is made too large to be inlined.
 *   <li>methods of more than 35 bytes where the profile says that the call is rare, and none where
 *       it is very rare: as it is in code shared by all types while most are disabled, and in that
 *       of a type that was disabled at first. So {@code record} has less, and a profile of its own,
 *       and what it calls is a constructor: those are inlined however rare they are.
 * </ul>
 *
 * The object that is constructed goes the way of the record: it never comes to be.
 */
final class TypeClass {
  /** The bytes of the constructor stay below 325, the most that is inlined. */
  static final int MAX_COMPONENTS = 60;

  static final ClassDesc BUFFER = desc(Buffer.class);

  private static final ClassDesc TYPE = desc(EventType.class);
  private static final ClassDesc RECORD = desc(Record.class);
  private static final MethodTypeDesc DEFINE = MethodTypeDesc.of(CD_void, desc(EventFormat.class));
  private static final String WRITTEN = "written";

  private final RecordShape shape;
  private final ClassDesc self;
  private final ClassDesc record;
  private final MethodTypeDesc call;
  private final MethodTypeDesc store;

  private TypeClass(RecordShape shape) {
    this.shape = shape;
    self = ClassDesc.of(shape.record().getName() + "$EventType");
    record = desc(shape.record());
    call = MethodTypeDesc.of(CD_void, TYPE, BUFFER, CD_int, record);
    List<ClassDesc> bare = new ArrayList<>(List.of(BUFFER, CD_int, CD_int));
    shape.fields().forEach(field -> bare.add(desc(field.type())));
    store = MethodTypeDesc.of(CD_boolean, bare);
  }

  /** The bytes of a class with a constructor that takes an {@link EventFormat}. */
  static byte[] write(RecordShape shape) {
    TypeClass type = new TypeClass(shape);
    return ClassFile.of().build(type.self, type::build);
  }

  private void build(ClassBuilder builder) {
    builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
    builder.withSuperclass(TYPE);
    builder.withField(WRITTEN, CD_boolean, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
    builder.withMethodBody(
        INIT_NAME,
        DEFINE,
        0,
        code -> code.aload(0).aload(1).invokespecial(TYPE, INIT_NAME, DEFINE).return_());
    builder.withMethodBody(INIT_NAME, call, ClassFile.ACC_PRIVATE, this::construct);
    builder.withMethodBody(
        "record",
        MethodTypeDesc.of(CD_boolean, BUFFER, RECORD),
        ClassFile.ACC_PUBLIC,
        this::record);
    builder.withMethodBody(
        "write",
        MethodTypeDesc.of(CD_boolean, BUFFER, CD_int, RECORD),
        ClassFile.ACC_PROTECTED,
        code -> callConstructor(code, () -> code.iload(2).aload(3)));
    builder.withMethodBody(
        "store",
        store,
        ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
        code -> new StoreMethod(shape, code).write());
  }

  private void construct(CodeBuilder code) {
    MethodTypeDesc copy = MethodTypeDesc.of(CD_void, TYPE);
    code.aload(0).aload(1).invokespecial(TYPE, INIT_NAME, copy);
    code.aload(0);
    code.aload(2).aload(1).invokevirtual(TYPE, "id", MethodTypeDesc.of(CD_int)).iload(3);
    for (Field field : shape.fields()) {
      code.aload(4).getfield(record, field.component(), desc(field.type()));
    }
    code.invokestatic(self, "store", store).putfield(self, WRITTEN, CD_boolean).return_();
  }

  private void record(CodeBuilder code) {
    Label disabled = code.newLabel();
    code.aload(0).aload(1);
    code.invokevirtual(TYPE, "isEnabled", MethodTypeDesc.of(CD_boolean, BUFFER)).ifeq(disabled);
    callConstructor(code, () -> code.iconst_0().aload(2));
    code.labelBinding(disabled);
    code.iconst_0().ireturn();
  }

  private void callConstructor(CodeBuilder code, Runnable pidAndEvent) {
    code.new_(self).dup().aload(0).aload(1);
    pidAndEvent.run();
    code.checkcast(record).invokespecial(self, INIT_NAME, call);
    code.getfield(self, WRITTEN, CD_boolean).ireturn();
  }

  static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
