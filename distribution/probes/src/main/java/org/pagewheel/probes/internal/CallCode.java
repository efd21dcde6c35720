package org.pagewheel.probes.internal;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.ReturnInstruction;
import java.util.List;

/**
 * Puts two calls of {@link Hook} around a method's body:
 *
 * <pre>{@code
 * int token = Hook.enter(slot, method);
 * try {
 *   … the body, in which each return is
 *   Hook.exit(slot, token, method);
 *   return …;
 * } catch (Throwable e) {
 *   Hook.exit(slot, token, method);
 *   throw e;
 * }
 * }</pre>
 */
final class CallCode extends BodyCode {
  private final int slot;
  private final int method;

  private CallCode(MethodModel model, int slot, int method) {
    super(model);
    this.slot = slot;
    this.method = method;
  }

  /** For a method with code. */
  static CodeTransform around(MethodModel model, int slot, int method) {
    return CodeTransform.ofStateful(() -> new CallCode(model, slot, method));
  }

  @Override
  List<VerificationTypeInfo> variables() {
    return List.of(SimpleVerificationTypeInfo.INTEGER);
  }

  @Override
  void enter(CodeBuilder code) {
    code.loadConstant(slot).loadConstant(method);
    code.invokestatic(Hook.CLASS, "enter", Hook.ENTER_TYPE).istore(top());
  }

  @Override
  boolean watchesEnd() {
    return true;
  }

  @Override
  void leave(CodeBuilder code, ReturnInstruction element) {
    fail(code);
  }

  @Override
  void fail(CodeBuilder code) {
    code.loadConstant(slot).iload(top()).loadConstant(method);
    code.invokestatic(Hook.CLASS, "exit", Hook.EXIT_TYPE);
  }
}
