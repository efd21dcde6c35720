package org.pagewheel.consumer.splice.internal;

import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.pagewheel.spi.ConsumerFactory;

/** Offers the consumer as a service while the bundle is active. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Activator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    context.registerService(ConsumerFactory.class, new SpliceFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service back
  }
}
