package org.pagewheel.runtime.internal;

import java.util.List;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
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

  /**
   * A bundle begins to stop: what it offers is used no more before its activator is called, which
   * may end what its services need.
   */
  static <T> void stopping(ServiceTracker<T, T> tracker, Catalog<T> catalog, Bundle bundle) {
    tracker
        .getTracked()
        .forEach(
            (reference, service) -> {
              if (bundle.equals(reference.getBundle())) {
                catalog.remove(service);
              }
            });
  }

  @Override
  public T addingService(ServiceReference<T> reference) {
    T service = context.getService(reference);
    if (service == null) {
      return null;
    }
    try {
      catalog.add(name.apply(service), rank(reference), service);
      return service;
    } catch (RuntimeException | LinkageError | AssertionError e) {
      reports.problem("a service of bundle " + reference.getBundle() + " is left out: " + e);
      context.ungetService(reference);
      return null;
    }
  }

  private static Catalog.Rank rank(ServiceReference<?> reference) {
    int ranking = reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer r ? r : 0;
    Version version = reference.getBundle().getVersion();
    return new Catalog.Rank(
        ranking, List.of(version.getMajor(), version.getMinor(), version.getMicro()));
  }

  @Override
  public void modifiedService(ServiceReference<T> reference, T service) {}

  @Override
  public void removedService(ServiceReference<T> reference, T service) {
    catalog.remove(service);
    context.ungetService(reference);
  }
}
