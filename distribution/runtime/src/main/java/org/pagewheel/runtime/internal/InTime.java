package org.pagewheel.runtime.internal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Calls code of others that may never come back. */
public final class InTime {
  private InTime() {}

  /**
   * Calls on a thread of its own.
   *
   * @param thread the thread's name
   * @param timeout how long to wait
   * @param call what to call
   * @param late takes a result that comes after that
   * @return the result
   * @throws TimeoutException if there was none in time, or this thread was interrupted
   * @throws ExecutionException with what the call threw, errors included
   */
  public static <T> T call(
      String thread, Duration timeout, Callable<T> call, Consumer<? super T> late)
      throws TimeoutException, ExecutionException {
    FutureTask<T> task = new FutureTask<>(call);
    start(thread, task);
    try {
      return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      start(thread + "-late", () -> discard(task, late));
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      start(thread + "-late", () -> discard(task, late));
      throw new TimeoutException("interrupted");
    }
  }

  private static <T> void discard(FutureTask<T> task, Consumer<? super T> late) {
    try {
      T result = task.get();
      if (result != null) {
        late.accept(result);
      }
    } catch (InterruptedException | ExecutionException | RuntimeException nothing) {
      // late, and of no use either
    }
  }

  /** Starts a thread that keeps nothing alive. */
  public static Thread start(String name, Runnable task) {
    return Thread.ofPlatform().daemon().name(name).start(task);
  }
}
