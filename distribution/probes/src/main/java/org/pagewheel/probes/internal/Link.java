package org.pagewheel.probes.internal;

import java.lang.ref.WeakReference;
import org.pagewheel.probes.internal.Insertion.Target;

/** One method with a probe: its code calls a slot of a bridge, in which its handler is. */
final class Link implements Runnable {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final Probe probe;
  private final String className;
  private final WeakReference<Class<?>> type;
  private final String name;
  private final String shown;
  private final MethodPlan plan;
  private final Bridge bridge;
  private final int slot;
  private final long[] hits = new long[1];
  private volatile boolean refused;
  private volatile boolean linked;
  private boolean released;

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

  long[] hitsArray() {
    return hits;
  }

  long hits() {
    return Math.max(0, hits[0]);
  }

  /** The class, if it was loaded when the probe was made. */
  Class<?> type() {
    return type.get();
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

  void set(Object handler) {
    bridge.set(slot, handler);
    linked = true;
  }

  /** The first call of a class that was loaded after the probe was made, on its thread. */
  @Override
  public void run() {
    if (!refused) {
      WALKER
          .walk(
              frames ->
                  frames
                      .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
                      .filter(each -> each.getName().equals(className))
                      .findFirst())
          .ifPresent(found -> probe.linkLate(this, found));
    }
  }

  /** Its slot may be another's. */
  synchronized void release() {
    if (slot >= 0 && !released) {
      released = true;
      bridge.release(slot);
    }
  }
}
