package org.pagewheel.probes.internal;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver.ClassHierarchyInfo;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.pagewheel.spi.WritableBuffer;

/**
 * Code that is put into the methods that a pattern means: all those of a class or, if the result
 * would not be sound, none.
 */
abstract class Insertion {
  /** Class files before Java 6 have no stack maps and may have subroutines. */
  private static final int OLDEST = ClassFile.JAVA_6_VERSION;

  /**
   * With the stack maps that are given. What classes are called means nothing to the verifier here:
   * what is put in does not change how they are related, and to ask about them would load them.
   */
  private static final ClassFile FILES =
      ClassFile.of(
          ClassFile.StackMapsOption.DROP_STACK_MAPS,
          ClassFile.DeadLabelsOption.DROP_DEAD_LABELS,
          ClassFile.ClassHierarchyResolverOption.of(name -> ClassHierarchyInfo.ofInterface()));

  private final int limit;
  private final LeftAlone left = new LeftAlone();

  /** Methods by class and loader. */
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  private final AtomicInteger total = new AtomicInteger();

  /** What the JVM has refused. */
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  private volatile boolean beyondLimit;

  Insertion(int limit) {
    this.limit = limit;
  }

  /** Whether it may mean methods of a class. */
  abstract boolean means(String className, boolean isOfJdk);

  /** Whether it means a method. */
  abstract boolean means(String className, MethodModel method);

  /** A class that is changed; the loader is null for the JDK's, the type while it is loaded. */
  record Target(String name, ClassLoader loader, Class<?> type) {
    /** The same for the same class, without holding it. */
    String key() {
      return name + "@" + System.identityHashCode(loader);
    }
  }

  /**
   * The change of a method that it means.
   *
   * @return null if it cannot have one, which is noted
   */
  abstract CodeTransform change(Target target, MethodModel method);

  /** Where its events go. */
  abstract WritableBuffer buffer();

  /** How often it was met, about. */
  abstract long calls();

  final LeftAlone left() {
    return left;
  }

  /** How many methods have it. */
  final int methods() {
    return total.get();
  }

  /** How many classes have such methods. */
  final int classes() {
    return counts.size();
  }

  /** Loads what changing a class needs: a class that is needed for that cannot be loaded then. */
  final void warmUp() {
    byte[] bytes = FILES.build(Hook.CLASS, builder -> builder.withFlags(ClassFile.ACC_PUBLIC));
    apply(new Target(" ", null, null), bytes);
  }

  /** Leaves a class alone from now on. */
  final void refuse(String className, String reason) {
    refused.add(className);
    left.add("classes that the JVM refused: " + reason, className);
  }

  /**
   * Refuses what means too much.
   *
   * @throws IllegalArgumentException if a class was left alone for the limit
   */
  final void checkLimit() {
    if (beyondLimit) {
      throw new IllegalArgumentException(
          "it means more than " + limit + " methods: a narrower pattern, or a higher limit=");
    }
  }

  /**
   * Changes a class.
   *
   * @return its new bytes, or null if it stays as it is
   */
  final byte[] apply(Target target, byte[] bytes) {
    if (refused.contains(target.name())) {
      return null;
    }
    try {
      return change(target, FILES.parse(bytes));
    } catch (IllegalArgumentException | IllegalStateException e) {
      left.add("classes that cannot be changed: " + e.getMessage(), target.name());
      return null;
    }
  }

  private byte[] change(Target target, ClassModel model) {
    String className = target.name();
    Map<MethodModel, CodeTransform> changes = new IdentityHashMap<>();
    for (MethodModel method : model.methods()) {
      if (isWanted(className, method)) {
        CodeTransform change = change(target, method);
        if (change != null) {
          changes.put(method, change);
        }
      }
    }
    int wanted = changes.size();
    if (wanted == 0) {
      return null;
    }
    if (model.majorVersion() < OLDEST) {
      left.add("classes compiled for a Java before 6", className);
      return null;
    }
    String key = target.key();
    if (total.get() - counts.getOrDefault(key, 0) + wanted > limit) {
      beyondLimit = true;
      left.add("classes beyond the limit of " + limit + " methods", className);
      return null;
    }
    byte[] changed =
        FILES.transformClass(
            model,
            (builder, element) -> {
              if (element instanceof MethodModel method && changes.containsKey(method)) {
                builder.transformMethod(
                    method, MethodTransform.transformingCode(changes.get(method)));
              } else {
                builder.with(element);
              }
            });
    var errors = FILES.verify(changed);
    if (!errors.isEmpty()) {
      String why = String.valueOf(errors.getFirst().getMessage()).lines().findFirst().orElse("");
      left.add("classes whose changed code would not be sound: " + why, className);
      return null;
    }
    Integer before = counts.put(key, wanted);
    total.addAndGet(wanted - (before == null ? 0 : before));
    return changed;
  }

  private boolean isWanted(String className, MethodModel method) {
    if (!means(className, method)) {
      return false;
    }
    int flags = method.flags().flagsMask();
    String name = className + "." + method.methodName().stringValue();
    if ((flags & ClassFile.ACC_NATIVE) != 0) {
      left.add("native methods", name);
      return false;
    }
    if ((flags & ClassFile.ACC_ABSTRACT) != 0) {
      left.add("abstract methods", name);
      return false;
    }
    return (flags & ClassFile.ACC_BRIDGE) == 0; // it only calls the method that is meant
  }
}
