package org.pagewheel.sources.internal;

import java.util.Arrays;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceEvent;

/** What the source {@code framework} records, and in which words. */
final class FrameworkEvents {
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

  private FrameworkEvents() {}
}
