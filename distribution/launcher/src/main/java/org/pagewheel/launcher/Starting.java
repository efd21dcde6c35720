package org.pagewheel.launcher;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/**
 * A bundle that starts on a thread of its own: one whose activator never comes back holds up nobody
 * for longer than they want to wait.
 */
final class Starting {
  /** How long everything waits for bundles of others. */
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
   * @param name what to call the bundle in messages: the file it came in
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
      // What an activator threw says more than that it threw.
      fail(e.getCause() == null ? e : e.getCause());
    } catch (IllegalStateException e) {
      // It was uninstalled, or the framework stopped, in the same moment.
    } catch (Throwable e) {
      fail(e); // whatever it is, the bundle is one of many
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
   * Waits until it has started or failed, and no longer than this. That it has not started by then
   * is said, and what becomes of it when that is known.
   *
   * @return what it failed of; empty also if it has not been heard of
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
