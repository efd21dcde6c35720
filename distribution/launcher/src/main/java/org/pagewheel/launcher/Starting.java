package org.pagewheel.launcher;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * A bundle that starts on a separate thread: one whose activator never returns delays no caller for
 * longer than it wants to wait.
 */
final class Starting {
  /** How long to wait for other bundles. */
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final AtomicInteger UNDER_WAY = new AtomicInteger();

  private final String name;
  private final Thread thread;

  /** Guarded by this, as is the next. */
  private Throwable failure;

  private boolean isLate;

  private Starting(String name, Bundle bundle) {
    this.name = name;
    // The new thread takes over this one's context class loader.
    this.thread =
        Thread.ofPlatform().daemon().name("start of " + name).unstarted(() -> run(bundle));
  }

  /**
   * Begins.
   *
   * @param name the bundle's name in messages: its file
   */
  static Starting begin(String name, Bundle bundle) {
    var starting = new Starting(name, bundle);
    UNDER_WAY.incrementAndGet();
    starting.thread.start();
    return starting;
  }

  /** Whether any bundle is just starting. */
  static boolean isAny() {
    return UNDER_WAY.get() > 0;
  }

  private void run(Bundle bundle) {
    try {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
    } catch (BundleException e) {
      // The activator's own exception says more than the framework's.
      fail(e.getCause() == null ? e : e.getCause());
    } catch (IllegalStateException e) {
      // It was uninstalled, or the framework stopped, in the same moment.
    } catch (Throwable e) {
      fail(e); // whatever it is, the bundle is only one of many
    } finally {
      UNDER_WAY.decrementAndGet();
    }
  }

  private synchronized void fail(Throwable thrown) {
    failure = thrown;
    if (isLate) {
      tell(thrown);
    }
  }

  /**
   * Waits until it has started or failed, and no longer than this. Reports that it has not started
   * by then, and later its outcome.
   *
   * @return its failure; also empty if the outcome is unknown
   */
  Optional<Throwable> await(Duration patience) {
    try {
      thread.join(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      isLate = thread.isAlive() && failure == null;
      if (isLate) {
        Main.tellUnlessEnding(
            "bundle %s has not started yet: the others go on without it".formatted(name));
      }
      return Optional.ofNullable(failure);
    }
  }

  /** Reports that it did not start. */
  void tell(Throwable cause) {
    Main.tellUnlessEnding("bundle %s did not start: %s".formatted(name, Causes.inOneLine(cause)));
  }
}
