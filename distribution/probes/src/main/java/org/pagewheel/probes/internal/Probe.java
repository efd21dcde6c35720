package org.pagewheel.probes.internal;

import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import org.pagewheel.event.EventFilter;
import org.pagewheel.probes.ProbeOptions;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Stacks;
import org.pagewheel.spi.WritableBuffer;

/**
 * A probe: an event at each entry or return of the methods that a pattern means.
 *
 * <p>What a method's code calls is known from its bytes alone. What receives the call, and the
 * event type, need the classes of its arguments: they are made with the probe where the method's
 * class is loaded, else at the first call. The first of them says what the event is like; a method
 * whose values are of other types is left alone.
 */
final class Probe extends Insertion {
  private final ProbeOptions options;
  private final MethodPattern pattern;
  private final WritableBuffer buffer;
  private final Opening opening;
  private final String event;
  private final EventFilter filter;
  private final boolean onReturn;

  /** By class, loader and method, so that a class that is changed again has what it had. */
  private final Map<String, Link> links = new ConcurrentHashMap<>();

  /** What those links have counted whose classes are no more. */
  private final AtomicLongArray gone = new AtomicLongArray(Handlers.COUNTS);

  /** Held while a link is made; a thread of the application never waits for it. */
  private final ReentrantLock linking = new ReentrantLock();

  /** Guarded by {@link #linking}. */
  private Definition definition;

  /** Guarded by {@link #linking}; null if there is no condition. */
  private MethodHandle check;

  private volatile boolean ended;

  Probe(WritableBuffer buffer, ProbeOptions options, Opening opening) {
    super(options.limit());
    this.buffer = buffer;
    this.options = options;
    this.opening = opening;
    pattern = MethodPattern.of(options.pattern());
    Untouchable.check(pattern);
    event = EventNames.event(options);
    filter =
        options
            .condition()
            .map(text -> EventFilter.of(text).renamed(EventNames::conditionField))
            .orElse(null);
    onReturn = options.onReturn();
    if (options.stack()) {
      Stacks.define();
    }
  }

  @Override
  WritableBuffer buffer() {
    return buffer;
  }

  ProbeOptions options() {
    return options;
  }

  String event() {
    return event;
  }

  @Override
  long calls() {
    return count(Handlers.HITS) + count(Handlers.SHORT);
  }

  @Override
  long stackNanos() {
    return count(Handlers.STACK_NANOS);
  }

  /** How often it was met, those calls left out that did not last. */
  long hits() {
    return count(Handlers.HITS);
  }

  private long count(int which) {
    return gone.get(which)
        + links.values().stream().mapToLong(link -> Math.max(0, link.counts()[which])).sum();
  }

  @Override
  boolean means(String className, boolean isOfJdk) {
    return pattern.mayMatchIn(className) && Untouchable.allows(pattern, className, isOfJdk);
  }

  @Override
  boolean means(String className, MethodModel method) {
    return pattern.matches(className, method.methodName().stringValue())
        && (options.signature().isEmpty()
            || MethodPlan.hasSignature(method, options.signature().get()));
  }

  @Override
  CodeTransform change(Target target, MethodModel method) {
    String key = target.key() + "." + method.methodName() + method.methodType();
    Link link = links.get(key);
    if (link == null) { // nothing is locked meanwhile, for making it may load classes
      Link made = link(target, method);
      link = links.putIfAbsent(key, made);
      if (link == null) {
        link = made;
      } else {
        made.release();
      }
    }
    if (link.isRefused()) {
      return null;
    }
    return ProbeCode.of(method, link.plan(), link.bridge(), link.slot(), onReturn);
  }

  private Link link(Target target, MethodModel method) {
    String name = target.name() + "." + method.methodName().stringValue();
    try {
      ClassDesc owner = ClassDesc.of(target.name());
      MethodPlan plan = MethodPlan.of(owner, method, options.values(), onReturn);
      Bridge bridge = Bridge.of(ProbeCode.types(plan, onReturn));
      boolean several = options.pattern().contains("*") || pattern.matchesClass(target.name());
      return new Link(this, target, name, several ? name : "", plan, bridge);
    } catch (IllegalArgumentException | IllegalStateException | ReflectiveOperationException e) {
      left().add("methods: " + e.getMessage(), name);
      return new Link(this, target, name, "", null, null);
    }
  }

  /**
   * Makes what receives the calls of classes that are loaded. A method that cannot have the probe
   * is left out.
   *
   * @return the classes of such methods: the call is to be taken out of them
   * @throws IllegalArgumentException if no method can have it, or the condition is wrong
   */
  Set<Class<?>> linkLoaded() {
    Set<Class<?>> left = new HashSet<>();
    Link first = null;
    linking.lock();
    try {
      for (var each : new TreeMap<>(links).values()) {
        Class<?> type = each.type();
        if (type != null && !each.isRefused() && !linkOrRefuse(each, type)) {
          left.add(type);
        }
        first = first == null || first.isRefused() ? each : first;
      }
    } finally {
      linking.unlock();
    }
    if (first != null && first.isRefused()) {
      throw new IllegalArgumentException(
          left().lines().stream().findFirst().orElse("no method could have it"));
    }
    return left;
  }

  /** The same for one, at its first call, by the application's thread. */
  void linkLate(Link link) {
    if (ended || linking.isHeldByCurrentThread() || !linking.tryLock()) {
      return; // the next call, then; one that linking itself makes is none
    }
    try {
      link.caller().ifPresent(type -> linkOrRefuse(link, type));
    } catch (RuntimeException | LinkageError e) {
      refuse(link, e);
    } finally {
      linking.unlock();
    }
  }

  private boolean linkOrRefuse(Link link, Class<?> type) {
    Columns columns;
    try {
      columns = Columns.of(link, type, options, opening);
      if (definition != null && !definition.columns().equals(columns.columns())) {
        throw new IllegalArgumentException(
            "values of other types than those of another method: a signature or another probe");
      }
    } catch (RuntimeException | LinkageError e) { // a class that it needs may not be there
      return refuse(link, e);
    }
    link(link, type, columns);
    return true;
  }

  private boolean refuse(Link link, Throwable e) {
    link.refuse();
    String why = e instanceof IllegalArgumentException ? e.getMessage() : Reason.of(e);
    left().add("methods: " + why, link.name());
    return false;
  }

  private void link(Link link, Class<?> type, Columns columns) {
    if (ended || link.isLinked()) {
      return;
    }
    if (definition == null) {
      Definition made = Definition.of(event, columns.columns());
      check = filter == null ? null : made.check(filter);
      definition = made;
    }
    Object handler =
        Handlers.make(
            link.bridge(),
            new Handlers.Parts(
                link.slot(),
                definition,
                check,
                columns.sources(),
                buffer,
                link.counts(),
                columns.began(),
                options.longer().toNanos(),
                options.stack(),
                type.getClassLoader() == null));
    link.set(handler, columns.readsFields() && mayGo(type) ? type : null);
  }

  /** Whether a class may be unloaded. */
  private static boolean mayGo(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader != null
        && loader != ClassLoader.getPlatformClassLoader()
        && loader != ClassLoader.getSystemClassLoader();
  }

  @Override
  void prune() {
    super.prune();
    if (linking.tryLock()) {
      try {
        links.values().removeIf(this::isGone);
      } finally {
        linking.unlock();
      }
    }
  }

  private boolean isGone(Link link) {
    if (!link.isGone()) {
      return false;
    }
    for (int i = 0; i < Handlers.COUNTS; i++) {
      gone.addAndGet(i, Math.max(0, link.counts()[i]));
    }
    link.release();
    return true;
  }

  /** From now on nothing is recorded. */
  void end() {
    ended = true;
    linking.lock(); // whoever links has seen that, or is done
    try {
      links.values().forEach(Link::release);
    } finally {
      linking.unlock();
    }
  }

  /** Its links; for tests. */
  List<Link> links() {
    return new ArrayList<>(links.values());
  }
}
