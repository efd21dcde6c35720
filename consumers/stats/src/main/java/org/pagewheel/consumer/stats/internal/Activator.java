package org.pagewheel.consumer.stats.internal;

import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.pagewheel.spi.ConsumerFactory;

/** Offers the consumer, its commands, and health checks where Felix has them. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    StatsFactory factory = new StatsFactory();
    context.registerService(ConsumerFactory.class, factory, null);
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("osgi.command.scope", "ring");
    properties.put("osgi.command.function", MetricsCommands.FUNCTIONS);
    context.registerService(MetricsCommands.class, new MetricsCommands(factory::open), properties);
    try {
      HealthChecks.register(context, factory::open);
    } catch (NoClassDefFoundError e) {
      // nobody here asks for health checks
    }
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the services back
  }
}
