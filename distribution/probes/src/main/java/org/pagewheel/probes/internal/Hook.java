package org.pagewheel.probes.internal;

import static java.lang.constant.ConstantDescs.CD_Enum;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_Throwable;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntBinaryOperator;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * The class that instrumented code calls. It belongs to the boot class loader, where it is seen
 * from everywhere, and it is all that does:
 *
 * <pre>{@code
 * package java.pagewheel;
 *
 * public final class Hook {
 *   public static final Lookup LOOKUP = MethodHandles.lookup();
 *   public static final AtomicInteger NEXT = new AtomicInteger();
 *   public static final IntBinaryOperator[] ENTER = new IntBinaryOperator[SLOTS];
 *   public static final IntBinaryOperator[] EXIT = new IntBinaryOperator[SLOTS];
 *
 *   public static Object constant(Object value) {
 *     return value instanceof Enum ? value : null;
 *   }
 *
 *   public static int enter(int slot, int method) {
 *     try {
 *       IntBinaryOperator handler = ENTER[slot];
 *       return handler == null ? -1 : handler.applyAsInt(slot, method);
 *     } catch (Throwable e) {
 *       return -1;
 *     }
 *   }
 *
 *   public static void exit(int slot, int token, int method) {
 *     if (token >= 0) {
 *       try {
 *         IntBinaryOperator handler = EXIT[slot];
 *         if (handler != null) {
 *           handler.applyAsInt(token, method);
 *         }
 *       } catch (Throwable e) {
 *         // nothing reaches the application
 *       }
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Its package begins with {@code java.} because that is what every class loader asks its parent
 * for, those of OSGi bundles and of web applications included. Its types are those of the JDK, so
 * that nothing of this library is needed to load it; and since it cannot be there twice, all users
 * of this library in one process share its slots. A slot is never used again: code that was removed
 * may still be running.
 */
final class Hook {
  static final ClassDesc CLASS = ClassDesc.of("java.pagewheel.Hook");
  static final MethodTypeDesc ENTER_TYPE = MethodTypeDesc.of(CD_int, CD_int, CD_int);
  static final MethodTypeDesc EXIT_TYPE = MethodTypeDesc.of(CD_void, CD_int, CD_int, CD_int);
  static final MethodTypeDesc CONSTANT_TYPE = MethodTypeDesc.of(CD_Object, CD_Object);

  /** Of which each trace takes one, for ever. */
  static final int SLOTS = 16_384;

  private static final String UNSAFE = "jdk.internal.misc.Unsafe";
  private static final String ENTER = "ENTER";
  private static final String EXIT = "EXIT";
  private static final String NEXT = "NEXT";
  private static final ClassDesc HANDLER = ClassDesc.of(IntBinaryOperator.class.getName());
  private static final ClassDesc HANDLERS = HANDLER.arrayType();
  private static final ClassDesc COUNTER = ClassDesc.of(AtomicInteger.class.getName());
  private static final ClassDesc METHOD_HANDLES = ClassDesc.of("java.lang.invoke.MethodHandles");
  private static final MethodTypeDesc LOOKUP_TYPE =
      MethodTypeDesc.of(ConstantDescs.CD_MethodHandles_Lookup);
  private static final MethodTypeDesc APPLY = MethodTypeDesc.of(CD_int, CD_int, CD_int);

  private final AtomicInteger next;
  private final IntBinaryOperator[] enter;
  private final IntBinaryOperator[] exit;

  private Hook(Class<?> type) throws ReflectiveOperationException {
    next = (AtomicInteger) type.getField(NEXT).get(null);
    enter = (IntBinaryOperator[]) type.getField(ENTER).get(null);
    exit = (IntBinaryOperator[]) type.getField(EXIT).get(null);
  }

  /** Finds the class, or makes it. */
  static synchronized Hook install(Instrumentation instrumentation) throws IOException {
    try {
      try {
        return new Hook(load());
      } catch (ClassNotFoundException e) {
        make(instrumentation);
        return new Hook(load());
      }
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new IOException("the class that probes call is not there: " + e, e);
    }
  }

  private static Class<?> load() throws ClassNotFoundException {
    return Class.forName("java.pagewheel.Hook", true, null);
  }

  /**
   * Defines it, by the JDK's own means. Where the JDK has others by now it is found on the boot
   * class path, which the JVM answers with a warning on the application's output.
   */
  private static void make(Instrumentation instrumentation)
      throws IOException, ClassNotFoundException {
    try {
      define(instrumentation);
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      append(instrumentation);
    }
  }

  private static void define(Instrumentation instrumentation) throws ReflectiveOperationException {
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of("jdk.internal.misc", Set.of(Hook.class.getModule())),
        Map.of(),
        Set.of(),
        Map.of());
    Class<?> type = Class.forName(UNSAFE, true, null); // a bundle's loader would not ask for it
    Object unsafe = type.getMethod("getUnsafe").invoke(null);
    byte[] bytes = bytes();
    type.getMethod(
            "defineClass",
            String.class,
            byte[].class,
            int.class,
            int.class,
            ClassLoader.class,
            ProtectionDomain.class)
        .invoke(unsafe, "java/pagewheel/Hook", bytes, 0, bytes.length, null, null);
  }

  /** The JVM keeps the jar open; its name is needed for a moment only. */
  private static void append(Instrumentation instrumentation)
      throws IOException, ClassNotFoundException {
    Path directory = Files.createTempDirectory("pagewheel"); // its owner's alone
    Path jar = directory.resolve("hook.jar");
    try {
      try (OutputStream file = Files.newOutputStream(jar);
          JarOutputStream out = new JarOutputStream(file)) {
        out.putNextEntry(new ZipEntry("java/pagewheel/Hook.class"));
        out.write(bytes());
      }
      try (JarFile open = new JarFile(jar.toFile())) {
        instrumentation.appendToBootstrapClassLoaderSearch(open);
      }
      load();
    } finally {
      Files.deleteIfExists(jar);
      Files.deleteIfExists(directory);
    }
  }

  /**
   * A slot of its own.
   *
   * @throws IllegalStateException if none is left
   */
  int allocate(IntBinaryOperator onEnter, IntBinaryOperator onExit) {
    int slot = next.getAndUpdate(n -> Math.min(n + 1, SLOTS));
    if (slot >= SLOTS) {
      throw new IllegalStateException(
          SLOTS + " probes and graphs have been made in this process, no more can be");
    }
    exit[slot] = onExit;
    enter[slot] = onEnter; // seen by whoever runs the code that is put in afterwards
    return slot;
  }

  /** From now on the code that calls it does nothing. */
  void release(int slot) {
    enter[slot] = null;
    exit[slot] = null;
  }

  // ---- the class

  private static byte[] bytes() {
    return ClassFile.of().build(CLASS, Hook::build);
  }

  private static void build(ClassBuilder builder) {
    int constant = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
    int method = ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC;
    builder.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
    builder.withField(NEXT, COUNTER, constant);
    builder.withField("LOOKUP", ConstantDescs.CD_MethodHandles_Lookup, constant);
    builder.withField(ENTER, HANDLERS, constant);
    builder.withField(EXIT, HANDLERS, constant);
    MethodTypeDesc nothing = MethodTypeDesc.of(CD_void);
    builder.withMethodBody(
        CLASS_INIT_NAME,
        nothing,
        ClassFile.ACC_STATIC,
        code -> {
          code.new_(COUNTER).dup().invokespecial(COUNTER, "<init>", nothing);
          code.putstatic(CLASS, NEXT, COUNTER);
          code.invokestatic(METHOD_HANDLES, "lookup", LOOKUP_TYPE);
          code.putstatic(CLASS, "LOOKUP", ConstantDescs.CD_MethodHandles_Lookup);
          code.loadConstant(SLOTS).anewarray(HANDLER).putstatic(CLASS, ENTER, HANDLERS);
          code.loadConstant(SLOTS).anewarray(HANDLER).putstatic(CLASS, EXIT, HANDLERS);
          code.return_();
        });
    builder.withMethodBody("constant", CONSTANT_TYPE, method, Hook::constant);
    builder.withMethodBody("enter", ENTER_TYPE, method, Hook::enter);
    builder.withMethodBody("exit", EXIT_TYPE, method, Hook::exit);
  }

  private static void constant(CodeBuilder code) {
    Label other = code.newLabel();
    code.aload(0).instanceOf(CD_Enum).ifeq(other);
    code.aload(0).areturn();
    code.labelBinding(other).aconst_null().areturn();
  }

  private static void enter(CodeBuilder code) {
    Label from = code.newBoundLabel();
    Label absent = code.newLabel();
    code.getstatic(CLASS, ENTER, HANDLERS).iload(0).aaload().dup().ifnull(absent);
    code.iload(0).iload(1).invokeinterface(HANDLER, "applyAsInt", APPLY).ireturn();
    code.labelBinding(absent).pop().iconst_m1().ireturn();
    code.exceptionCatch(from, code.newBoundLabel(), code.newBoundLabel(), CD_Throwable);
    code.pop().iconst_m1().ireturn();
  }

  private static void exit(CodeBuilder code) {
    Label end = code.newLabel();
    code.iload(1).iflt(end);
    Label from = code.newBoundLabel();
    Label absent = code.newLabel();
    code.getstatic(CLASS, EXIT, HANDLERS).iload(0).aaload().dup().ifnull(absent);
    code.iload(1).iload(2).invokeinterface(HANDLER, "applyAsInt", APPLY).pop().return_();
    code.labelBinding(absent).pop().return_();
    code.exceptionCatch(from, code.newBoundLabel(), code.newBoundLabel(), CD_Throwable);
    code.pop().labelBinding(end).return_();
  }
}
