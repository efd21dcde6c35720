package org.pagewheel.runtime.internal;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.pagewheel.runtime.internal.buffer.Administrator;
import org.pagewheel.runtime.internal.buffer.Registry;
import org.pagewheel.runtime.internal.buffer.Reload;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Scheduler;
import org.pagewheel.runtime.internal.lifecycle.Teardown;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.runtime.internal.plugin.Sources;
import org.pagewheel.runtime.internal.ring.RingOpener;
import org.pagewheel.runtime.internal.save.ExitSave;
import org.pagewheel.runtime.internal.save.KeptTraces;
import org.pagewheel.runtime.internal.save.TriggeredSnapshots;

/**
 * The dependencies between objects. Nothing is made that is not named here, and nothing is
 * intercepted.
 *
 * <p>Each object is made by a provider that calls its constructor. When Guice calls constructors
 * itself it generates classes for that, by way of {@code sun.misc.Unsafe} unless a system property
 * forbids it; the JVM of an application that embeds us would print warnings for it.
 */
final class Wiring extends AbstractModule {
  private final Settings settings;
  private final Plugins plugins;

  Wiring(Settings settings, Plugins plugins) {
    this.settings = settings;
    this.plugins = plugins;
  }

  @Override
  protected void configure() {
    binder().requireExplicitBindings();
    binder().requireAtInjectOnConstructors();
    binder().disableCircularProxies();

    bind(Settings.class).toInstance(settings);
    bind(Plugins.class).toInstance(plugins);
    one(ScheduledExecutorService.class, Wiring::keeper);

    Provider<ScheduledExecutorService> keeper = getProvider(ScheduledExecutorService.class);
    one(Reports.class, () -> new Reports(keeper.get()));
    Provider<Reports> reports = getProvider(Reports.class);
    one(Teardown.class, () -> new Teardown(reports.get()));
    Provider<Teardown> teardown = getProvider(Teardown.class);

    one(Scheduler.class, () -> new Scheduler(keeper.get()));
    Provider<Scheduler> scheduler = getProvider(Scheduler.class);
    one(
        Environment.class,
        () -> new Environment(settings, plugins, reports.get(), scheduler.get()));
    Provider<Environment> environment = getProvider(Environment.class);
    Provider<Registry> registry = getProvider(Registry.class);
    one(
        RingOpener.class,
        () ->
            new RingOpener(
                () -> environment.get().settings().openTimeout(), reports.get()::problem));
    Provider<RingOpener> opener = getProvider(RingOpener.class);
    one(
        TriggeredSnapshots.class,
        () -> new TriggeredSnapshots(environment.get(), () -> registry.get().list()));
    Provider<TriggeredSnapshots> triggered = getProvider(TriggeredSnapshots.class);
    one(KeptTraces.class, () -> new KeptTraces(environment.get(), () -> registry.get().list()));
    Provider<KeptTraces> kept = getProvider(KeptTraces.class);
    one(
        Registry.class,
        () ->
            new Registry(
                environment.get(), opener.get(), triggered.get(), kept.get(), teardown.get()));
    one(Sources.class, () -> new Sources(environment.get(), registry.get(), teardown.get()));
    Provider<Sources> sources = getProvider(Sources.class);
    one(
        ExitSave.class,
        () ->
            new ExitSave(
                environment.get(),
                scheduler.get(),
                triggered.get(),
                kept.get(),
                registry.get(),
                teardown.get()));
    Provider<ExitSave> exitSave = getProvider(ExitSave.class);
    one(
        Reload.class,
        () -> new Reload(environment.get(), registry.get(), sources.get(), exitSave.get()));
    Provider<Reload> reload = getProvider(Reload.class);
    one(
        Administrator.class,
        () -> new Administrator(environment.get(), registry.get(), sources.get(), reload.get()));
  }

  private <T> void one(Class<T> type, Provider<T> maker) {
    bind(type).toProvider(maker).in(Singleton.class);
  }

  private static ScheduledExecutorService keeper() {
    return Executors.newSingleThreadScheduledExecutor(
        task -> Thread.ofPlatform().daemon().name("pagewheel-keeper").unstarted(task));
  }
}
