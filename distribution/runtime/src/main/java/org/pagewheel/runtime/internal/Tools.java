package org.pagewheel.runtime.internal;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
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

  private static final int IDLE_SECONDS = 5;

  /** Changed by a reload. */
  volatile Settings settings;

  final Plugins plugins;
  final Reports reports;
  final RingOpener opener;
  private final ScheduledExecutorService keeper;

  /** One thread, when there is something to do. */
  private final ThreadPoolExecutor actions =
      new ThreadPoolExecutor(
          0,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          task -> Thread.ofPlatform().daemon().name("pagewheel-actions").unstarted(task));

  Tools(Settings settings, Plugins plugins, Reports reports, ScheduledExecutorService keeper) {
    this.settings = settings;
    this.plugins = plugins;
    this.reports = reports;
    this.opener = new RingOpener(() -> this.settings.openTimeout());
    this.keeper = keeper;
  }

  /** What plugins tell of their settings now. */
  PluginSettings pluginSettings() {
    return new PluginSettings(settings, plugins);
  }

  /** Runs later, unless everything is stopped by then. */
  void later(Duration delay, Runnable action) {
    try {
      keeper.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      // nobody needs it any more
    }
  }

  /** Runs on a thread that may take its time, one after the other. */
  void soon(Runnable action) {
    try {
      actions.execute(action);
    } catch (RejectedExecutionException stopped) {
      // nobody needs it any more
    }
  }

  /** Finishes what {@link #soon} was told, in time. */
  void finish() {
    actions.shutdown();
    try {
      actions.awaitTermination(settings.stopTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Exceptions about files often say no more than the file. */
  static String line(IOException e) {
    boolean silent = e instanceof FileSystemException f && f.getReason() == null;
    return silent ? e.getClass().getSimpleName() + ": " + e.getMessage() : e.getMessage();
  }
}
