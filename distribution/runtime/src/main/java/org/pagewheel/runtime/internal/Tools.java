package org.pagewheel.runtime.internal;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.ring.RingOpener;

/** What every managed buffer needs, and a clock to look at things again later. */
final class Tools {
  /**
   * How long something may be missing before that is told: bundles start and stop in any order, and
   * a few moments apart.
   */
  static final Duration GRACE = Duration.ofSeconds(2);

  final Settings settings;
  final Plugins plugins;
  final Reports reports;
  final RingOpener opener;
  private final ScheduledExecutorService keeper;

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

  /** Runs later, unless everything is stopped by then. */
  void later(Duration delay, Runnable action) {
    try {
      keeper.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      // nobody needs it any more
    }
  }
}
