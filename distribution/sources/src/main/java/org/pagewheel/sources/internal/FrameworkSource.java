package org.pagewheel.sources.internal;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;
import org.pagewheel.Buffers;
import org.pagewheel.event.EventType;
import org.pagewheel.spi.Source;

/**
 * The source {@code framework}: what happens to the framework, its bundles and its services, as
 * events of system {@code osgi} in buffer {@value #BUFFER}, written on the thread on which it
 * happens. Bundles that are there already when it starts are told as {@code bundle_found}.
 */
final class FrameworkSource implements Source {
  /** Where events go; while there is no such buffer, nowhere. */
  static final String BUFFER = "main";

  static final String SYSTEM = "osgi";

  /** What happened to a bundle. */
  enum BundleChange {
    INSTALLED(BundleEvent.INSTALLED),
    RESOLVED(BundleEvent.RESOLVED),
    LAZY(BundleEvent.LAZY_ACTIVATION),
    STARTING(BundleEvent.STARTING),
    STARTED(BundleEvent.STARTED),
    STOPPING(BundleEvent.STOPPING),
    STOPPED(BundleEvent.STOPPED),
    UPDATED(BundleEvent.UPDATED),
    UNRESOLVED(BundleEvent.UNRESOLVED),
    UNINSTALLED(BundleEvent.UNINSTALLED),
    OTHER(0);

    private final int type;

    BundleChange(int type) {
      this.type = type;
    }

    static BundleChange of(int type) {
      return Arrays.stream(values()).filter(v -> v.type == type).findFirst().orElse(OTHER);
    }
  }

  /** The state a bundle is in. */
  enum BundleState {
    INSTALLED(Bundle.INSTALLED),
    RESOLVED(Bundle.RESOLVED),
    STARTING(Bundle.STARTING),
    ACTIVE(Bundle.ACTIVE),
    STOPPING(Bundle.STOPPING),
    UNINSTALLED(Bundle.UNINSTALLED);

    private final int state;

    BundleState(int state) {
      this.state = state;
    }

    static BundleState of(int state) {
      return Arrays.stream(values()).filter(v -> v.state == state).findFirst().orElse(UNINSTALLED);
    }
  }

  /** What happened to a service. */
  enum ServiceChange {
    REGISTERED(ServiceEvent.REGISTERED),
    MODIFIED(ServiceEvent.MODIFIED),
    UNREGISTERING(ServiceEvent.UNREGISTERING),
    OTHER(0);

    private final int type;

    ServiceChange(int type) {
      this.type = type;
    }

    static ServiceChange of(int type) {
      return Arrays.stream(values()).filter(v -> v.type == type).findFirst().orElse(OTHER);
    }
  }

  /** What happened to the framework. */
  enum FrameworkChange {
    STARTED(FrameworkEvent.STARTED),
    ERROR(FrameworkEvent.ERROR),
    PACKAGES_REFRESHED(FrameworkEvent.PACKAGES_REFRESHED),
    STARTLEVEL_CHANGED(FrameworkEvent.STARTLEVEL_CHANGED),
    WARNING(FrameworkEvent.WARNING),
    INFO(FrameworkEvent.INFO),
    STOPPED(FrameworkEvent.STOPPED),
    OTHER(0);

    private final int type;

    FrameworkChange(int type) {
      this.type = type;
    }

    static FrameworkChange of(int type) {
      return Arrays.stream(values()).filter(v -> v.type == type).findFirst().orElse(OTHER);
    }
  }

  /** A bundle that was there when the source started. */
  record BundleFound(long bundle, String name, String version, BundleState state) {}

  /** A bundle's life cycle went on. */
  record BundleChanged(
      BundleChange change, long bundle, String name, String version, BundleState state) {}

  /** A service came, changed or goes. */
  record ServiceChanged(
      ServiceChange change,
      long service,
      String interfaces,
      int ranking,
      long bundle,
      String provider) {}

  /** The framework itself; {@code problem} is empty unless something went wrong. */
  record FrameworkChanged(FrameworkChange change, long bundle, String name, String problem) {}

  private static final EventType<BundleFound> BUNDLE_FOUND = type(BundleFound.class);
  private static final EventType<BundleChanged> BUNDLE_CHANGED = type(BundleChanged.class);
  private static final EventType<ServiceChanged> SERVICE_CHANGED = type(ServiceChanged.class);
  private static final EventType<FrameworkChanged> FRAMEWORK_CHANGED = type(FrameworkChanged.class);

  private final BundleContext context;

  FrameworkSource(BundleContext context) {
    this.context = context;
  }

  private static <R extends Record> EventType<R> type(Class<R> record) {
    return EventType.of(SYSTEM, record, MethodHandles.lookup());
  }

  @Override
  public String name() {
    return "framework";
  }

  @Override
  public AutoCloseable start(Buffers buffers) {
    SynchronousBundleListener bundles = event -> write(buffers, event);
    AllServiceListener services = event -> write(buffers, event);
    FrameworkListener framework = event -> write(buffers, event);
    context.addBundleListener(bundles);
    context.addServiceListener(services);
    context.addFrameworkListener(framework);
    for (Bundle bundle : context.getBundles()) {
      write(buffers, bundle);
    }
    return () -> remove(bundles, services, framework);
  }

  private void remove(
      SynchronousBundleListener bundles, AllServiceListener services, FrameworkListener framework) {
    try {
      context.removeBundleListener(bundles);
      context.removeServiceListener(services);
      context.removeFrameworkListener(framework);
    } catch (IllegalStateException e) {
      // This bundle has stopped: the framework has removed its listeners already.
    }
  }

  private static void write(Buffers buffers, Bundle bundle) {
    buffers
        .find(BUFFER)
        .ifPresent(
            buffer ->
                BUNDLE_FOUND.record(
                    buffer,
                    new BundleFound(
                        bundle.getBundleId(),
                        name(bundle),
                        bundle.getVersion().toString(),
                        BundleState.of(bundle.getState()))));
  }

  private static void write(Buffers buffers, BundleEvent event) {
    Bundle bundle = event.getBundle();
    buffers
        .find(BUFFER)
        .ifPresent(
            buffer ->
                BUNDLE_CHANGED.record(
                    buffer,
                    new BundleChanged(
                        BundleChange.of(event.getType()),
                        bundle.getBundleId(),
                        name(bundle),
                        bundle.getVersion().toString(),
                        BundleState.of(bundle.getState()))));
  }

  private static void write(Buffers buffers, ServiceEvent event) {
    ServiceReference<?> service = event.getServiceReference();
    Bundle provider = service.getBundle();
    List<String> interfaces = List.of((String[]) service.getProperty(Constants.OBJECTCLASS));
    Object ranking = service.getProperty(Constants.SERVICE_RANKING);
    buffers
        .find(BUFFER)
        .ifPresent(
            buffer ->
                SERVICE_CHANGED.record(
                    buffer,
                    new ServiceChanged(
                        ServiceChange.of(event.getType()),
                        (Long) service.getProperty(Constants.SERVICE_ID),
                        String.join(",", interfaces),
                        ranking instanceof Integer number ? number : 0,
                        provider == null ? -1 : provider.getBundleId(),
                        provider == null ? "" : name(provider))));
  }

  private static void write(Buffers buffers, FrameworkEvent event) {
    Bundle bundle = event.getBundle();
    Throwable problem = event.getThrowable();
    buffers
        .find(BUFFER)
        .ifPresent(
            buffer ->
                FRAMEWORK_CHANGED.record(
                    buffer,
                    new FrameworkChanged(
                        FrameworkChange.of(event.getType()),
                        bundle.getBundleId(),
                        name(bundle),
                        problem == null ? "" : problem.toString())));
  }

  /** Bundles of the time before symbolic names have none. */
  private static String name(Bundle bundle) {
    String name = bundle.getSymbolicName();
    return name == null ? bundle.getLocation() : name;
  }
}
