package org.pagewheel.probes.internal;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What probed code calls, for one list of argument types: a class on the boot class path beside
 * {@link Hook}, which hands the arguments on without an object being made. For {@code (JL)} it is
 *
 * <pre>{@code
 * public abstract class Call_JL {
 *   public static final Call_JL[] HANDLERS = new Call_JL[SLOTS];
 *   public static final Runnable[] LINKS = new Runnable[SLOTS];
 *   public static final Queue FREE = new ConcurrentLinkedQueue();
 *
 *   public abstract void on(long a, Object b);
 *
 *   public static void call(int slot, long a, Object b) {
 *     try {
 *       Call_JL handler = HANDLERS[slot];
 *       if (handler == null) {
 *         Runnable link = LINKS[slot];
 *         if (link == null) {
 *           return;
 *         }
 *         link.run(); // the first call of a class that was loaded after the probe was made
 *         handler = HANDLERS[slot];
 *         if (handler == null) {
 *           return;
 *         }
 *       }
 *       handler.on(a, b);
 *     } catch (Throwable e) {
 *       // nothing reaches the application
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>There is one for each list of types for as long as the process lives, however many probes come
 * and go. Slots are used again, the one first that has been free for longest.
 */
final class Bridge {
  private static final int SLOTS = 10_240;
  private static final ClassDesc LINK = ClassDesc.of("java.lang.Runnable");
  private static final ClassDesc QUEUE = ClassDesc.of(ConcurrentLinkedQueue.class.getName());

  private final ClassDesc name;
  private final List<ClassDesc> types;
  private final Object[] handlers;
  private final Runnable[] links;
  private final Queue<Integer> free;

  @SuppressWarnings("unchecked") // nobody else puts anything into it
  private Bridge(ClassDesc name, List<ClassDesc> types, Class<?> type)
      throws ReflectiveOperationException {
    this.name = name;
    this.types = types;
    handlers = (Object[]) type.getField("HANDLERS").get(null);
    links = (Runnable[]) type.getField("LINKS").get(null);
    free = (Queue<Integer>) type.getField("FREE").get(null);
  }

  /** Finds or makes the one for some types, which are erased. */
  static synchronized Bridge of(List<ClassDesc> types) throws ReflectiveOperationException {
    StringBuilder text = new StringBuilder("java.pagewheel.Call_");
    types.forEach(type -> text.append(type.isPrimitive() ? type.descriptorString() : "L"));
    ClassDesc name = ClassDesc.of(text.toString());
    Class<?> found;
    try {
      found = Class.forName(text.toString(), true, null);
    } catch (ClassNotFoundException e) {
      Class<?> hook = Class.forName("java.pagewheel.Hook", true, null);
      Lookup lookup = (Lookup) hook.getField("LOOKUP").get(null);
      found = lookup.defineClass(ClassFile.of().build(name, b -> build(b, name, types)));
      Bridge bridge = new Bridge(name, types, found);
      for (int slot = 0; slot < SLOTS; slot++) {
        bridge.free.add(slot);
      }
    }
    return new Bridge(name, types, found);
  }

  /** The type as which a value goes over the bridge. */
  static ClassDesc erased(ClassDesc type) {
    return switch (TypeKind.from(type).asLoadable()) {
      case INT -> CD_int;
      case LONG -> CD_long;
      case FLOAT -> CD_float;
      case DOUBLE -> CD_double;
      default -> CD_Object;
    };
  }

  ClassDesc name() {
    return name;
  }

  MethodTypeDesc onType() {
    return MethodTypeDesc.of(CD_void, types);
  }

  MethodTypeDesc callType() {
    return callType(types);
  }

  private static MethodTypeDesc callType(List<ClassDesc> types) {
    List<ClassDesc> all = new ArrayList<>(List.of(CD_int));
    all.addAll(types);
    return MethodTypeDesc.of(CD_void, all);
  }

  /**
   * A slot.
   *
   * @param link runs at the first call if there is no handler by then
   * @throws IllegalStateException if all are in use
   */
  int allocate(Runnable link) {
    Integer slot = free.poll();
    if (slot == null) {
      throw new IllegalStateException("no more methods with such arguments can have probes");
    }
    links[slot] = link;
    return slot;
  }

  /** Hands calls on from now on. */
  void set(int slot, Object handler) {
    handlers[slot] = handler;
    links[slot] = null;
  }

  /** Nothing is handed on any more. */
  void release(int slot) {
    handlers[slot] = null;
    links[slot] = null;
    free.add(slot);
  }

  private static void build(ClassBuilder builder, ClassDesc self, List<ClassDesc> types) {
    int constant = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
    MethodTypeDesc nothing = MethodTypeDesc.of(CD_void);
    builder.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT | ClassFile.ACC_SUPER);
    builder.withField("HANDLERS", self.arrayType(), constant);
    builder.withField("LINKS", LINK.arrayType(), constant);
    builder.withField("FREE", QUEUE, constant);
    builder.withMethodBody(
        ConstantDescs.CLASS_INIT_NAME,
        nothing,
        ClassFile.ACC_STATIC,
        code -> {
          code.loadConstant(SLOTS).anewarray(self);
          code.putstatic(self, "HANDLERS", self.arrayType());
          code.loadConstant(SLOTS).anewarray(LINK).putstatic(self, "LINKS", LINK.arrayType());
          code.new_(QUEUE).dup().invokespecial(QUEUE, ConstantDescs.INIT_NAME, nothing);
          code.putstatic(self, "FREE", QUEUE).return_();
        });
    builder.withMethodBody(
        ConstantDescs.INIT_NAME,
        nothing,
        ClassFile.ACC_PROTECTED,
        code -> code.aload(0).invokespecial(CD_Object, ConstantDescs.INIT_NAME, nothing).return_());
    MethodTypeDesc on = MethodTypeDesc.of(CD_void, types);
    builder.withMethod("on", on, ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT, method -> {});
    builder.withMethodBody(
        "call",
        callType(types),
        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
        code -> call(code, self, types));
  }

  private static void call(CodeBuilder code, ClassDesc self, List<ClassDesc> types) {
    int handler = code.allocateLocal(TypeKind.REFERENCE);
    int link = code.allocateLocal(TypeKind.REFERENCE);
    Label linked = code.newLabel();
    Label absent = code.newLabel();
    Label from = code.newBoundLabel();
    code.getstatic(self, "HANDLERS", self.arrayType()).iload(0).aaload().astore(handler);
    code.aload(handler).ifnonnull(linked);
    code.getstatic(self, "LINKS", LINK.arrayType()).iload(0).aaload().astore(link);
    code.aload(link).ifnull(absent);
    code.aload(link).invokeinterface(LINK, "run", MethodTypeDesc.of(CD_void));
    code.getstatic(self, "HANDLERS", self.arrayType()).iload(0).aaload().astore(handler);
    code.aload(handler).ifnull(absent);
    code.labelBinding(linked);
    code.aload(handler);
    for (int i = 0; i < types.size(); i++) {
      code.loadLocal(TypeKind.from(types.get(i)), code.parameterSlot(1 + i));
    }
    code.invokevirtual(self, "on", MethodTypeDesc.of(CD_void, types));
    code.labelBinding(absent);
    code.return_();
    code.exceptionCatch(from, code.newBoundLabel(), code.newBoundLabel(), CD_Throwable);
    code.pop().return_();
  }
}
