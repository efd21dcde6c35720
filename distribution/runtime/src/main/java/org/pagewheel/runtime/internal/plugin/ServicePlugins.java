package org.pagewheel.runtime.internal.plugin;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.spi.DefaultSettings;
import org.pagewheel.spi.Reason;

/**
 * Adds the services of one kind to a catalog, and removes them before they are given back.
 *
 * @param <T> the kind
 */
public final class ServicePlugins<T> implements ServiceTrackerCustomizer<T, T> {
  private final BundleContext context;
  private final Catalog<T> catalog;
  private final Function<T, String> name;
  private final Reports reports;

  /** Whether existing services are being added now, on the runtime's own thread. */
  private volatile boolean isOpening = true;

  /** A service and its properties. */
  private record Described<T>(T service, String name, Optional<DefaultSettings> defaults) {}

  private ServicePlugins(
      BundleContext context, Catalog<T> catalog, Function<T, String> name, Reports reports) {
    this.context = context;
    this.catalog = catalog;
    this.name = name;
    this.reports = reports;
  }

  /** Begins to follow the services of a kind. */
  public static <T> ServiceTracker<T, T> open(
      BundleContext context,
      Class<T> kind,
      Catalog<T> catalog,
      Function<T, String> name,
      Reports reports) {
    var plugins = new ServicePlugins<>(context, catalog, name, reports);
    ServiceTracker<T, T> tracker = new ServiceTracker<>(context, kind, plugins);
    tracker.open();
    plugins.isOpening = false;
    return tracker;
  }

  /**
   * A bundle begins to stop: what it offers is no longer used when its activator is called, which
   * may end what its services need.
   */
  public static <T> void stopping(ServiceTracker<T, T> tracker, Catalog<T> catalog, Bundle bundle) {
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
    Described<T> described = null;
    try {
      described = isOpening ? inTime(reference) : describe(reference);
      if (described == null) {
        return null;
      }
      catalog.add(described.name, rank(reference), described.service, described.defaults);
      return described.service;
    } catch (TimeoutException e) {
      leftOut(reference, "it is not made within " + FoundPlugins.PATIENCE.toSeconds() + " s");
    } catch (ExecutionException e) {
      leftOut(reference, Reason.of(e.getCause()));
    } catch (RuntimeException | Error e) {
      leftOut(reference, Reason.of(e));
      if (described != null) {
        context.ungetService(reference);
      }
    }
    return null;
  }

  private void leftOut(ServiceReference<T> reference, String why) {
    reports.problem("a service of bundle " + reference.getBundle() + " is left out: " + why);
  }

  /** A bundle's code may never return, and others wait for the runtime to start. */
  private Described<T> inTime(ServiceReference<T> reference)
      throws TimeoutException, ExecutionException {
    return Threads.call(
        "pagewheel-plugins",
        FoundPlugins.PATIENCE,
        () -> describe(reference),
        late -> context.ungetService(reference));
  }

  private Described<T> describe(ServiceReference<T> reference) {
    T service = context.getService(reference);
    if (service == null) {
      return null;
    }
    try {
      String called = name.apply(service);
      return new Described<>(service, called, catalog.describe(called, service));
    } catch (RuntimeException | Error e) {
      context.ungetService(reference);
      throw e;
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
