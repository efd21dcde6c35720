package com.example.jsonlines;

import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.pagewheel.spi.ConsumerFactory;

/** Offers the consumer as a service. The framework takes it back when the bundle stops. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class JsonActivator implements BundleActivator {
  /** Made by the framework. */
  public JsonActivator() {}

  @Override
  public void start(BundleContext context) {
    context.registerService(ConsumerFactory.class, new JsonFactory(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
