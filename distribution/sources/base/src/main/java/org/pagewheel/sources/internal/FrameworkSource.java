package org.pagewheel.sources.internal;

import java.lang.invoke.MethodHandles;
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
import org.pagewheel.sources.internal.FrameworkEvents.BundleChange;
import org.pagewheel.sources.internal.FrameworkEvents.BundleChanged;
import org.pagewheel.sources.internal.FrameworkEvents.BundleFound;
import org.pagewheel.sources.internal.FrameworkEvents.BundleState;
import org.pagewheel.sources.internal.FrameworkEvents.FrameworkChange;
import org.pagewheel.sources.internal.FrameworkEvents.FrameworkChanged;
import org.pagewheel.sources.internal.FrameworkEvents.ServiceChange;
import org.pagewheel.sources.internal.FrameworkEvents.ServiceChanged;
import org.pagewheel.spi.Source;

/**
 * The source {@code framework}: what happens to the framework, its bundles and its services, as
 * events of system {@code osgi} in buffer {@value #BUFFER}, written on the thread on which it
 * happens. Bundles that exist when it starts are written as {@code bundle_found}.
 */
final class FrameworkSource implements Source {
  /** Where events go; nowhere while there is no such buffer. */
  static final String BUFFER = "main";

  static final String SYSTEM = "osgi";

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

  /** Old bundles may lack a symbolic name. */
  private static String name(Bundle bundle) {
    String name = bundle.getSymbolicName();
    return name == null ? bundle.getLocation() : name;
  }
}
