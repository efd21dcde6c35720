package org.pagewheel.backend.heap.internal;

import java.util.Hashtable;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.pagewheel.spi.Backend;

/** Offers the heap backend as a service while the bundle is active. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class HeapActivator implements BundleActivator {
  /** Made by the framework. */
  public HeapActivator() {}

  @Override
  public void start(BundleContext context) {
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put("pagewheel.backend", HeapBackend.NAME);
    context.registerService(Backend.class, new HeapBackend(), properties);
  }

  @Override
  public void stop(BundleContext context) {
    // the framework takes the service back
  }
}
