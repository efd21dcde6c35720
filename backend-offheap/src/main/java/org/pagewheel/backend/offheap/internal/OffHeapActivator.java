package org.pagewheel.backend.offheap.internal;

import java.util.Hashtable;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.pagewheel.ringfile.LeftFiles;
import org.pagewheel.spi.Backend;

/** Offers the off-heap backend as a service while the bundle is active. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class OffHeapActivator implements BundleActivator {
  private ServiceTracker<LeftFiles, LeftFiles> leftFiles;

  /** Made by the framework. */
  public OffHeapActivator() {}

  @Override
  public void start(BundleContext context) {
    Hashtable<String, Object> properties = new Hashtable<>();
    properties.put("pagewheel.backend", OffHeapBackend.NAME);
    leftFiles =
        new ServiceTracker<>(context, LeftFiles.class, null) {
          @Override
          public LeftFiles addingService(ServiceReference<LeftFiles> reference) {
            LeftFiles service = super.addingService(reference);
            LeftQueue.handler(service);
            return service;
          }

          @Override
          public void removedService(ServiceReference<LeftFiles> reference, LeftFiles service) {
            LeftQueue.handler(null);
            super.removedService(reference, service);
          }
        };
    leftFiles.open();
    context.registerService(Backend.class, new OffHeapBackend(), properties);
  }

  @Override
  public void stop(BundleContext context) {
    leftFiles.close();
  }
}
