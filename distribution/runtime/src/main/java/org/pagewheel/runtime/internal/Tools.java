package org.pagewheel.runtime.internal;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ScheduledExecutorService;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.ring.RingOpener;

/** What every managed buffer needs. */
@Singleton
final class Tools {
  final Settings settings;
  final Plugins plugins;
  final Reports reports;
  final RingOpener opener;
  final ScheduledExecutorService keeper;

  @Inject
  Tools(
      Settings settings,
      Plugins plugins,
      Reports reports,
      RingOpener opener,
      ScheduledExecutorService keeper) {
    this.settings = settings;
    this.plugins = plugins;
    this.reports = reports;
    this.opener = opener;
    this.keeper = keeper;
  }
}
