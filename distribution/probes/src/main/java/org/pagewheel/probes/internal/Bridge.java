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
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * What probed code calls, for one list of argument types: a class on the boot class path beside
 * {@link Hook}, which hands the arguments on without an object being made. For {@code (JL)} it is
 *
 * <pre>{@code
 * public class Call_JL {
 *   public static Call_JL[] HANDLERS = new Call_JL[FIRST];
 *   public static IntConsumer[] LINKS = new IntConsumer[FIRST];
 *   public static final AtomicInteger NEXT = new AtomicInteger();
 *   public static final Queue FREE = new ConcurrentLinkedQueue();
 *
 *   public static void call(int slot, long a, Object b) {
 *     try {
 *       Call_JL handler = HANDLERS[slot & INDEX];
 *       if (handler == null) {
 *         IntConsumer link = LINKS[slot & INDEX];
 *         if (link == null) {
 *           return;
 *         }
 *         link.accept(slot); // the first call of a class that was loaded after the probe was made
 *         handler = HANDLERS[slot & INDEX];
 *         if (handler == null) {
 *           return;
 *         }
 *       }
 *       handler.on(slot, a, b);
 *     } catch (Throwable e) {
 *       // nothing reaches the application
 *     }
 *   }
 *
 *   private final WeakReference handler;
 *
 *   public Call_JL(WeakReference handler) {
 *     this.handler = handler;
 *   }
 *
 *   public void on(int slot, long a, Object b) { // handlers do better
 *     Call_JL handler = (Call_JL) this.handler.get();
 *     if (handler != null) {
 *       handler.on(slot, a, b);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>There is one for each list of types for as long as the process lives, however many probes come
 * and go; its arrays grow with the methods that have probes at once. A slot's low bits are its
 * place in them. The place is used again, with other high bits: code that was taken out may still
 * be running, and what it calls then is not its own, which the handler sees by the slot. A place
 * whose high bits are used up is never used again.
 */
final class Bridge {
  private static final int INDEX_BITS = 14;
  private static final int SLOTS = 1 << INDEX_BITS;
  private static final int INDEX = SLOTS - 1;
  private static final int FIRST = 16;
  private static final String HANDLERS = "HANDLERS";
  private static final String LINKS = "LINKS";
  private static final String NEXT = "NEXT";
  private static final String FREE = "FREE";
  private static final String WEAKLY = "handler";
  private static final ClassDesc LINK = ClassDesc.of(IntConsumer.class.getName());
  private static final ClassDesc QUEUE = ClassDesc.of(ConcurrentLinkedQueue.class.getName());
  private static final ClassDesc COUNTER = ClassDesc.of(AtomicInteger.class.getName());
  private static final ClassDesc WEAK = ClassDesc.of(WeakReference.class.getName());
  static final MethodTypeDesc BY_HANDLER = MethodTypeDesc.of(CD_void, WEAK);

  private final ClassDesc name;
  private final List<ClassDesc> types;
  private final Class<?> type;
  private final AtomicInteger next;
  private final Queue<Integer> free;

  @SuppressWarnings("unchecked") // nobody else puts anything into it
  private Bridge(ClassDesc name, List<ClassDesc> types, Class<?> type)
      throws ReflectiveOperationException {
    this.name = name;
    this.types = types;
    this.type = type;
    next = (AtomicInteger) type.getField(NEXT).get(null);
    free = (Queue<Integer>) type.getField(FREE).get(null);
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

  /** The type of what receives a call, and of what probed code calls: the slot stands first. */
  MethodTypeDesc onType() {
    return onType(types);
  }

  private static MethodTypeDesc onType(List<ClassDesc> types) {
    List<ClassDesc> all = new ArrayList<>(List.of(CD_int));
    all.addAll(types);
    return MethodTypeDesc.of(CD_void, all);
  }

  /**
   * A slot.
   *
   * @param link runs, with the slot, at the first call if there is no handler by then
   * @throws IllegalStateException if all are in use
   */
  int allocate(IntConsumer link) {
    Integer slot = free.poll();
    if (slot == null) {
      slot = next.getAndUpdate(n -> Math.min(n + 1, SLOTS));
      if (slot == SLOTS) {
        throw new IllegalStateException("no more methods with such arguments can have probes");
      }
    }
    put(slot, null, link);
    return slot;
  }

  /** Hands calls on from now on. */
  void set(int slot, Object handler) {
    put(slot, handler, null);
  }

  /** The same, to a handler that others keep, for as long as its class can be called. */
  void setWeakly(int slot, Object handler) {
    try {
      put(
          slot,
          type.getConstructor(WeakReference.class).newInstance(new WeakReference<>(handler)),
          null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no handler for " + name.displayName(), e);
    }
  }

  /** Nothing is handed on any more. */
  void release(int slot) {
    put(slot, null, null);
    int again = slot + SLOTS;
    if (again > 0) {
      free.add(again);
    }
  }

  /**
   * Whoever runs code with a slot that is new sees it, and the arrays grown for it: that code is
   * put in afterwards.
   */
  private void put(int slot, Object handler, IntConsumer link) {
    int at = slot & INDEX;
    synchronized (type) { // of the boot class path: nobody else knows it
      try {
        array(HANDLERS, at)[at] = handler;
        array(LINKS, at)[at] = link;
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("no slot in " + name.displayName(), e);
      }
    }
  }

  private Object[] array(String field, int at) throws ReflectiveOperationException {
    Field holder = type.getField(field);
    Object[] array = (Object[]) holder.get(null);
    if (at >= array.length) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, at + 1));
      holder.set(null, array);
    }
    return array;
  }

  private static void build(ClassBuilder builder, ClassDesc self, List<ClassDesc> types) {
    int shared = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;
    MethodTypeDesc nothing = MethodTypeDesc.of(CD_void);
    builder.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_SUPER);
    builder.withField(HANDLERS, self.arrayType(), shared);
    builder.withField(LINKS, LINK.arrayType(), shared);
    builder.withField(NEXT, COUNTER, shared | ClassFile.ACC_FINAL);
    builder.withField(FREE, QUEUE, shared | ClassFile.ACC_FINAL);
    builder.withField(WEAKLY, WEAK, ClassFile.ACC_PRIVATE | ClassFile.ACC_FINAL);
    builder.withMethodBody(
        ConstantDescs.CLASS_INIT_NAME,
        nothing,
        ClassFile.ACC_STATIC,
        code -> {
          code.loadConstant(FIRST).anewarray(self).putstatic(self, HANDLERS, self.arrayType());
          code.loadConstant(FIRST).anewarray(LINK).putstatic(self, LINKS, LINK.arrayType());
          code.new_(COUNTER).dup().invokespecial(COUNTER, ConstantDescs.INIT_NAME, nothing);
          code.putstatic(self, NEXT, COUNTER);
          code.new_(QUEUE).dup().invokespecial(QUEUE, ConstantDescs.INIT_NAME, nothing);
          code.putstatic(self, FREE, QUEUE).return_();
        });
    builder.withMethodBody(
        ConstantDescs.INIT_NAME,
        BY_HANDLER,
        ClassFile.ACC_PUBLIC,
        code -> {
          code.aload(0).invokespecial(CD_Object, ConstantDescs.INIT_NAME, nothing);
          code.aload(0).aload(1).putfield(self, WEAKLY, WEAK).return_();
        });
    MethodTypeDesc on = onType(types);
    builder.withMethodBody("on", on, ClassFile.ACC_PUBLIC, code -> on(code, self, types));
    builder.withMethodBody("call", on, shared, code -> call(code, self, types));
  }

  private static void on(CodeBuilder code, ClassDesc self, List<ClassDesc> types) {
    Label gone = code.newLabel();
    int handler = code.allocateLocal(TypeKind.REFERENCE);
    code.aload(0).getfield(self, WEAKLY, WEAK);
    code.invokevirtual(WEAK, "get", MethodTypeDesc.of(CD_Object)).checkcast(self).astore(handler);
    code.aload(handler).ifnull(gone);
    handOn(code, self, types, handler);
    code.labelBinding(gone).return_();
  }

  /** Calls a handler with all parameters. */
  private static void handOn(CodeBuilder code, ClassDesc self, List<ClassDesc> types, int handler) {
    code.aload(handler).iload(code.parameterSlot(0));
    for (int i = 0; i < types.size(); i++) {
      code.loadLocal(TypeKind.from(types.get(i)), code.parameterSlot(1 + i));
    }
    code.invokevirtual(self, "on", onType(types));
  }

  private static void call(CodeBuilder code, ClassDesc self, List<ClassDesc> types) {
    int handler = code.allocateLocal(TypeKind.REFERENCE);
    int link = code.allocateLocal(TypeKind.REFERENCE);
    Label linked = code.newLabel();
    Label absent = code.newLabel();
    Label from = code.newBoundLabel();
    element(code, self, HANDLERS, self).astore(handler);
    code.aload(handler).ifnonnull(linked);
    element(code, self, LINKS, LINK).astore(link);
    code.aload(link).ifnull(absent);
    code.aload(link).iload(0);
    code.invokeinterface(LINK, "accept", MethodTypeDesc.of(CD_void, CD_int));
    element(code, self, HANDLERS, self).astore(handler);
    code.aload(handler).ifnull(absent);
    code.labelBinding(linked);
    handOn(code, self, types, handler);
    code.labelBinding(absent);
    code.return_();
    code.exceptionCatch(from, code.newBoundLabel(), code.newBoundLabel(), CD_Throwable);
    code.pop().return_();
  }

  private static CodeBuilder element(
      CodeBuilder code, ClassDesc self, String array, ClassDesc type) {
    code.getstatic(self, array, type.arrayType());
    return code.iload(0).loadConstant(INDEX).iand().aaload();
  }
}
