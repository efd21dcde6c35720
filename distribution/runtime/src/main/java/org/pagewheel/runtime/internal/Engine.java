package org.pagewheel.runtime.internal;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.ConfigurationException;
import org.pagewheel.runtime.internal.buffer.Administrator;
import org.pagewheel.runtime.internal.buffer.Registry;
import org.pagewheel.runtime.internal.config.BufferPlan;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.jmx.BufferBeans;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Teardown;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.runtime.internal.plugin.Catalog;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.plugin.FoundPlugins;
import org.pagewheel.runtime.internal.plugin.PluginSettings;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.runtime.internal.plugin.Sources;
import org.pagewheel.runtime.internal.save.ExitSave;
import org.pagewheel.spi.Nearest;

/** Everything together, in a container and without one. */
public final class Engine {
  private final Injector injector;
  private final Teardown teardown;

  private Engine(Injector injector) {
    this.injector = injector;
    this.teardown = injector.getInstance(Teardown.class);
  }

  /**
   * Wires, but starts nothing.
   *
   * @param settings the checked configuration
   * @param plugins the available ones; others may come
   */
  static Engine wire(Settings settings, Plugins plugins) {
    return new Engine(Guice.createInjector(Stage.PRODUCTION, new Wiring(settings, plugins)));
  }

  /** Wires and starts. */
  public static Engine start(Settings settings, Plugins plugins) {
    Engine engine = wire(settings, plugins);
    engine.start(buffer -> false);
    return engine;
  }

  /**
   * Starts; stops again if that fails.
   *
   * @param required which buffers must have their rings now
   */
  void start(Predicate<BufferPlan> required) {
    try {
      teardown.push(this::stopKeeper);
      NativeAccess.report();
      Environment environment = injector.getInstance(Environment.class);
      Registry registry = injector.getInstance(Registry.class);
      if (environment.settings().isOn("pagewheel.jmx.enabled")) {
        watchByBeans(registry);
      }
      registry.start(required);
      environment.pluginSettings().misspeltFallbacks().forEach(environment.reports()::problem);
      ExitSave exitSave = injector.getInstance(ExitSave.class);
      registry.beforeEachClose(exitSave::closing);
      exitSave.start();
      injector.getInstance(Sources.class).start();
      teardown.push(exitSave::ending); // first of all: sources close buffers
    } catch (RuntimeException | Error e) {
      stop();
      throw e;
    }
  }

  /**
   * Separate, and not wired: a Java without java.management has neither such classes nor monitors.
   */
  private void watchByBeans(Registry registry) {
    try {
      BufferBeans beans =
          new BufferBeans(
              administration(), injector.getInstance(ScheduledExecutorService.class), reports());
      teardown.push(beans::close);
      registry.watch(beans::add, beans::remove);
    } catch (NoClassDefFoundError e) {
      // they cannot be missed
    }
  }

  /** Pending reports are delivered; pending checks are dropped. */
  private void stopKeeper() {
    ScheduledExecutorService keeper = injector.getInstance(ScheduledExecutorService.class);
    // No timed CompletableFuture: its scheduler's thread would keep this thread's class loader for
    // good.
    AtomicReference<Thread> last = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    keeper.execute(
        () -> {
          last.set(Thread.currentThread());
          done.countDown();
        });
    // In time: a log that hangs must not hang us.
    Threads.await(Duration.ofSeconds(1), nanos -> done.await(nanos, TimeUnit.NANOSECONDS));
    keeper.shutdownNow();
    // A container that unloads us looks for threads at once.
    Thread thread = last.get();
    if (thread != null && thread != Thread.currentThread()) {
      Threads.await(Duration.ofSeconds(1), nanos -> thread.join(Duration.ofNanos(nanos)));
    }
  }

  /** Reads the configuration, and starts with the plugins of a class path. */
  public static Engine start(
      Optional<Path> file, Map<String, String> overrides, ClassLoader loader) {
    return start(ConfigLoader.load(file, System.getProperties(), overrides), loader);
  }

  /**
   * Starts with the plugins of a class path. A missing plugin that the configuration names is an
   * error; any other plugin that cannot be made is a line in the log.
   *
   * @throws ConfigurationException if the configuration names a plugin that is missing
   */
  public static Engine start(Settings settings, ClassLoader loader) {
    Plugins plugins = new Plugins();
    FoundPlugins found = FoundPlugins.load(loader, plugins);
    List<String> problems = new ArrayList<>();
    for (BufferPlan buffer : settings.buffers()) {
      String path = "pagewheel.buffers." + buffer.name();
      Catalog<?> backends = plugins.backends();
      String backend = buffer.config().backend();
      found.awaitLate(settings.openTimeout(), () -> backends.find(backend).isPresent());
      require(backends, backend, path + ".backend", "backend", problems);
      for (var consumer : buffer.consumers()) {
        Catalog<?> consumers = plugins.consumers();
        found.awaitLate(settings.openTimeout(), () -> consumers.find(consumer.type()).isPresent());
        require(
            consumers,
            consumer.type(),
            path + ".consumers." + consumer.name() + ".type",
            "consumer of type",
            problems);
      }
    }
    PluginSettings said = new PluginSettings(settings, plugins);
    problems.addAll(said.unknown());
    problems.addAll(said.misspeltFallbacks());
    List<String> reported = new ArrayList<>(found.problems());
    // One of the plugins that cannot be made may be the source in question.
    (reported.isEmpty() ? problems : reported).addAll(said.unknownSources());
    if (!problems.isEmpty()) {
      problems.addAll(reported);
      throw new ConfigurationException(problems);
    }
    Engine engine = wire(settings, plugins);
    reported.forEach(engine.reports()::problem);
    engine.start(buffer -> !buffer.waits());
    return engine;
  }

  private static void require(
      Catalog<?> catalog, String name, String key, String what, List<String> problems) {
    if (catalog.find(name).isEmpty()) {
      problems.add(
          "%s = %s: there is no %s %s on the class path: %s"
              .formatted(key, name, what, name, Nearest.hint(name, catalog.names())));
    }
  }

  public Buffers buffers() {
    return injector.getInstance(Registry.class);
  }

  public Administration administration() {
    return injector.getInstance(Administrator.class);
  }

  Reports reports() {
    return injector.getInstance(Reports.class);
  }

  /** Everything is saved also while what is around stops and takes plugins away. */
  void endsWith(BooleanSupplier isEnding) {
    injector.getInstance(ExitSave.class).endsWith(isEnding);
  }

  /** Everything is about to stop, perhaps other bundles first. */
  void ending() {
    injector.getInstance(ExitSave.class).ending();
  }

  /** For what a container adds. */
  Teardown teardown() {
    return teardown;
  }

  /** Stops in reverse order; does nothing the second time. */
  public void stop() {
    teardown.all();
  }
}
