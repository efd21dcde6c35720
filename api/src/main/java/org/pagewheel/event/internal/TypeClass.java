package org.pagewheel.event.internal;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventDefinition;
import org.pagewheel.event.EventType;

/**
 * Writes the class of an event type, which reads a record's fields and stores them. For a record
 * {@code Filled(long id, String venue)} it is
 *
 * <pre>{@code
 * final class Filled$EventType extends EventType<Filled> {
 *   Filled$EventType(EventDefinition definition) { super(definition); }
 *
 *   protected boolean write(Buffer buffer, int type, int pid, Filled event) {
 *     return store(buffer, type, pid, event.id, event.venue);
 *   }
 *
 *   private static boolean store(Buffer buffer, int type, int pid, long id, String venue) {
 *     … see StoreMethod …
 *   }
 * }
 * }</pre>
 *
 * <p>Why two methods: a record that is made for a call is never allocated if the compiler inlines
 * everything that the record is handed to. It does not inline what it has once compiled to more
 * than 2500 bytes, and whole events easily are (measured: the first call sites were free of
 * allocation, the fourth one and those after it were not). So the record gets no further than
 * {@code write}, which is tiny wherever it is compiled, and {@code store}, which gets the bare
 * fields, is made too large to be inlined at all.
 */
final class TypeClass {
  /** The bytes of {@code write} stay far below 325, the most that is inlined. */
  static final int MAX_COMPONENTS = 60;

  static final ClassDesc BUFFER = desc(Buffer.class);

  private static final ClassDesc TYPE = desc(EventType.class);
  private static final ClassDesc DEFINITION = desc(EventDefinition.class);

  private TypeClass() {}

  /** The bytes of a class with one constructor, which takes an {@link EventDefinition}. */
  static byte[] write(RecordShape shape) {
    ClassDesc self = ClassDesc.of(shape.record().getName() + "$EventType");
    return ClassFile.of().build(self, builder -> build(builder, self, shape));
  }

  private static void build(ClassBuilder builder, ClassDesc self, RecordShape shape) {
    builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
    builder.withSuperclass(TYPE);
    MethodTypeDesc constructor = MethodTypeDesc.of(CD_void, DEFINITION);
    builder.withMethodBody(
        INIT_NAME,
        constructor,
        0,
        code -> code.aload(0).aload(1).invokespecial(TYPE, INIT_NAME, constructor).return_());
    List<ClassDesc> bare = new ArrayList<>(List.of(BUFFER, CD_int, CD_int));
    shape.fields().forEach(field -> bare.add(desc(field.type())));
    MethodTypeDesc store = MethodTypeDesc.of(CD_boolean, bare);
    builder.withMethodBody(
        "write",
        MethodTypeDesc.of(CD_boolean, BUFFER, CD_int, CD_int, desc(Record.class)),
        ClassFile.ACC_PROTECTED,
        code -> {
          ClassDesc record = desc(shape.record());
          code.aload(1).iload(2).iload(3);
          for (Field field : shape.fields()) {
            code.aload(4).checkcast(record);
            code.getfield(record, field.component(), desc(field.type()));
          }
          code.invokestatic(self, "store", store).ireturn();
        });
    builder.withMethodBody(
        "store",
        store,
        ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
        code -> new StoreMethod(shape, code).write());
  }

  static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
