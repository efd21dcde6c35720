package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.lang.Thread.UncaughtExceptionHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.pagewheel.runtime.internal.lifecycle.Threads;

/**
 * Saves the buffers when a thread dies of an {@link OutOfMemoryError}.
 *
 * <p>How it works: when memory is exhausted, nothing can be made any more: no thread, no class, no
 * array. So all of it is made beforehand: a waiting thread; the classes, by saving once at the
 * beginning (which also finds a directory that cannot be written to while it can still be fixed);
 * and memory in reserve, which is released when needed. The handler itself allocates nothing. Other
 * threads may take the released memory: then saving is tried again, several times.
 *
 * <p>Limits: an error that is caught, as executors do for tasks with a result, is not seen, nor is
 * that of a thread with its own handler; and an application that later sets another default handler
 * without calling ours takes our place.
 */
final class MemoryGuard implements UncaughtExceptionHandler {
  private static final long MAX_WAIT_NANOS = 10_000_000_000L;
  private static final long POLL_NANOS = 1_000_000;

  private final Path file;
  private final Predicate<Path> save;
  private final Runnable letGo;
  private final UncaughtExceptionHandler before;
  private final Thread saver;

  private volatile boolean wanted;
  private volatile boolean saved;
  private volatile boolean closed;

  /**
   * Begins to watch.
   *
   * @param file the file to save to
   * @param save saves there, with several attempts, and returns whether it could
   * @param letGo releases the memory in reserve; allocates nothing
   */
  MemoryGuard(Path file, Predicate<Path> save, Runnable letGo) {
    this.file = file;
    this.save = save;
    this.letGo = letGo;
    this.saver = Threads.start("pagewheel-memory", this::run);
    this.before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler(this);
  }

  Path file() {
    return file;
  }

  private void run() {
    rehearse();
    while (!wanted && !closed) {
      LockSupport.park(this);
    }
    if (wanted) {
      save.test(file);
      saved = true;
    }
  }

  private void rehearse() {
    Path trial = file.resolveSibling(file.getFileName() + ".trial");
    if (save.test(trial)) {
      try {
        Files.deleteIfExists(trial);
      } catch (IOException e) {
        // it does no harm
      }
    }
  }

  @Override
  public void uncaughtException(Thread thread, Throwable thrown) {
    if (thrown instanceof OutOfMemoryError && !closed) {
      letGo.run();
      wanted = true;
      LockSupport.unpark(saver);
      long begin = System.nanoTime();
      while (!saved && saver.isAlive() && System.nanoTime() - begin < MAX_WAIT_NANOS) {
        LockSupport.parkNanos(this, POLL_NANOS);
      }
    }
    if (before != null) {
      before.uncaughtException(thread, thrown);
    } else {
      System.err.print("Exception in thread \"" + thread.getName() + "\" "); // as the JDK does
      thrown.printStackTrace(System.err);
    }
  }

  /**
   * Stops watching. If another handler keeps this one as its predecessor, it only passes errors on.
   */
  void close() {
    closed = true;
    LockSupport.unpark(saver);
    if (Thread.getDefaultUncaughtExceptionHandler() == this) {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
