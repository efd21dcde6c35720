package org.pagewheel.runtime.internal;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.ring.RingOpener;

/** Who needs whom. Nothing is made that is not named here, and nothing is intercepted. */
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
    bind(Tools.class);
    bind(Registry.class);
    bind(Sources.class);
    bind(Administrator.class);
  }

  @Provides
  @Singleton
  static ScheduledExecutorService keeper() {
    return Executors.newSingleThreadScheduledExecutor(
        task -> Thread.ofPlatform().daemon().name("pagewheel-keeper").unstarted(task));
  }

  @Provides
  @Singleton
  static Reports reports(ScheduledExecutorService keeper) {
    return new Reports(keeper);
  }

  @Provides
  @Singleton
  static Undo undo(Reports reports) {
    return new Undo(reports);
  }

  @Provides
  @Singleton
  static RingOpener opener(Settings settings) {
    return new RingOpener(settings.openTimeout());
  }
}
