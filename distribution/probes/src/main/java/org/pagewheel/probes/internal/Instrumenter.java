package org.pagewheel.probes.internal;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pagewheel.probes.internal.Insertion.Target;
import org.pagewheel.spi.Reason;

/**
 * Puts insertions into classes, those that are loaded and those to come, and takes them out again.
 *
 * <p>The JVM keeps a class's bytes as they were loaded, and each retransformation begins with them:
 * so what is put in is all that there is at the time, and without any it is the very bytes again.
 * {@link #transform} runs on threads of the application, in the midst of loading: it takes no lock,
 * and nothing comes out of it.
 */
final class Instrumenter implements ClassFileTransformer {
  /** How many classes are changed at once: the JVM stops all threads meanwhile. */
  private static final int BATCH = 64;

  private static final ClassLoader PLATFORM = ClassLoader.getPlatformClassLoader();

  private final Instrumentation instrumentation;
  private final List<Insertion> insertions = new CopyOnWriteArrayList<>();
  private boolean registered;

  Instrumenter(Instrumentation instrumentation) {
    if (!instrumentation.isRetransformClassesSupported()) {
      throw new IllegalStateException(
          "this JVM cannot change classes: Can-Retransform-Classes is not in the agent's manifest");
    }
    this.instrumentation = instrumentation;
  }

  /**
   * Puts an insertion in. If that is refused, nothing of it is left.
   *
   * @throws IllegalArgumentException if it means too many methods
   */
  synchronized void add(Insertion insertion) {
    insertion.warmUp(); // a class that is needed to transform one cannot be transformed meanwhile
    if (!registered) {
      instrumentation.addTransformer(this, true);
      registered = true;
    }
    insertions.add(insertion);
    try {
      retransform(insertion, true);
    } catch (RuntimeException | Error e) {
      remove(insertion);
      throw e;
    }
  }

  /** Changes classes anew, of which an insertion leaves some methods out by now. */
  synchronized void again(Insertion insertion, Collection<Class<?>> classes) {
    if (!classes.isEmpty()) {
      retransform(insertion, List.copyOf(classes));
    }
  }

  /** Takes an insertion out of all classes. Does nothing the second time. */
  synchronized void remove(Insertion insertion) {
    if (!insertions.remove(insertion)) {
      return;
    }
    retransform(insertion, false);
    if (insertions.isEmpty()) {
      instrumentation.removeTransformer(this);
      registered = false;
    }
  }

  private void retransform(Insertion insertion, boolean adding) {
    List<Class<?>> classes = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (!type.isArray()
          && !type.isPrimitive()
          && insertion.means(type.getName(), isOfJdk(type))) {
        if (type.isHidden()) {
          insertion.left().add("hidden classes", type.getName());
        } else if (!instrumentation.isModifiableClass(type)) {
          insertion.left().add("classes that the JVM does not let change", type.getName());
        } else {
          classes.add(type);
        }
      }
    }
    for (int from = 0; from < classes.size(); from += BATCH) {
      retransform(insertion, classes.subList(from, Math.min(from + BATCH, classes.size())));
      if (adding) {
        insertion.checkLimit();
      }
    }
  }

  private void retransform(Insertion insertion, List<Class<?>> classes) {
    try {
      instrumentation.retransformClasses(classes.toArray(Class<?>[]::new));
    } catch (UnmodifiableClassException | RuntimeException | LinkageError | InternalError e) {
      if (classes.size() == 1) {
        String name = classes.getFirst().getName();
        insertion.refuse(name, String.valueOf(e.getMessage()));
        return;
      }
      for (Class<?> type : classes) {
        retransform(insertion, List.of(type));
      }
    }
  }

  private static boolean isOfJdk(Class<?> type) {
    return isOfJdk(type.getClassLoader());
  }

  private static boolean isOfJdk(ClassLoader loader) {
    return loader == null || loader == PLATFORM;
  }

  @Override
  public byte[] transform(
      Module module,
      ClassLoader loader,
      String name,
      Class<?> type,
      ProtectionDomain domain,
      byte[] bytes) {
    if (name == null || insertions.isEmpty()) {
      return null;
    }
    String className = name.replace('/', '.');
    byte[] result = null;
    for (Insertion insertion : insertions) {
      byte[] changed = changed(insertion, className, loader, type, result == null ? bytes : result);
      result = changed == null ? result : changed;
    }
    return result;
  }

  /** What one insertion makes of a class; null if it leaves it alone. */
  private static byte[] changed(
      Insertion insertion, String className, ClassLoader loader, Class<?> type, byte[] bytes) {
    try {
      return insertion.means(className, isOfJdk(loader))
          ? insertion.apply(new Target(className, loader, type), bytes)
          : null;
    } catch (RuntimeException | LinkageError e) {
      insertion.left().add("classes that cannot be changed: " + Reason.of(e), className);
      return null;
    } catch (Throwable e) { // of a full stack or heap
      return null;
    }
  }
}
