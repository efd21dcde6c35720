package com.example.turnstile;

import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.pagewheel.spi.Backend;

/** Offers the backend as a service. The framework takes it back when the bundle stops. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class TurnstileActivator implements BundleActivator {
  /** Made by the framework. */
  public TurnstileActivator() {}

  @Override
  public void start(BundleContext context) {
    context.registerService(Backend.class, new TurnstileBackend(), null);
  }

  @Override
  public void stop(BundleContext context) {}
}
