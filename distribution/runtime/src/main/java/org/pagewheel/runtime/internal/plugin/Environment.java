package org.pagewheel.runtime.internal.plugin;

import java.time.Duration;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.lifecycle.Reports;
import org.pagewheel.runtime.internal.lifecycle.Scheduler;

/**
 * What every part of the runtime needs: the current settings, the available plugins, the log, and a
 * thread for work that can wait. Thread-safe.
 */
public final class Environment {
  /**
   * How long something may be missing before this is reported: bundles start and stop in any order,
   * and a few moments apart.
   */
  public static final Duration GRACE = Duration.ofSeconds(2);

  private final Plugins plugins;
  private final Reports reports;
  private final Scheduler scheduler;

  private volatile Settings settings;

  /**
   * @param settings the initial ones
   */
  public Environment(Settings settings, Plugins plugins, Reports reports, Scheduler scheduler) {
    this.settings = settings;
    this.plugins = plugins;
    this.reports = reports;
    this.scheduler = scheduler;
  }

  /** The current settings. */
  public Settings settings() {
    return settings;
  }

  /** Replaces the settings, on a reload. */
  public void settings(Settings now) {
    settings = now;
  }

  /** The plugins, present and to come. */
  public Plugins plugins() {
    return plugins;
  }

  /** The log. */
  public Reports reports() {
    return reports;
  }

  /** The current settings, with those that plugins declare. */
  public PluginSettings pluginSettings() {
    return new PluginSettings(settings, plugins);
  }

  /** As {@link Scheduler#later}. */
  public void later(Duration delay, Runnable action) {
    scheduler.later(delay, action);
  }

  /** As {@link Scheduler#soon}. */
  public void soon(Runnable action) {
    scheduler.soon(action);
  }
}
