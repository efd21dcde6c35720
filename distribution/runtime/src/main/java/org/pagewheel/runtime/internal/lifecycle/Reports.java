package org.pagewheel.runtime.internal.lifecycle;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.pagewheel.spi.Log;

/**
 * Tells people of trouble, once, through the platform's log. Never on the thread that met the
 * trouble: that may be an application's, with locks of its own, in the midst of an event.
 */
public final class Reports {
  private final ExecutorService keeper;

  /** Whoever runs the process and wants to know of failures; nobody by itself. */
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

  /** Says who wants to know of failures: such as the status of a program depends on them. */
  public void whenFailed(Runnable action) {
    whenFailed = action;
  }

  /**
   * What people rely on has not been done and will not be: a {@link #problem}, and more. While the
   * process ends the log may be closed already, by a shutdown hook of its own: the line goes to the
   * error stream then.
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
      Runtime.getRuntime().removeShutdownHook(new Thread()); // one that was never added
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
      // it is somebody else's
    }
  }

  /** Something works again, or has begun to. */
  public void news(String line) {
    later(() -> Log.info(line));
  }

  /**
   * For the authors of plugins: the stack of what was thrown, at level debug. By any thread, which
   * may be out of memory or stack itself.
   */
  public static void stack(String who, Throwable thrown) {
    try {
      Thread.ofVirtual()
          .name("pagewheel-stack")
          .start(() -> Log.debug(who + ": the stack of what failed", thrown));
    } catch (VirtualMachineError full) {
      // whoever looks for it makes room first
    }
  }

  private void later(Runnable logging) {
    try {
      keeper.execute(logging);
    } catch (RejectedExecutionException stopped) {
      // everything has been stopped: nobody is interested any more
    }
  }
}
