package org.pagewheel.runtime.internal;

import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.util.tracker.ServiceTracker;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.Administration;
import org.pagewheel.runtime.internal.config.ConfigLoader;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.plugin.Catalog;
import org.pagewheel.runtime.internal.plugin.Plugins;
import org.pagewheel.runtime.internal.plugin.ServicePlugins;
import org.pagewheel.spi.Backend;
import org.pagewheel.spi.ConsumerFactory;
import org.pagewheel.spi.Source;

/**
 * The runtime in a container: plugins come and go as services, and the services that an application
 * or a shell needs are registered. A wrong configuration keeps the bundle from starting; the
 * exception has one line for each wrong value.
 */
public final class Activator implements BundleActivator {
  /** Marks a service of the process's owner, which runs when something has failed. */
  private static final String WHEN_FAILED = "(pagewheel.when=failed)";

  /** Marks our service that the process's owner runs before it stops bundles one by one. */
  private static final Map<String, String> WHEN_ENDING = Map.of("pagewheel.when", "ending");

  private Engine engine;

  /** Made by the framework. */
  public Activator() {}

  @Override
  public void start(BundleContext context) throws InvalidSyntaxException {
    Settings settings = ConfigLoader.load(Optional.empty(), System.getProperties(), Map.of());
    Plugins plugins = new Plugins();
    engine = Engine.wire(settings, plugins);
    for (ServiceReference<Runnable> each :
        context.getServiceReferences(Runnable.class, WHEN_FAILED)) {
      Runnable action = context.getService(each);
      if (action != null) {
        engine.reports().whenFailed(action);
      }
    }
    try {
      // First of all, so that buffers find the available backends; and undone last, so that an
      // orderly stop does not look like backends that have gone.
      follow(context, Backend.class, plugins.backends(), Backend::name);
      follow(context, ConsumerFactory.class, plugins.consumers(), ConsumerFactory::type);
      follow(context, Source.class, plugins.sources(), Source::name);
      Bundle framework = context.getBundle(0);
      engine.endsWith(() -> framework.getState() == Bundle.STOPPING);
      engine.start(buffer -> false);
      offer(context, Buffers.class, engine.buffers(), Map.of());
      offer(context, Administration.class, engine.administration(), Map.of());
      offer(context, Runnable.class, engine::ending, WHEN_ENDING);
    } catch (RuntimeException | Error e) {
      engine.stop();
      throw e;
    }
  }

  private <T> void offer(
      BundleContext context, Class<T> type, T service, Map<String, String> properties) {
    ServiceRegistration<T> registration =
        context.registerService(type, service, new Hashtable<>(properties));
    engine.teardown().push(registration::unregister);
  }

  private <T> void follow(
      BundleContext context,
      Class<T> kind,
      Catalog<T> catalog,
      java.util.function.Function<T, String> name) {
    ServiceTracker<T, T> tracker =
        ServicePlugins.open(context, kind, catalog, name, engine.reports());
    engine.teardown().push(tracker::close);
    SynchronousBundleListener listener =
        event -> {
          if (event.getType() == BundleEvent.STOPPING) {
            ServicePlugins.stopping(tracker, catalog, event.getBundle());
          }
        };
    context.addBundleListener(listener);
    engine.teardown().push(() -> context.removeBundleListener(listener));
  }

  @Override
  public void stop(BundleContext context) {
    engine.stop();
    engine = null;
  }
}
