package org.pagewheel.probes.internal;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.attribute.LocalVariableTableAttribute;
import java.lang.classfile.attribute.MethodParameterInfo;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a probe takes of one method: variables that it begins with, and the values found from them.
 *
 * @param roots the variables
 * @param values what is recorded
 * @param result the type of the method's result; {@code void} if it is not asked for
 */
record MethodPlan(List<Root> roots, List<Value> values, ClassDesc result) {
  /**
   * {@code this} or a parameter.
   *
   * @param isHint whether nobody has asked for it: an object counts only if it is an enum constant
   */
  record Root(int slot, ClassDesc type, boolean isHint) {
    Root(int slot, ClassDesc type) {
      this(slot, type, false);
    }

    Root hinted() {
      return new Root(slot, type, true);
    }

    /** Whether it need not be kept unless it is an enum constant. */
    boolean isOnlyEnum() {
      return isHint && !type.isPrimitive() && !type.equals(ConstantDescs.CD_String);
    }
  }

  /**
   * A root, or a field that is found from it; optional ones are left out if they cannot be held.
   */
  record Value(String name, int root, List<String> path, boolean isOptional) {}

  /**
   * Plans.
   *
   * @throws IllegalArgumentException if the method has no such argument
   */
  static MethodPlan of(
      ClassDesc owner, MethodModel method, Optional<List<String>> wanted, boolean onReturn) {
    Map<String, Root> known = variables(owner, method);
    List<Root> roots = new ArrayList<>();
    List<Value> values = new ArrayList<>();
    List<String> names =
        wanted.orElse(known.keySet().stream().filter(name -> !name.equals("this")).toList());
    for (String name : names) {
      List<String> parts = Arrays.asList(name.split("\\.", -1));
      Root root = known.get(parts.getFirst());
      if (root == null) {
        throw new IllegalArgumentException(
            "no argument " + parts.getFirst() + ": it has " + String.join(", ", known.keySet()));
      }
      if (wanted.isEmpty()) {
        if (root.type().isArray()) {
          continue; // an event cannot hold it
        }
        root = root.hinted();
      }
      if (!roots.contains(root)) {
        roots.add(root);
      }
      values.add(
          new Value(name, roots.indexOf(root), parts.subList(1, parts.size()), wanted.isEmpty()));
    }
    ClassDesc result = method.methodTypeSymbol().returnType();
    return new MethodPlan(
        List.copyOf(roots), List.copyOf(values), onReturn ? result : ConstantDescs.CD_void);
  }

  /** The names are those of the debugger's table, or of the compiler's, or numbers. */
  private static Map<String, Root> variables(ClassDesc owner, MethodModel method) {
    Map<String, Root> variables = new LinkedHashMap<>();
    int slot = 0;
    if ((method.flags().flagsMask() & ClassFile.ACC_STATIC) == 0) {
      variables.put("this", new Root(slot++, owner));
    }
    List<ClassDesc> types = method.methodTypeSymbol().parameterList();
    List<MethodParameterInfo> parameters =
        method
            .findAttribute(Attributes.methodParameters())
            .map(attribute -> attribute.parameters())
            .orElse(List.of());
    for (int i = 0; i < types.size(); i++) {
      String name = debugName(method, slot);
      if (name == null && parameters.size() == types.size()) {
        name = parameters.get(i).name().map(utf8 -> utf8.stringValue()).orElse(null);
      }
      variables.putIfAbsent(name == null ? "arg" + i : name, new Root(slot, types.get(i)));
      slot += TypeKind.from(types.get(i)).slotSize();
    }
    return variables;
  }

  private static String debugName(MethodModel method, int slot) {
    CodeAttribute code = method.findAttribute(Attributes.code()).orElseThrow();
    Optional<LocalVariableTableAttribute> table =
        code.findAttribute(Attributes.localVariableTable());
    // An argument is the first in its slot; not from byte 0 on where another probe is in already.
    return table.stream()
        .flatMap(all -> all.localVariables().stream())
        .filter(variable -> variable.slot() == slot)
        .min(Comparator.comparingInt(LocalVariableInfo::startPc))
        .map(variable -> variable.name().stringValue())
        .orElse(null);
  }

  /** Whether the method is of a signature; types are given by whole or by simple names. */
  static boolean hasSignature(MethodModel method, List<String> signature) {
    List<ClassDesc> types = method.methodTypeSymbol().parameterList();
    if (types.size() != signature.size()) {
      return false;
    }
    for (int i = 0; i < types.size(); i++) {
      String simple = types.get(i).displayName();
      String whole = wholeName(types.get(i));
      if (!signature.get(i).equals(simple) && !signature.get(i).equals(whole)) {
        return false;
      }
    }
    return true;
  }

  private static String wholeName(ClassDesc type) {
    return type.isPrimitive() || type.isArray() || type.packageName().isEmpty()
        ? type.displayName()
        : type.packageName() + "." + type.displayName();
  }
}
