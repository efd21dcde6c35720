package org.pagewheel.probes.internal;

import static java.lang.constant.ConstantDescs.BSM_CLASS_DATA_AT;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
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
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import org.pagewheel.Buffer;
import org.pagewheel.event.EventType;

/**
 * Writes what receives the calls of one probed method from a {@link Bridge} and records the event:
 *
 * <pre>{@code
 * final class Handler extends Call_JL {
 *   static final EventType TYPE = …;
 *   static final Buffer BUFFER = …;
 *   static final long[] COUNTS = …;
 *   static final MethodHandle CHECK = …; // the condition
 *   static final MethodHandle GET_0 = …;
 *
 *   public void on(int slot, long id, Object order) {
 *     if (slot != SLOT) {
 *       return; // of code that was taken out, when the place was another probe's
 *     }
 *     String symbol = (String) GET_0.invokeExact(order);
 *     boolean passes = CHECK.invokeExact(id, symbol);
 *     if (COUNTS[HITS] < 0) {
 *       return; // it is only linked
 *     }
 *     COUNTS[HITS]++;
 *     if (passes) {
 *       TYPE.record(BUFFER, new Of_place(id, symbol));
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>It lies beside the record, so that the record need not be allocated. It is run once when it is
 * made, with hits of −1, which links all calls in it but the record's and records nothing.
 */
final class Handlers {
  /** Where a column's value comes from. */
  enum Kind {
    /** An argument of the handler as it is. */
    PLAIN,
    /** The ordinal of an enum constant. */
    ENUM,
    /** The name of the class of what was thrown. */
    THROWN,
    /** The time since an argument of the handler. */
    TOOK,
    /** A constant text. */
    TEXT
  }

  /**
   * A column's value.
   *
   * @param argument the number of the handler's argument
   * @param getter leads from that to the value, or null
   * @param text a constant
   */
  record Source(Kind kind, int argument, MethodHandle getter, String text) {}

  /**
   * What a handler is made of.
   *
   * @param check takes the columns' values and says whether they are recorded; null if all are
   * @param began which argument of the handler is the time of the entry, or −1
   * @param longer in nanoseconds
   */
  record Parts(
      int slot,
      Definition definition,
      MethodHandle check,
      List<Source> sources,
      Buffer buffer,
      long[] counts,
      int began,
      long longer,
      boolean stack,
      boolean guarded) {}

  /** How often the method was met, of {@link Parts#counts}. */
  static final int HITS = 0;

  /** How often it was met and did not last, which is no hit. */
  static final int SHORT = 1;

  /** How many nanoseconds stacks have taken. */
  static final int STACK_NANOS = 2;

  /** How many counts there are. */
  static final int COUNTS = 3;

  private static final ClassDesc TYPE = desc(EventType.class);
  private static final ClassDesc BUFFER = desc(Buffer.class);
  private static final ClassDesc NUMBERS = CD_long.arrayType();
  private static final ClassDesc VALUES = desc(Values.class);
  private static final ClassDesc SYSTEM = desc(System.class);
  private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(CD_void);
  private static final int CHECK = 3;

  private final Bridge bridge;
  private final Parts parts;
  private final ClassDesc self;
  private final List<Object> data = new ArrayList<>();

  private Handlers(Bridge bridge, Parts parts) {
    this.bridge = bridge;
    this.parts = parts;
    this.self = ClassDesc.of(parts.definition.record().packageName(), "Handler");
    data.add(parts.definition.type());
    data.add(parts.buffer);
    data.add(parts.counts);
    if (parts.check != null) {
      data.add(parts.check);
    }
    parts.sources.stream()
        .filter(source -> source.getter != null)
        .forEach(source -> data.add(source.getter));
  }

  /** A handler, for {@link Bridge#set}. */
  static Object make(Bridge bridge, Parts parts) {
    Handlers handlers = new Handlers(bridge, parts);
    try {
      Lookup made =
          parts
              .definition
              .lookup()
              .defineHiddenClassWithClassData(
                  ClassFile.of().build(handlers.self, handlers::build), handlers.data, true);
      Object handler =
          made.findConstructor(made.lookupClass(), MethodType.methodType(void.class)).invoke();
      parts.counts[HITS] = -1;
      List<Object> arguments = new ArrayList<>(List.of(handler, parts.slot));
      bridge.onType().parameterList().stream().skip(1).map(Handlers::zero).forEach(arguments::add);
      MethodType on = bridge.onType().resolveConstantDesc(made);
      made.findVirtual(made.lookupClass(), "on", on).invokeWithArguments(arguments);
      parts.counts[HITS] = 0;
      return handler;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("no handler for " + parts.definition.type(), e);
    }
  }

  private static Object zero(ClassDesc type) {
    return switch (TypeKind.from(type)) {
      case INT -> 0;
      case LONG -> 0L;
      case FLOAT -> 0f;
      case DOUBLE -> 0d;
      default -> null;
    };
  }

  private void build(ClassBuilder builder) {
    builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
    builder.withSuperclass(bridge.name());
    for (int i = 0; i < data.size(); i++) {
      builder.withField(
          "C" + i, constant(i), ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
    }
    builder.withMethodBody(
        CLASS_INIT_NAME,
        NOTHING,
        ClassFile.ACC_STATIC,
        code -> {
          for (int i = 0; i < data.size(); i++) {
            code.loadConstant(
                DynamicConstantDesc.ofNamed(BSM_CLASS_DATA_AT, DEFAULT_NAME, constant(i), i));
            code.putstatic(self, "C" + i, constant(i));
          }
          code.return_();
        });
    builder.withMethodBody(
        INIT_NAME,
        NOTHING,
        0,
        code ->
            code.aload(0)
                .aconst_null()
                .invokespecial(bridge.name(), INIT_NAME, Bridge.BY_HANDLER)
                .return_());
    builder.withMethodBody("on", bridge.onType(), ClassFile.ACC_PUBLIC, this::on);
  }

  private static ClassDesc constant(int i) {
    return switch (i) {
      case 0 -> TYPE;
      case 1 -> BUFFER;
      case 2 -> NUMBERS;
      default -> CD_MethodHandle;
    };
  }

  private void on(CodeBuilder code) {
    Label done = code.newLabel();
    Label own = code.newLabel();
    code.iload(code.parameterSlot(0)).loadConstant(parts.slot).if_icmpeq(own);
    code.return_().labelBinding(own);
    if (!parts.guarded) {
      record(code, done);
      code.labelBinding(done).return_();
      return;
    }
    Label busy = code.newLabel();
    code.invokestatic(VALUES, "begin", MethodTypeDesc.of(CD_boolean)).ifeq(busy);
    Label from = code.newBoundLabel();
    record(code, done);
    code.labelBinding(done);
    Label to = code.newBoundLabel();
    code.invokestatic(VALUES, "end", NOTHING);
    code.labelBinding(busy).return_();
    code.exceptionCatchAll(from, to, code.newBoundLabel());
    code.invokestatic(VALUES, "end", NOTHING).athrow();
  }

  private void record(CodeBuilder code, Label done) {
    int took = code.allocateLocal(TypeKind.LONG);
    if (parts.began >= 0) {
      code.invokestatic(SYSTEM, "nanoTime", MethodTypeDesc.of(CD_long));
      argument(code, parts.began);
      code.lsub().lstore(took);
    }
    if (parts.longer > 0) {
      Label lasted = code.newLabel();
      hits(code).lconst_0().lcmp().iflt(lasted);
      code.lload(took).loadConstant(parts.longer).lcmp().ifge(lasted);
      count(code, SHORT).goto_(done);
      code.labelBinding(lasted);
    }
    List<Integer> locals = values(code, took);
    int passes = code.allocateLocal(TypeKind.INT);
    if (parts.check != null) {
      code.getstatic(self, "C" + CHECK, CD_MethodHandle);
      load(code, locals);
      code.invokevirtual(
          CD_MethodHandle,
          "invokeExact",
          parts.definition.constructor().changeReturnType(CD_boolean));
      code.istore(passes);
    }
    hits(code).lconst_0().lcmp().iflt(done);
    count(code, HITS);
    if (parts.check != null) {
      code.iload(passes).ifeq(done);
    }
    code.getstatic(self, "C0", TYPE).getstatic(self, "C1", BUFFER);
    ClassDesc record = parts.definition.record();
    code.new_(record).dup();
    load(code, locals);
    code.invokespecial(record, INIT_NAME, parts.definition.constructor());
    code.invokevirtual(
        TYPE, "record", MethodTypeDesc.of(CD_boolean, BUFFER, ClassDesc.of("java.lang.Record")));
    if (parts.stack) {
      code.ifeq(done);
      code.getstatic(self, "C1", BUFFER).getstatic(self, "C2", NUMBERS);
      code.invokestatic(VALUES, "stack", MethodTypeDesc.of(CD_void, BUFFER, NUMBERS));
    } else {
      code.pop();
    }
  }

  private void load(CodeBuilder code, List<Integer> locals) {
    for (int i = 0; i < locals.size(); i++) {
      code.loadLocal(TypeKind.from(parts.definition.columns().get(i).type()), locals.get(i));
    }
  }

  private CodeBuilder count(CodeBuilder code, int which) {
    code.getstatic(self, "C2", NUMBERS).loadConstant(which);
    return code.dup2().laload().lconst_1().ladd().lastore();
  }

  private CodeBuilder hits(CodeBuilder code) {
    return code.getstatic(self, "C2", NUMBERS).loadConstant(HITS).laload();
  }

  private List<Integer> values(CodeBuilder code, int took) {
    List<Integer> locals = new ArrayList<>();
    int getter = parts.check == null ? CHECK : CHECK + 1;
    for (int i = 0; i < parts.sources.size(); i++) {
      Source source = parts.sources.get(i);
      ClassDesc type = parts.definition.columns().get(i).type();
      if (source.getter != null) {
        code.getstatic(self, "C" + getter++, CD_MethodHandle);
      }
      switch (source.kind) {
        case TOOK -> code.lload(took);
        case TEXT -> code.loadConstant(source.text);
        default -> argument(code, source.argument);
      }
      if (source.getter != null) {
        ClassDesc result = desc(source.getter.type().returnType());
        code.invokevirtual(CD_MethodHandle, "invokeExact", MethodTypeDesc.of(result, CD_Object));
      }
      switch (source.kind) {
        case ENUM -> code.invokestatic(VALUES, "ordinal", MethodTypeDesc.of(CD_int, CD_Object));
        case THROWN -> code.invokestatic(VALUES, "thrown", MethodTypeDesc.of(CD_String, CD_Object));
        case PLAIN -> {
          if (type.equals(CD_String)) {
            code.checkcast(CD_String);
          }
        }
        default -> {}
      }
      int local = code.allocateLocal(TypeKind.from(type));
      code.storeLocal(TypeKind.from(type), local);
      locals.add(local);
    }
    return locals;
  }

  private void argument(CodeBuilder code, int argument) {
    ClassDesc type = bridge.onType().parameterType(1 + argument); // the slot is before them
    code.loadLocal(TypeKind.from(type), code.parameterSlot(1 + argument));
  }

  private static ClassDesc desc(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
