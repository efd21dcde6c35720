package org.pagewheel.probes.internal;

import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.pagewheel.event.EventFilter;
import org.pagewheel.probes.ProbeOptions;
import org.pagewheel.spi.FunctionGraph;
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

  /** Held while a link is made; a thread of the application never waits for it. */
  private final ReentrantLock linking = new ReentrantLock();

  /** Guarded by {@link #linking}. */
  private Definition definition;

  private WritableBuffer target;
  private volatile boolean ended;

  Probe(WritableBuffer buffer, ProbeOptions options, Opening opening) {
    super(options.limit());
    this.buffer = buffer;
    this.options = options;
    this.opening = opening;
    pattern = MethodPattern.of(options.pattern());
    Untouchable.check(pattern);
    event = EventNames.event(options);
    filter = options.condition().map(EventNames::condition).map(EventFilter::of).orElse(null);
    onReturn = options.onReturn();
    if (options.stack()) {
      FunctionGraph.define();
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
    return links.values().stream().mapToLong(Link::hits).sum();
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
    Link link = links.computeIfAbsent(key, k -> link(target, method));
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
   * Makes what receives the calls of classes that are loaded.
   *
   * @throws IllegalArgumentException if an event cannot hold what was asked for
   */
  void linkLoaded() {
    linking.lock();
    try {
      for (Link link : links.values()) {
        if (!link.isRefused() && link.type() != null) {
          link(link, link.type());
        }
      }
    } finally {
      linking.unlock();
    }
    if (methods() == 0 && !links.isEmpty()) {
      throw new IllegalArgumentException(
          left().lines().stream().findFirst().orElse("no method could have it"));
    }
  }

  /** The same for one, at its first call. */
  void linkLate(Link link, Class<?> type) {
    if (ended || !linking.tryLock()) {
      return; // the next call, then
    }
    try {
      link(link, type);
    } catch (RuntimeException | LinkageError e) {
      link.refuse();
      left().add("methods: " + e.getMessage(), link.name());
    } finally {
      linking.unlock();
    }
  }

  private void link(Link link, Class<?> type) {
    if (ended || link.isLinked()) {
      return;
    }
    Columns columns = Columns.of(link, type, options, opening);
    if (definition == null) {
      Definition made = Definition.of(event, columns.columns());
      target =
          filter == null
              ? buffer
              : new FilteredBuffer(buffer, filter.compile(made.type().format()));
      definition = made;
    } else if (!definition.columns().equals(columns.columns())) {
      throw new IllegalArgumentException(
          "values of other types than those of another method: a signature or another probe");
    }
    boolean guarded = type.getClassLoader() == null;
    link.set(
        Handlers.make(
            link.bridge(),
            new Handlers.Parts(
                definition,
                columns.sources(),
                target,
                link.hitsArray(),
                columns.began(),
                options.longer().toNanos(),
                options.stack(),
                guarded)));
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
