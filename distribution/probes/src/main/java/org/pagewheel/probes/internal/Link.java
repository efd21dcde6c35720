package org.pagewheel.probes.internal;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.pagewheel.probes.internal.Insertion.Target;

/**
 * One method with a probe: its code calls a slot of a bridge, in which its handler is.
 *
 * <p>Nothing that lives as long as the probe holds the method's class. A handler that reads fields
 * holds their classes, so it is kept by the method's class alone: as long as there is code that can
 * call it.
 */
final class Link implements IntConsumer {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** Handlers that are kept by the class whose calls they receive. */
  private static final ClassValue<Map<Link, Object>> KEPT =
      new ClassValue<>() {
        @Override
        protected Map<Link, Object> computeValue(Class<?> type) {
          return new HashMap<>(); // guarded by KEPT
        }
      };

  private final Probe probe;
  private final String className;
  private final WeakReference<Class<?>> type;
  private final WeakReference<ClassLoader> loader;
  private final String name;
  private final String shown;
  private final MethodPlan plan;
  private final Bridge bridge;
  private final int slot;
  private final long[] counts = new long[Handlers.COUNTS];
  private volatile boolean refused;
  private volatile boolean linked;
  private boolean released;
  private WeakReference<Class<?>> keeper;

  /**
   * Takes a slot.
   *
   * @param shown what the event says of the method; empty if nothing
   * @param plan null if the method cannot have a probe
   */
  Link(Probe probe, Target target, String name, String shown, MethodPlan plan, Bridge bridge) {
    this.probe = probe;
    this.className = target.name();
    this.type = new WeakReference<>(target.type());
    this.loader = target.loader() == null ? null : new WeakReference<>(target.loader());
    this.name = name;
    this.shown = shown;
    this.plan = plan;
    this.bridge = bridge;
    refused = plan == null;
    slot = refused ? -1 : bridge.allocate(this);
  }

  String name() {
    return name;
  }

  String shown() {
    return shown;
  }

  MethodPlan plan() {
    return plan;
  }

  Bridge bridge() {
    return bridge;
  }

  int slot() {
    return slot;
  }

  long[] counts() {
    return counts;
  }

  /** The class, if it was loaded when the probe was made. */
  Class<?> type() {
    return type.get();
  }

  /** Whether the class is no more. */
  boolean isGone() {
    return loader != null && loader.get() == null;
  }

  boolean isRefused() {
    return refused;
  }

  boolean isLinked() {
    return linked;
  }

  void refuse() {
    refused = true;
  }

  /**
   * Hands calls on to a handler.
   *
   * @param keeper the class that is to keep it; null if it holds no class that may go
   */
  void set(Object handler, Class<?> keeper) {
    if (keeper == null) {
      bridge.set(slot, handler);
    } else {
      synchronized (KEPT) {
        KEPT.get(keeper).put(this, handler);
      }
      this.keeper = new WeakReference<>(keeper);
      bridge.setWeakly(slot, handler);
    }
    linked = true;
  }

  /** The first call of a class that was loaded after the probe was made, on its thread. */
  @Override
  public void accept(int called) {
    if (called == slot && !refused) {
      probe.linkLate(this);
    }
  }

  /** The class, from among those whose methods the thread is in. */
  Optional<Class<?>> caller() {
    return WALKER.walk(
        frames ->
            frames
                .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                .filter(each -> each.getName().equals(className))
                .findFirst());
  }

  /** Its slot may be another's. */
  synchronized void release() {
    if (slot < 0 || released) {
      return;
    }
    released = true;
    bridge.release(slot);
    Class<?> kept = keeper == null ? null : keeper.get();
    if (kept != null) {
      synchronized (KEPT) {
        Map<Link, Object> handlers = KEPT.get(kept);
        handlers.remove(this);
        if (handlers.isEmpty()) {
          KEPT.remove(kept);
        }
      }
    }
  }
}
