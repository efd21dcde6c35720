package org.pagewheel.probes.internal;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.StackMapFrameInfo.ObjectVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a call of a {@link Bridge} before a method's body, or, to see its end, takes the time and
 * keeps the arguments, which the body may change, and puts a call at each end:
 *
 * <pre>{@code
 * long began = System.nanoTime();
 * long id1 = id;
 * try {
 *   … the body, in which each return is
 *   Call_JJIL.call(slot, id1, began, result, null);
 *   return result;
 * } catch (Throwable e) {
 *   Call_JJIL.call(slot, id1, began, 0, e);
 *   throw e;
 * }
 * }</pre>
 */
final class ProbeCode extends BodyCode {
  private static final ClassDesc SYSTEM = ClassDesc.of("java.lang.System");

  private final MethodPlan plan;
  private final Bridge bridge;
  private final int slot;
  private final boolean onReturn;

  private ProbeCode(MethodModel model, MethodPlan plan, Bridge bridge, int slot, boolean onReturn) {
    super(model);
    this.plan = plan;
    this.bridge = bridge;
    this.slot = slot;
    this.onReturn = onReturn;
  }

  /** For a method with code. */
  static CodeTransform of(
      MethodModel model, MethodPlan plan, Bridge bridge, int slot, boolean onReturn) {
    return CodeTransform.ofStateful(() -> new ProbeCode(model, plan, bridge, slot, onReturn));
  }

  /** What goes over the bridge: the roots and, of a return, its time, result and exception. */
  static List<ClassDesc> types(MethodPlan plan, boolean onReturn) {
    List<ClassDesc> types = new ArrayList<>();
    plan.roots().forEach(root -> types.add(Bridge.erased(root.type())));
    if (onReturn) {
      types.add(ConstantDescs.CD_long);
      if (!plan.result().equals(ConstantDescs.CD_void)) {
        types.add(Bridge.erased(plan.result()));
      }
      types.add(ConstantDescs.CD_Object);
    }
    return types;
  }

  @Override
  List<VerificationTypeInfo> variables() {
    List<VerificationTypeInfo> variables = new ArrayList<>();
    if (onReturn) {
      variables.add(SimpleVerificationTypeInfo.LONG);
      for (MethodPlan.Root root : plan.roots()) {
        variables.add(
            switch (TypeKind.from(root.type()).asLoadable()) {
              case INT -> SimpleVerificationTypeInfo.INTEGER;
              case LONG -> SimpleVerificationTypeInfo.LONG;
              case FLOAT -> SimpleVerificationTypeInfo.FLOAT;
              case DOUBLE -> SimpleVerificationTypeInfo.DOUBLE;
              default ->
                  ObjectVerificationTypeInfo.of(
                      root.isOnlyEnum() ? ConstantDescs.CD_Object : root.type());
            });
      }
    }
    return variables;
  }

  @Override
  void enter(CodeBuilder code) {
    if (!onReturn) {
      code.loadConstant(slot);
      plan.roots().forEach(root -> code.loadLocal(TypeKind.from(root.type()), root.slot()));
      code.invokestatic(bridge.name(), "call", bridge.onType());
      return;
    }
    int at = top() + TypeKind.LONG.slotSize();
    for (MethodPlan.Root root : plan.roots()) {
      TypeKind kind = TypeKind.from(root.type());
      code.loadLocal(kind, root.slot());
      if (root.isOnlyEnum()) { // else the call would keep it alive for nothing
        code.invokestatic(Hook.CLASS, "constant", Hook.CONSTANT_TYPE);
      }
      code.storeLocal(kind, at);
      at += kind.slotSize();
    }
    code.invokestatic(SYSTEM, "nanoTime", MethodTypeDesc.of(ConstantDescs.CD_long));
    code.lstore(top());
  }

  @Override
  boolean watchesEnd() {
    return onReturn;
  }

  @Override
  void leave(CodeBuilder code, ReturnInstruction end) {
    TypeKind kind = end.typeKind();
    int result = behind();
    if (kind != TypeKind.VOID) {
      code.storeLocal(kind, result);
    }
    arguments(code);
    if (kind != TypeKind.VOID) {
      code.loadLocal(kind, result);
    }
    code.aconst_null().invokestatic(bridge.name(), "call", bridge.onType());
    if (kind != TypeKind.VOID) {
      code.loadLocal(kind, result);
    }
  }

  @Override
  void fail(CodeBuilder code) {
    int thrown = behind();
    code.astore(thrown);
    arguments(code);
    switch (TypeKind.from(plan.result()).asLoadable()) {
      case VOID -> {}
      case INT -> code.iconst_0();
      case LONG -> code.lconst_0();
      case FLOAT -> code.fconst_0();
      case DOUBLE -> code.dconst_0();
      default -> code.aconst_null();
    }
    code.aload(thrown).invokestatic(bridge.name(), "call", bridge.onType());
    code.aload(thrown);
  }

  private void arguments(CodeBuilder code) {
    code.loadConstant(slot);
    int at = top() + TypeKind.LONG.slotSize();
    for (MethodPlan.Root root : plan.roots()) {
      TypeKind kind = TypeKind.from(root.type());
      code.loadLocal(kind, at);
      at += kind.slotSize();
    }
    code.lload(top());
  }

  /** The first variable behind those that are kept. */
  private int behind() {
    int at = top() + TypeKind.LONG.slotSize();
    for (MethodPlan.Root root : plan.roots()) {
      at += TypeKind.from(root.type()).slotSize();
    }
    return at;
  }
}
