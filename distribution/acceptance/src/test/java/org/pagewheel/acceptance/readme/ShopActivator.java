package org.pagewheel.acceptance.readme;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.pagewheel.Buffers;
import org.pagewheel.event.EventType;

/** The README's bundle. */
public final class ShopActivator implements BundleActivator {
  record ShopOpened(String bundle) {}

  static final EventType<ShopOpened> OPENED = EventType.of("shop", ShopOpened.class);

  @Override
  public void start(BundleContext context) {
    Buffers buffers = context.getService(context.getServiceReference(Buffers.class));
    OPENED.record(buffers.get("main"), new ShopOpened(context.getBundle().getSymbolicName()));
  }

  @Override
  public void stop(BundleContext context) {}
}
