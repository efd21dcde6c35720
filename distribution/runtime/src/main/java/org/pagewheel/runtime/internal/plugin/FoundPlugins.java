package org.pagewheel.runtime.internal.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Reason;
import org.pagewheel.spi.Source;

/**
 * The plugins that a class loader finds. Their code is foreign: one that throws or does not return
 * is a line of {@link #problems}, and the start goes on without it. One that returns later is added
 * then. One that ends the JVM is named as it does so.
 *
 * <p>How it works: a thread makes them in turn, for static initializers that need each other may
 * deadlock on several. Only when none has finished for a while does another thread go on with the
 * next. They are added in the order in which they were found, however long each took.
 */
public final class FoundPlugins {
  private static final Duration HANDOVER = Duration.ofMillis(250);

  /** How long to wait for plugins to be made before going on without them. */
  static final Duration PATIENCE = Duration.ofSeconds(4);

  private final long begin = System.nanoTime();

  private final List<Making<?>> all = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** How many have been begun, and finished; guarded by this. */
  private int begun;

  private int finished;

  /** From now on plugins are late, and add themselves; guarded by this. */
  private boolean isOver;

  /** A plugin being made. */
  private final class Making<T> {
    final String who;
    final ServiceLoader.Provider<T> provider;
    final Catalog<T> catalog;
    final Function<T, String> name;

    /** Set by its thread; null before and after. */
    volatile Thread thread;

    /** Guarded by the plugins, as is the next; adds it or says what is wrong. */
    Runnable result;

    Making(
        String who,
        ServiceLoader.Provider<T> provider,
        Catalog<T> catalog,
        Function<T, String> name) {
      this.who = who;
      this.provider = provider;
      this.catalog = catalog;
      this.name = name;
    }

    void make() {
      thread = Thread.currentThread();
      Runnable made;
      try {
        T plugin = provider.get();
        String called = name.apply(plugin);
        Optional<DefaultSettings> defaults = catalog.describe(called, plugin);
        made = () -> catalog.add(called, Catalog.UNRANKED, plugin, defaults);
      } catch (Throwable e) {
        made = () -> problem(who + " cannot be made: " + reason(e));
      }
      thread = null;
      finish(this, made);
    }
  }

  private FoundPlugins() {}

  /** Finds and makes them; takes a few seconds at most. */
  public static FoundPlugins load(ClassLoader loader, Plugins plugins) {
    FoundPlugins found = new FoundPlugins();
    found.find(loader, Backend.class, "backend", plugins.backends(), Backend::name);
    found.find(
        loader, ConsumerFactory.class, "consumer", plugins.consumers(), ConsumerFactory::type);
    found.find(loader, Source.class, "source", plugins.sources(), Source::name);
    found.makeAll();
    return found;
  }

  private <T> void find(
      ClassLoader loader,
      Class<T> kind,
      String what,
      Catalog<T> catalog,
      Function<T, String> name) {
    // By hand, for one provider that cannot be loaded must not hide the others.
    var providers = ServiceLoader.load(kind, loader).stream().iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          return;
        }
        var provider = providers.next();
        String who = what + " " + provider.type().getName() + " on the class path";
        all.add(new Making<>(who, provider, catalog, name));
      } catch (ServiceConfigurationError | RuntimeException | LinkageError e) {
        String why = reason(e).replace(kind.getName() + ": ", "");
        problems.add("a " + what + " on the class path cannot be made: " + why);
      }
    }
  }

  private void makeAll() {
    Thread naming = new Thread(this::nameWhoExits, "pagewheel-plugins-exit");
    Runtime.getRuntime().addShutdownHook(naming);
    int before = -1;
    while (finished() < all.size() && System.nanoTime() - begin < PATIENCE.toNanos()) {
      if (finished() == before || before < 0) {
        Threads.start("pagewheel-plugins", this::makeNext);
      }
      before = finished();
      await(HANDOVER, () -> false);
    }
    synchronized (this) {
      isOver = true;
      for (Making<?> making : all) {
        if (making.result != null) {
          making.result.run();
        } else {
          problem(making.who + " is not made within " + PATIENCE.toSeconds() + " s");
        }
      }
    }
    try {
      Runtime.getRuntime().removeShutdownHook(naming);
    } catch (IllegalStateException exiting) {
      // it is running
    }
  }

  private void makeNext() {
    Making<?> making;
    while ((making = next()) != null) {
      making.make();
    }
  }

  private synchronized Making<?> next() {
    return begun < all.size() ? all.get(begun++) : null;
  }

  private void finish(Making<?> making, Runnable result) {
    boolean isLate;
    synchronized (this) {
      making.result = result;
      isLate = isOver;
    }
    if (isLate) {
      result.run(); // without a lock: those that wait for the plugin begin to use it
    }
    synchronized (this) {
      finished++;
      notifyAll();
    }
  }

  private synchronized int finished() {
    return finished;
  }

  /** Waits for late plugins, at most this long since the beginning. */
  public void awaitLate(Duration timeout, BooleanSupplier enough) {
    await(timeout.minusNanos(System.nanoTime() - begin), enough);
  }

  private void await(Duration timeout, BooleanSupplier enough) {
    Threads.await(
        timeout,
        nanos -> {
          long end = System.nanoTime() + nanos;
          synchronized (this) {
            while (!enough.getAsBoolean() && finished < all.size()) {
              long left = end - System.nanoTime();
              if (left <= 0) {
                break;
              }
              TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return enough.getAsBoolean();
          }
        });
  }

  private synchronized void problem(String line) {
    problems.add(line);
  }

  /** A line for each that could not be made, or not in time. */
  public synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** On standard error: while the JVM ends, the log may have been closed. */
  private void nameWhoExits() {
    for (Making<?> making : all) {
      Thread thread = making.thread;
      if (thread != null && Stream.of(thread.getStackTrace()).anyMatch(FoundPlugins::isExit)) {
        System.err.println(making.who + " ends the JVM: it calls System.exit while it is made");
      }
    }
  }

  private static boolean isExit(StackTraceElement frame) {
    return frame.getClassName().equals("java.lang.Runtime") && frame.getMethodName().equals("exit");
  }

  /** The plugin's own frame, not that of its caller. */
  private static String reason(Throwable e) {
    boolean isWrapper = e instanceof ServiceConfigurationError && e.getCause() != null;
    return Reason.of(isWrapper ? e.getCause() : e);
  }
}
