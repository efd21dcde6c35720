package org.pagewheel.tck.injection;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Predicate;

/**
 * Defines classes anew, before its parent does, with a call of {@link FaultPoints#hit} before each
 * call and each allocation in them. Their static initialisers stay as they are.
 */
public final class InjectingLoader extends ClassLoader {
  private static final ClassDesc POINTS = FaultPoints.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc HIT =
      MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int);

  private final Predicate<String> mine;

  /**
   * Makes a loader.
   *
   * @param parent has the classes' bytes, and all other classes
   * @param mine says by its binary name whether a class is to be defined here
   */
  public InjectingLoader(ClassLoader parent, Predicate<String> mine) {
    super(parent);
    this.mine = mine;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null && mine.test(name)) {
        loaded = define(name);
      }
      return loaded == null ? super.loadClass(name, resolve) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = transform(in.readAllBytes(), getParent());
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /**
   * Puts the points into a class, for classes that are made at run time.
   *
   * @param bytes the class
   * @param loader finds the classes that it refers to
   * @return the class with points
   */
  public static byte[] transform(byte[] bytes, ClassLoader loader) {
    ClassHierarchyResolver hierarchy =
        ClassHierarchyResolver.ofResourceParsing(loader)
            .orElse(ClassHierarchyResolver.defaultResolver());
    ClassFile classes = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy));
    ClassModel model = classes.parse(bytes);
    String name = model.thisClass().asSymbol().displayName();
    ClassTransform points =
        (builder, element) -> {
          if (element instanceof MethodModel method
              && !method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)) {
            builder.transformMethod(
                method,
                (code, part) -> {
                  if (part instanceof CodeModel body) {
                    code.transformCode(body, new Points(name, method.methodName().stringValue()));
                  } else {
                    code.with(part);
                  }
                });
          } else {
            builder.with(element);
          }
        };
    return classes.transformClass(model, points);
  }

  /** The points of one method. */
  private static final class Points implements CodeTransform {
    private final String method;
    private int line;

    Points(String type, String method) {
      this.method = type + "." + method;
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
      if (element instanceof LineNumber number) {
        line = number.line();
      }
      String what = element instanceof Instruction instruction ? what(instruction) : null;
      if (what != null) {
        String where = method + ":" + line + " before " + what;
        int site = FaultPoints.add(where);
        code.loadConstant(site).invokestatic(POINTS, "hit", HIT);
      }
      code.with(element);
    }

    /** Null if nothing can be thrown here. */
    private static String what(Instruction instruction) {
      return switch (instruction) {
        case InvokeInstruction call ->
            call.owner().asSymbol().displayName() + "." + call.name().stringValue();
        case InvokeDynamicInstruction call -> "the lambda or text " + call.name().stringValue();
        case NewObjectInstruction made -> "new " + made.className().asSymbol().displayName();
        case NewPrimitiveArrayInstruction made -> "new " + made.typeKind() + "[]";
        case NewReferenceArrayInstruction made ->
            "new " + made.componentType().asSymbol().displayName() + "[]";
        case NewMultiArrayInstruction made -> "new " + made.arrayType().asSymbol().displayName();
        default -> null;
      };
    }
  }
}
