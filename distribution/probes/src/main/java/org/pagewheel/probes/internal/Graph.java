package org.pagewheel.probes.internal;

import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.pagewheel.Clock;
import org.pagewheel.probes.GraphOptions;
import org.pagewheel.spi.FunctionGraph;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.Symbols;
import org.pagewheel.spi.WritableBuffer;

/**
 * A function graph: the calls of the methods that a pattern means, on every thread.
 *
 * <p>How deep a thread is, is known by its {@link CallStack}. What {@link #enter} returns is the
 * depth at which the call is, and {@link #exit} goes back to it whatever has happened in between:
 * where a return was missed, because the stack was full, the next one makes up for it.
 *
 * <p>With {@code longer} an entry waits until its call has lasted so long, which is seen at the
 * next call or return of its thread. The ring's times only rise, so the entry has the time at which
 * it was written; the duration that tools show is taken from the return, which knows when the call
 * began. (The kernel writes returns alone then; tools show those as braces without a name.)
 */
final class Graph extends Insertion {
  /** A power of two. */
  static final int COUNTERS = 64;

  private static final int LINE = 8;

  /** The kernel's clocks that count them. */
  private static final Set<String> NANOSECONDS =
      Set.of("local", "global", "mono", "mono_raw", "boot", "tai", "perf");

  /** Says that a call is not recorded. */
  private static final int NONE = -1;

  /** Deeper calls are counted and not recorded. */
  private static final int DEEPEST = 1 << 16;

  private final GraphOptions options;
  private final MethodPattern pattern;
  private final Optional<MethodPattern> from;
  private final WritableBuffer buffer;
  private final int slot;
  private final Hook hook;

  /** The clock of a ring, which may be replaced by one with another. */
  private record Reading(RingWriter ring, Clock clock) {}

  /** The one that was met last. Its fields are final, so it may be seen without order. */
  private Reading reading;

  private final int deepest;
  private final long longer;

  /** Null for all threads. */
  private final Pattern threads;

  /** The method below which calls are recorded, or 0. */
  private final int root;

  /** Of calls; threads that share one may lose some. A cache line apart. */
  private final long[] calls = new long[COUNTERS * LINE];

  /**
   * The {@link CallStack} of each thread, in an array so that it can be taken from the thread when
   * the graph ends: a thread keeps what it had of an old one for as long as it lives.
   */
  private final ThreadLocal<Object[]> stacks = new ThreadLocal<>();

  /** Those arrays, as long as their threads live. */
  private final Set<Reference<?>> cells = ConcurrentHashMap.newKeySet();

  private final ReferenceQueue<Object[]> dead = new ReferenceQueue<>();
  private volatile boolean ended;

  Graph(WritableBuffer buffer, GraphOptions options, Hook hook) {
    super(options.limit());
    this.options = options;
    this.buffer = buffer;
    this.hook = hook;
    pattern = MethodPattern.of(options.pattern());
    Untouchable.check(pattern);
    from = options.from().map(MethodPattern::of);
    reading = new Reading(buffer.writer(), buffer.config().clock());
    deepest = Math.min(options.depth(), DEEPEST);
    longer = options.longer().toNanos();
    if (fault() != null) {
      throw new IllegalArgumentException(fault());
    }
    threads = options.threads().map(Graph::glob).orElse(null);
    root = options.from().map(Symbols::define).orElse(0);
    FunctionGraph.define();
    slot = hook.allocate((slot, method) -> enter(method), this::exit);
  }

  private static Pattern glob(String text) {
    return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
  }

  @Override
  WritableBuffer buffer() {
    return buffer;
  }

  GraphOptions options() {
    return options;
  }

  @Override
  long calls() {
    return Arrays.stream(calls).sum();
  }

  /** From now on nothing is recorded, and nothing of it is left in any thread. */
  void end() {
    hook.release(slot);
    ended = true;
    for (Reference<?> reference : cells) {
      if (reference.get() instanceof Object[] cell) {
        cell[0] = null;
      }
    }
    cells.clear();
  }

  @Override
  String fault() {
    Clock clock = buffer.config().clock();
    boolean isNanos = NANOSECONDS.contains(clock.timeline());
    if (isNanos || longer == 0 && clock.scale().isEmpty()) {
      return super.fault();
    }
    // The events themselves have two times, which no reader would take for counts.
    return "buffer %s has the clock %s: %s takes one that counts nanoseconds, such as mono"
        .formatted(buffer.name(), clock.name(), longer == 0 ? "a graph" : "longer");
  }

  @Override
  void prune() {
    super.prune();
    clock(); // keeps no ring that has been replaced
    for (Reference<?> gone = dead.poll(); gone != null; gone = dead.poll()) {
      cells.remove(gone);
    }
  }

  /** The stacks that threads have; for tests. */
  List<Object> stacks() {
    return cells.stream()
        .map(Reference::get)
        .filter(Objects::nonNull)
        .map(cell -> ((Object[]) cell)[0])
        .toList();
  }

  // ---- which methods

  @Override
  boolean means(String className, boolean isOfJdk) {
    return means(pattern, className, isOfJdk)
        || from.isPresent() && means(from.get(), className, isOfJdk);
  }

  private static boolean means(MethodPattern pattern, String className, boolean isOfJdk) {
    return pattern.mayMatchIn(className) && Untouchable.allows(pattern, className, isOfJdk);
  }

  @Override
  boolean means(String className, MethodModel method) {
    String name = method.methodName().stringValue();
    return pattern.matches(className, name)
        || from.isPresent() && from.get().matches(className, name);
  }

  @Override
  CodeTransform change(Target target, MethodModel method) {
    int id = Symbols.define(target.name() + "." + method.methodName().stringValue());
    return CallCode.around(method, slot, id);
  }

  // ---- on the application's threads

  private int enter(int method) {
    Object[] cell = stacks.get();
    CallStack stack = cell == null ? first() : (CallStack) cell[0];
    if (stack == null || stack.isBusy) {
      return NONE;
    }
    stack.isBusy = true;
    calls[stack.counter * LINE]++;
    try {
      return enter(stack, method);
    } finally {
      stack.isBusy = false;
    }
  }

  /** The first call of a thread. */
  private CallStack first() {
    CallStack stack = new CallStack();
    Object[] cell = {stack};
    stack.isBusy = true;
    stacks.set(cell); // the calls that are made here find it, and are not recorded
    try {
      cells.add(new WeakReference<>(cell, dead));
      if (ended) { // it may have missed this one
        cell[0] = null;
      }
    } finally {
      stack.isBusy = false;
    }
    return stack;
  }

  private int enter(CallStack stack, int method) {
    int depth = stack.depth;
    if (depth == 0 && !begins(stack, method)) {
      return NONE;
    }
    if (depth >= deepest) {
      stack.depth = depth + 1;
      return depth;
    }
    if (depth == stack.times.length) {
      stack.grow(depth);
    }
    long now = now(stack);
    stack.times[depth] = now;
    if (longer == 0) {
      FunctionGraph.entry(buffer, Symbols.address(method), depth, stack.clock, now);
    } else {
      stack.methods[depth] = method;
      writeLong(stack, depth, now);
    }
    stack.depth = depth + 1; // the last thing: if anything was thrown, the call is none
    return depth;
  }

  private Clock clock() {
    RingWriter ring = buffer.writer();
    Reading known = reading;
    if (known.ring != ring) {
      known = new Reading(ring, buffer.config().clock());
      reading = known;
    }
    return known.clock;
  }

  private long now(CallStack stack) {
    Clock clock = clock();
    long now = clock.now();
    if (clock != stack.clock) {
      stack.restart(clock, now);
    }
    return now;
  }

  /** Writes the entries of calls that have lasted; the outermost that was not written is eldest. */
  private void writeLong(CallStack stack, int depth, long now) {
    int next = stack.written;
    while (next < depth && now - stack.times[next] >= longer) {
      FunctionGraph.entry(buffer, Symbols.address(stack.methods[next]), next, stack.clock, now);
      stack.written = ++next;
    }
  }

  private boolean begins(CallStack stack, int method) {
    stack.written = 0;
    if (root != 0 && method != root) {
      return false;
    }
    if (threads == null) {
      return true;
    }
    String name = Thread.currentThread().getName();
    if (name != stack.threadName) { // threads of pools are renamed
      stack.isSelected = threads.matcher(name).matches();
      stack.threadName = name;
    }
    return stack.isSelected;
  }

  private int exit(int depth, int method) {
    CallStack stack = (CallStack) stacks.get()[0];
    if (stack == null) {
      return 0; // it has ended meanwhile
    }
    stack.depth = depth;
    if (depth < deepest) {
      boolean wasBusy = stack.isBusy;
      stack.isBusy = true;
      try {
        exit(stack, depth, method);
      } finally {
        stack.isBusy = wasBusy;
      }
    }
    return 0;
  }

  private void exit(CallStack stack, int depth, int method) {
    long now = now(stack);
    long began = stack.times[depth];
    if (longer != 0) {
      writeLong(stack, depth + 1, now);
      if (stack.written <= depth) {
        return;
      }
      stack.written = depth;
    }
    FunctionGraph.exit(buffer, Symbols.address(method), depth, began, stack.clock, now);
  }
}
