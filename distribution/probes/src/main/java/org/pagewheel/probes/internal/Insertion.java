package org.pagewheel.probes.internal;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver.ClassHierarchyInfo;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.ref.WeakReference;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.pagewheel.spi.Reason;
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

  /** What HotSpot's {@code HugeMethodLimit} is: a longer method is never compiled. */
  private static final int LONGEST_COMPILED = 8_000;

  /** How many methods of a class are changed; the loader is null for the JDK's. */
  private record Changed(int methods, WeakReference<ClassLoader> loader) {
    boolean isGone() {
      return loader != null && loader.get() == null;
    }
  }

  private final int limit;
  private final LeftAlone left = new LeftAlone();

  /** By class and loader. */
  private final Map<String, Changed> counts = new ConcurrentHashMap<>();

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

  /** How long stacks have taken. */
  long stackNanos() {
    return 0;
  }

  /** Why it can go on no longer; null if it can. */
  String fault() {
    return buffer().isClosed() ? "its buffer is closed" : null;
  }

  /** Lets go of what was for classes that are no more. */
  void prune() {
    counts.forEach(
        (key, changed) -> {
          if (changed.isGone() && counts.remove(key, changed)) {
            total.addAndGet(-changed.methods);
          }
        });
  }

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
    Map<MethodModel, CodeTransform> changes = new IdentityHashMap<>();
    for (MethodModel method : model.methods()) {
      if (isWanted(target.name(), method)) {
        CodeTransform change = changeOrLeave(target, method);
        if (change != null) {
          changes.put(method, change);
        }
      }
    }
    byte[] changed = changed(target, model, changes);
    count(target, changed == null ? 0 : changes.size());
    return changed;
  }

  /** Leaves out of the changes what cannot be; null if nothing is changed. */
  private byte[] changed(Target target, ClassModel model, Map<MethodModel, CodeTransform> changes) {
    if (changes.isEmpty()) {
      return null;
    }
    String className = target.name();
    if (model.majorVersion() < OLDEST) {
      left.add("classes compiled for a Java before 6", className);
      return null;
    }
    byte[] changed = transformed(className, model, changes);
    if (leaveLong(className, model, changed, changes)) {
      changed = transformed(className, model, changes);
    }
    if (changes.isEmpty()) {
      return null;
    }
    if (isBeyondLimit(target, changes.size())) {
      beyondLimit = true;
      left.add("classes beyond the limit of " + limit + " methods", className);
      return null;
    }
    var errors = FILES.verify(changed);
    if (!errors.isEmpty()) {
      String why = String.valueOf(errors.getFirst().getMessage()).lines().findFirst().orElse("");
      left.add("classes whose changed code would not be sound: " + why, className);
      return null;
    }
    return changed;
  }

  private CodeTransform changeOrLeave(Target target, MethodModel method) {
    try {
      return change(target, method);
    } catch (RuntimeException | LinkageError e) {
      leave(target.name(), method, e);
      return null;
    }
  }

  private void leave(String className, MethodModel method, Throwable e) {
    String why = e instanceof IllegalArgumentException ? e.getMessage() : Reason.of(e);
    left.add("methods that cannot be changed: " + why, name(className, method));
  }

  /** With the changes; those that fail are left out. */
  private byte[] transformed(
      String className, ClassModel model, Map<MethodModel, CodeTransform> changes) {
    try {
      return transformed(model, changes);
    } catch (RuntimeException | LinkageError e) {
      for (MethodModel method : List.copyOf(changes.keySet())) {
        try {
          transformed(model, Map.of(method, changes.get(method)));
        } catch (RuntimeException | LinkageError its) {
          leave(className, method, its);
          changes.remove(method);
        }
      }
      return transformed(model, changes);
    }
  }

  private static byte[] transformed(ClassModel model, Map<MethodModel, CodeTransform> changes) {
    return FILES.transformClass(
        model,
        (builder, element) -> {
          if (element instanceof MethodModel method && changes.containsKey(method)) {
            builder.transformMethod(method, MethodTransform.transformingCode(changes.get(method)));
          } else {
            builder.with(element);
          }
        });
  }

  /**
   * Leaves out the methods that only the change makes so long that they would be slow for ever.
   *
   * @return whether there are any
   */
  private boolean leaveLong(
      String className, ClassModel model, byte[] changed, Map<MethodModel, CodeTransform> changes) {
    List<MethodModel> before = model.methods();
    List<MethodModel> after = FILES.parse(changed).methods();
    int wanted = changes.size();
    for (int i = 0; i < before.size(); i++) {
      MethodModel method = before.get(i);
      if (changes.containsKey(method)
          && codeLength(method) <= LONGEST_COMPILED
          && codeLength(after.get(i)) > LONGEST_COMPILED) {
        left.add(
            "methods that would be longer than the %,d bytes that the JVM compiles"
                .formatted(LONGEST_COMPILED),
            name(className, method));
        changes.remove(method);
      }
    }
    return changes.size() < wanted;
  }

  private static int codeLength(MethodModel method) {
    return method.findAttribute(Attributes.code()).orElseThrow().codeLength();
  }

  private boolean isBeyondLimit(Target target, int wanted) {
    if (total.get() - before(target) + wanted <= limit) {
      return false;
    }
    prune();
    return total.get() - before(target) + wanted > limit;
  }

  private int before(Target target) {
    Changed before = counts.get(target.key());
    return before == null ? 0 : before.methods;
  }

  private void count(Target target, int methods) {
    ClassLoader loader = target.loader();
    Changed before =
        methods == 0
            ? counts.remove(target.key())
            : counts.put(
                target.key(),
                new Changed(methods, loader == null ? null : new WeakReference<>(loader)));
    total.addAndGet(methods - (before == null ? 0 : before.methods));
  }

  private static String name(String className, MethodModel method) {
    return className + "." + method.methodName().stringValue();
  }

  private boolean isWanted(String className, MethodModel method) {
    if (!means(className, method)) {
      return false;
    }
    int flags = method.flags().flagsMask();
    String name = name(className, method);
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
