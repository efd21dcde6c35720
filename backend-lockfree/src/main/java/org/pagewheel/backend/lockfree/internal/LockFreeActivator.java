package org.pagewheel.backend.lockfree.internal;

import java.util.Hashtable;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.pagewheel.spi.Backend;

/** Offers the lock-free backend as a service while the bundle is active. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class LockFreeActivator implements BundleActivator {
  /** Made by the framework. */
  public LockFreeActivator() {}

  @Override
  public void start(BundleContext context) {
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put("pagewheel.backend", LockFreeBackend.NAME);
    context.registerService(Backend.class, new LockFreeBackend(), properties);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service back
  }
}
