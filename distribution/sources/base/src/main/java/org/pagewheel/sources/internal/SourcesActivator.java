package org.pagewheel.sources.internal;

import java.util.Hashtable;
import java.util.Map;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.pagewheel.spi.Source;

/** Offers the sources to the runtime, which starts and stops them. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class SourcesActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    offer(context, new FrameworkSource(context));
    offer(context, new JvmSource());
  }

  private static void offer(BundleContext context, Source source) {
    context.registerService(Source.class, source, new Hashtable<>(Map.of("name", source.name())));
  }

  /** The framework withdraws the services, and the runtime then closes what they started. */
  @Override
  public void stop(BundleContext context) {}
}
