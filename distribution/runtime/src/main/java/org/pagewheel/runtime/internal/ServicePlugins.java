package org.pagewheel.runtime.internal;

import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/**
 * Brings the services of one kind into a catalog, and takes them out again before they are given
 * back.
 *
 * @param <T> the kind
 */
final class ServicePlugins<T> implements ServiceTrackerCustomizer<T, T> {
  private final BundleContext context;
  private final Catalog<T> catalog;
  private final Function<T, String> name;
  private final Reports reports;

  private ServicePlugins(
      BundleContext context, Catalog<T> catalog, Function<T, String> name, Reports reports) {
    this.context = context;
    this.catalog = catalog;
    this.name = name;
    this.reports = reports;
  }

  /** Begins to follow the services of a kind. */
  static <T> ServiceTracker<T, T> open(
      BundleContext context,
      Class<T> kind,
      Catalog<T> catalog,
      Function<T, String> name,
      Reports reports) {
    ServiceTracker<T, T> tracker =
        new ServiceTracker<>(context, kind, new ServicePlugins<>(context, catalog, name, reports));
    tracker.open();
    return tracker;
  }

  @Override
  public T addingService(ServiceReference<T> reference) {
    T service = context.getService(reference);
    if (service == null) {
      return null;
    }
    try {
      int rank = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer r ? r : 0;
      catalog.add(name.apply(service), rank, service);
      return service;
    } catch (RuntimeException | LinkageError e) {
      reports.problem("a service of bundle " + reference.getBundle() + " is left out: " + e);
      context.ungetService(reference);
      return null;
    }
  }

  @Override
  public void modifiedService(ServiceReference<T> reference, T service) {}

  @Override
  public void removedService(ServiceReference<T> reference, T service) {
    catalog.remove(service);
    context.ungetService(reference);
  }
}
