package org.pagewheel.runtime.internal.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Calls foreign code that may never return, and waits for threads. A wait ends when its condition
 * holds or its time is over; an interrupt of the waiting thread does not end it, and stays pending.
 */
public final class Threads {
  private Threads() {}

  /** A call whose result goes to its caller or, if that no longer waits, to {@link #late}. */
  private static final class Call<T> extends FutureTask<T> {
    private final Consumer<? super T> late;

    /** Whether the caller or the call was finished first; the other one handles the result. */
    private final AtomicBoolean first = new AtomicBoolean();

    Call(Callable<T> call, Consumer<? super T> late) {
      super(call);
      this.late = late;
    }

    @Override
    protected void done() {
      leave();
    }

    /** The second one finds that the other is gone. */
    void leave() {
      if (!first.compareAndSet(false, true) && state() == State.SUCCESS && resultNow() != null) {
        late.accept(resultNow());
      }
    }
  }

  /**
   * Calls on a separate thread.
   *
   * @param thread the thread's name
   * @param timeout how long to wait
   * @param call what to call
   * @param late takes a result that comes after that, on the thread of the call; or, if an error
   *     ends the wait, on the caller's
   * @return the result
   * @throws TimeoutException if there was none in time
   * @throws ExecutionException with what the call threw, errors included
   */
  public static <T> T call(
      String thread, Duration timeout, Callable<T> call, Consumer<? super T> late)
      throws TimeoutException, ExecutionException {
    Call<T> task = new Call<>(call, late);
    Thread started = start(thread, task);
    boolean done = false;
    try {
      done = join(started, timeout);
    } finally {
      if (!done) {
        task.leave();
      }
    }
    if (!done) {
      throw new TimeoutException("not within " + timeout);
    }
    return result(task);
  }

  private static <T> T result(FutureTask<T> done) throws ExecutionException {
    if (done.state() == Future.State.FAILED) {
      throw new ExecutionException(done.exceptionNow());
    }
    return done.resultNow();
  }

  /** What {@link #apart} runs. */
  @FunctionalInterface
  public interface FileWork<T> {
    /** Works with files. */
    T run() throws IOException;
  }

  /**
   * Works with files on a separate thread, and waits for it: an interrupt would close the files,
   * and an application's thread may have been interrupted for its own reasons.
   */
  public static <T> T apart(String thread, FileWork<T> work) throws IOException {
    FutureTask<T> task = new FutureTask<>(work::run);
    join(start(thread, task));
    try {
      return result(task);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failed -> throw failed;
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        case Throwable other -> throw new AssertionError(other);
      }
    }
  }

  /** Waits for the end of a thread. */
  public static void join(Thread thread) {
    join(thread, Duration.ofNanos(Long.MAX_VALUE));
  }

  /** Waits for the end of a thread with a time limit; returns whether it has ended. */
  public static boolean join(Thread thread, Duration timeout) {
    return await(timeout, nanos -> thread.join(Duration.ofNanos(nanos)));
  }

  /** Sleeps. */
  public static void pause(Duration time) {
    await(
        time,
        nanos -> {
          Thread.sleep(Duration.ofNanos(nanos));
          return true;
        });
  }

  /** A wait that an interrupt could end early. */
  @FunctionalInterface
  public interface Wait {
    /** Waits at most this long; returns whether the condition holds. */
    boolean await(long nanos) throws InterruptedException;
  }

  /** Waits with a time limit; returns whether the condition holds. */
  public static boolean await(Duration timeout, Wait wait) {
    boolean interrupted = false;
    long begin = System.nanoTime();
    long left = timeout.toNanos();
    try {
      while (true) {
        try {
          return wait.await(Math.max(0, left));
        } catch (InterruptedException e) {
          interrupted = true;
          left = timeout.toNanos() - (System.nanoTime() - begin);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Starts a daemon thread that keeps nothing alive. */
  public static Thread start(String name, Runnable task) {
    return Thread.ofPlatform().daemon().name(name).start(task);
  }
}
