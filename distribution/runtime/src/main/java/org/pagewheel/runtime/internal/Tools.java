package org.pagewheel.runtime.internal;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pagewheel.Buffer;
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
  final TriggeredSnapshots triggered = new TriggeredSnapshots(this);
  final RingOpener opener;
  private final ScheduledExecutorService keeper;

  private final ThreadPoolExecutor actions = oneThread("pagewheel-actions");

  /** All buffers there are; for a buffer's triggers, that know their own alone. */
  private volatile Supplier<List<Buffer>> all = List::of;

  Tools(Settings settings, Plugins plugins, Reports reports, ScheduledExecutorService keeper) {
    this.settings = settings;
    this.plugins = plugins;
    this.reports = reports;
    this.opener = new RingOpener(() -> this.settings.openTimeout(), reports::problem);
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

  /** Finishes what {@link #soon} was given, in time. */
  void finish() {
    finish(actions);
    triggered.finish();
  }

  /** Finishes the work of such a thread, in time. */
  void finish(ThreadPoolExecutor thread) {
    thread.shutdown();
    InTime.await(
        settings.stopTimeout(), nanos -> thread.awaitTermination(nanos, TimeUnit.NANOSECONDS));
  }

  /** Says who knows all buffers. */
  void all(Supplier<List<Buffer>> buffers) {
    all = buffers;
  }

  List<Buffer> all() {
    return all.get();
  }

  /** One thread, when there is something to do. */
  static ThreadPoolExecutor oneThread(String name) {
    return new ThreadPoolExecutor(
        0,
        1,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> Thread.ofPlatform().daemon().name(name).unstarted(task));
  }
}
