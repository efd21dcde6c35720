package org.pagewheel.shell.internal.command;

import java.io.IOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.RuntimeVisibleAnnotationsAttribute;
import java.lang.classfile.attribute.RuntimeVisibleParameterAnnotationsAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.apache.felix.service.command.Descriptor;

/**
 * A command whose name has a hyphen. Gogo calls the method of a command's name, and its help shows
 * the annotations of that method; Java's language knows no such names, but its class files do. So
 * the class with that one method is made here, once, when the shell starts:
 *
 * <pre>{@code
 * public final class Hyphen extends HyphenCommand {
 *   @Descriptor(description)
 *   public String page-size(@Descriptor(arguments) String... arguments) { return run(arguments); }
 * }
 * }</pre>
 */
public abstract class HyphenCommand {
  private static final ClassDesc SUPER = ClassDesc.of(HyphenCommand.class.getName());
  private static final ClassDesc TEXTS = ConstantDescs.CD_String.arrayType();
  private static final MethodTypeDesc RUN = MethodTypeDesc.of(ConstantDescs.CD_String, TEXTS);

  private Body body;

  /** For the class that is made. */
  protected HyphenCommand() {}

  /** What a command does. */
  @FunctionalInterface
  interface Body {
    String run(String... arguments) throws IOException;
  }

  /** The command as Gogo wants it. */
  static HyphenCommand of(String name, String description, String arguments, Body body) {
    try {
      var lookup = MethodHandles.lookup();
      Class<?> made =
          lookup.defineHiddenClass(bytes(name, description, arguments), true).lookupClass();
      HyphenCommand command = (HyphenCommand) made.getDeclaredConstructor().newInstance();
      command.body = body;
      return command;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no class for the command " + name, e);
    }
  }

  private static byte[] bytes(String name, String description, String arguments) {
    ClassDesc own = ClassDesc.of(HyphenCommand.class.getPackageName(), "Hyphen");
    return ClassFile.of()
        .build(
            own,
            type -> {
              type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL).withSuperclass(SUPER);
              type.withMethodBody(
                  ConstantDescs.INIT_NAME,
                  ConstantDescs.MTD_void,
                  ClassFile.ACC_PUBLIC,
                  code ->
                      code.aload(0)
                          .invokespecial(SUPER, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                          .return_());
              type.withMethod(
                  name,
                  RUN,
                  ClassFile.ACC_PUBLIC | ClassFile.ACC_VARARGS,
                  method ->
                      method
                          .with(RuntimeVisibleAnnotationsAttribute.of(descriptor(description)))
                          .with(
                              RuntimeVisibleParameterAnnotationsAttribute.of(
                                  List.of(List.of(descriptor(arguments)))))
                          .withCode(
                              code ->
                                  code.aload(0)
                                      .aload(1)
                                      .invokevirtual(SUPER, "run", RUN)
                                      .areturn()));
            });
  }

  private static Annotation descriptor(String text) {
    return Annotation.of(
        ClassDesc.of(Descriptor.class.getName()), AnnotationElement.ofString("value", text));
  }

  /**
   * Does it.
   *
   * @param arguments what the user typed
   * @return the result
   * @throws IOException if it could not be done
   */
  protected final String run(String... arguments) throws IOException {
    return body.run(arguments);
  }
}
