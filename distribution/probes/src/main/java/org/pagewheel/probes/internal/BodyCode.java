package org.pagewheel.probes.internal;

import java.lang.classfile.Attributes;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Instruction;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts code around a method's body: before it, before each return, and where something is thrown
 * out of it.
 *
 * <p>The stack map is the old one, to which the new variables and the handler are added. To make it
 * anew would ask for classes of the application that may not be there.
 *
 * <p>A constructor begins when its {@code super(…)} or {@code this(…)} has returned: the JVM lets
 * no handler be around that, and a call whose end is missed would be worse than one that seems
 * short.
 */
abstract class BodyCode implements CodeTransform {
  /** The first variable that the method does not use. */
  private final int top;

  private final StackMapTableAttribute frames;

  /** How many objects that were made wait for their constructors to be called. */
  private int uninitialized;

  /** Whether {@code super(…)} or {@code this(…)} has been called, if there is one. */
  private boolean entered;

  /** Where the part of the body begins that the handler covers; null if it is empty so far. */
  private Label begin;

  private Label begun;
  private final List<Label[]> covered = new ArrayList<>();

  /** For one pass over the code, which may be repeated with a new instance. */
  BodyCode(MethodModel model) {
    CodeAttribute code = model.findAttribute(Attributes.code()).orElseThrow();
    this.top = code.maxLocals();
    this.frames = code.findAttribute(Attributes.stackMapTable()).orElse(null);
    this.entered = !model.methodName().equalsString(ConstantDescs.INIT_NAME);
  }

  /** The first variable that the method does not use. */
  final int top() {
    return top;
  }

  /** The new variables that {@link #enter} sets, from {@link #top} on. */
  abstract List<VerificationTypeInfo> variables();

  /** Code before the body. */
  abstract void enter(CodeBuilder code);

  /** Whether {@link #leave} and {@link #fail} have something to do. */
  abstract boolean watchesEnd();

  /** Code before a return, whose value is on the stack. */
  abstract void leave(CodeBuilder code, ReturnInstruction element);

  /** Code before what was thrown, which is on the stack, is thrown on. */
  abstract void fail(CodeBuilder code);

  @Override
  public void atStart(CodeBuilder code) {
    if (entered) {
      begin(code);
    }
  }

  private void begin(CodeBuilder code) {
    enter(code);
    begun = code.newBoundLabel();
  }

  @Override
  public void accept(CodeBuilder code, CodeElement element) {
    if (!entered) {
      code.with(element);
      if (isSuper(element)) {
        entered = true;
        begin(code);
      }
    } else if (watchesEnd() && element instanceof ReturnInstruction end) {
      endCovered(code);
      leave(code, end);
      code.with(element);
      begun = code.newBoundLabel();
    } else {
      code.with(element);
      begin = element instanceof Instruction ? begun : begin;
    }
  }

  /** The first constructor called for none of the objects made before is that of {@code this}. */
  private boolean isSuper(CodeElement element) {
    if (element instanceof NewObjectInstruction) {
      uninitialized++;
    }
    return element instanceof InvokeInstruction invoke
        && invoke.opcode() == Opcode.INVOKESPECIAL
        && invoke.name().equalsString(ConstantDescs.INIT_NAME)
        && uninitialized-- == 0;
  }

  private void endCovered(CodeBuilder code) {
    if (begin != null) {
      covered.add(new Label[] {begin, code.newBoundLabel()});
      begin = null;
    }
  }

  @Override
  public void atEnd(CodeBuilder code) {
    if (!entered) {
      throw new IllegalArgumentException("a constructor that calls no other");
    }
    endCovered(code);
    List<StackMapFrameInfo> all = new ArrayList<>();
    if (watchesEnd() && !covered.isEmpty()) {
      Label handler = code.newBoundLabel();
      all.add(StackMapFrameInfo.of(handler, with(new ArrayList<>()), List.of(throwable())));
      fail(code);
      code.athrow();
      for (Label[] part : covered) {
        code.exceptionCatchAll(part[0], part[1], handler);
      }
    }
    if (frames != null) {
      frames.entries().forEach(frame -> all.add(with(frame)));
    }
    if (!all.isEmpty()) {
      code.with(StackMapTableAttribute.of(all));
    }
  }

  private static VerificationTypeInfo throwable() {
    return StackMapFrameInfo.ObjectVerificationTypeInfo.of(ConstantDescs.CD_Throwable);
  }

  private StackMapFrameInfo with(StackMapFrameInfo frame) {
    if (frame.locals().contains(SimpleVerificationTypeInfo.UNINITIALIZED_THIS)) {
      return frame; // before super(…)
    }
    return StackMapFrameInfo.of(
        frame.target(), with(new ArrayList<>(frame.locals())), frame.stack());
  }

  /** Adds the new variables, behind as many unused ones as there are between. */
  private List<VerificationTypeInfo> with(List<VerificationTypeInfo> locals) {
    if (variables().isEmpty()) {
      return locals;
    }
    int slots = 0;
    for (VerificationTypeInfo local : locals) {
      slots +=
          local == SimpleVerificationTypeInfo.LONG || local == SimpleVerificationTypeInfo.DOUBLE
              ? 2
              : 1;
    }
    for (; slots < top; slots++) {
      locals.add(SimpleVerificationTypeInfo.TOP);
    }
    locals.addAll(variables());
    return locals;
  }
}
