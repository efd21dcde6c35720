package org.pagewheel.runtime.internal;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.pagewheel.runtime.internal.config.Settings;

/**
 * Who needs whom. Nothing is made that is not named here, and nothing is intercepted.
 *
 * <p>Each object is made by a provider that calls its constructor. Where Guice calls constructors
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
    one(Undo.class, () -> new Undo(reports.get()));
    Provider<Undo> undo = getProvider(Undo.class);

    one(Tools.class, () -> new Tools(settings, plugins, reports.get(), keeper.get()));
    Provider<Tools> tools = getProvider(Tools.class);
    one(Registry.class, () -> new Registry(tools.get(), undo.get()));
    Provider<Registry> registry = getProvider(Registry.class);
    one(Sources.class, () -> new Sources(tools.get(), registry.get(), undo.get()));
    Provider<Sources> sources = getProvider(Sources.class);
    one(Parting.class, () -> new Parting(tools.get(), registry.get(), undo.get()));
    Provider<Parting> parting = getProvider(Parting.class);
    one(Reload.class, () -> new Reload(tools.get(), registry.get(), sources.get(), parting.get()));
    Provider<Reload> reload = getProvider(Reload.class);
    one(
        Administrator.class,
        () -> new Administrator(tools.get(), registry.get(), sources.get(), reload.get()));
  }

  private <T> void one(Class<T> type, Provider<T> maker) {
    bind(type).toProvider(maker).in(Singleton.class);
  }

  private static ScheduledExecutorService keeper() {
    return Executors.newSingleThreadScheduledExecutor(
        task -> Thread.ofPlatform().daemon().name("pagewheel-keeper").unstarted(task));
  }
}
