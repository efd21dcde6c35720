package org.pagewheel.runtime.internal.lifecycle;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.pagewheel.spi.Log;

/**
 * Reports trouble to people, once, through the platform's log. Never on the thread that met the
 * trouble: that may be an application's, which holds its own locks and is in the middle of an
 * event.
 */
public final class Reports {
  private final ExecutorService keeper;

  /** The listener for failures, set by the owner of the process; initially none. */
  private volatile Runnable whenFailed = () -> {};

  /**
   * @param keeper a thread to log on
   */
  public Reports(ExecutorService keeper) {
    this.keeper = keeper;
  }

  /** Something does not work. */
  public void problem(String line) {
    later(() -> Log.warning(line));
  }

  /**
   * Sets the listener for failures, for example because the exit status of a program depends on
   * them.
   */
  public void whenFailed(Runnable action) {
    whenFailed = action;
  }

  /**
   * Something that people rely on has not been done and will not be: a {@link #problem}, and more.
   * While the process ends, the log's own shutdown hook may have closed it: then the line goes to
   * the error stream.
   */
  public void failure(String line) {
    failed();
    if (isProcessEnding()) {
      System.err.println("pagewheel: " + line);
    } else {
      problem(line);
    }
  }

  private static boolean isProcessEnding() {
    try {
      Runtime.getRuntime().removeShutdownHook(new Thread()); // a thread that was never added
      return false;
    } catch (IllegalStateException ending) {
      return true;
    }
  }

  /** The same when there is no memory for a line. */
  public void failed() {
    try {
      whenFailed.run();
    } catch (RuntimeException | Error e) {
      // it belongs to another
    }
  }

  /** Something works again, or has begun to. */
  public void news(String line) {
    later(() -> Log.info(line));
  }

  /**
   * For the authors of plugins: the stack trace, at level debug. May be called by any thread, even
   * one that is out of memory or stack.
   */
  public static void stack(String who, Throwable thrown) {
    try {
      Thread.ofVirtual()
          .name("pagewheel-stack")
          .start(() -> Log.debug(who + ": the stack of what failed", thrown));
    } catch (VirtualMachineError full) {
      // to see it, make room first
    }
  }

  private void later(Runnable logging) {
    try {
      keeper.execute(logging);
    } catch (RejectedExecutionException stopped) {
      // everything has been stopped: it no longer matters
    }
  }
}
