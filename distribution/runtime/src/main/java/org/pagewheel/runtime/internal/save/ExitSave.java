package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.pagewheel.Buffer;
import org.pagewheel.Buffers;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.lifecycle.Scheduler;
import org.pagewheel.runtime.internal.lifecycle.Teardown;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.spi.OwnDirectory;
import org.pagewheel.spi.Reason;

/**
 * Saves all buffers when everything stops and, by a {@link MemoryGuard}, when memory is out, if the
 * configuration says so.
 *
 * <p>Everything stops when the engine does: on close, or with the bundle. If the process ends
 * without that, by {@code System.exit} or a signal that the JVM obeys, a shutdown hook saves. Both
 * may happen at once: the second one waits for the first. What is closed on the way, such as the
 * buffer of a source, is copied before and saved with the others.
 *
 * <p>A process may end because memory is exhausted. So some is held in reserve, and the code that
 * runs then allocates nothing before releasing it.
 */
public final class ExitSave {
  private static final int ATTEMPTS = 5;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int MIN_RESERVE = 4 << 20;
  private static final int MAX_RESERVE = 1 << 30;

  private final Environment environment;
  private final Scheduler scheduler;
  private final TriggeredSnapshots triggered;
  private final KeptTraces kept;
  private final Buffers buffers;
  private final Teardown teardown;
  private final Thread hook = new Thread(this::exit, "pagewheel-save");

  /** Released when memory is needed. */
  private volatile byte[] reserve;

  /** What was closed since everything stops. */
  private final Queue<Picture> closed = new ConcurrentLinkedQueue<>();

  private volatile boolean isEnding;
  private volatile BooleanSupplier isEndingAround = () -> false;

  /** Guarded by this. */
  private boolean hooked;

  /** Set once, by whoever holds this. */
  private volatile boolean done;

  private MemoryGuard guard;

  /**
   * @param scheduler its work is finished before the buffers are saved
   * @param triggered likewise
   * @param kept likewise
   * @param buffers the buffers to save
   */
  public ExitSave(
      Environment environment,
      Scheduler scheduler,
      TriggeredSnapshots triggered,
      KeptTraces kept,
      Buffers buffers,
      Teardown teardown) {
    this.environment = environment;
    this.scheduler = scheduler;
    this.triggered = triggered;
    this.kept = kept;
    this.buffers = buffers;
    this.teardown = teardown;
  }

  /** Prepares for the end; undoing this is the end. */
  public void start() {
    teardown.push(this::stop);
    changed();
  }

  /** Everything is about to stop. */
  public void ending() {
    isEnding = true;
  }

  /**
   * Everything also stops when what is around does.
   *
   * @param isEnding whether it does now; asked by each thread that closes a buffer
   */
  public void endsWith(BooleanSupplier isEnding) {
    isEndingAround = isEnding;
  }

  /** A buffer is about to be closed: while everything stops, what it holds is for the end. */
  public void closing(Buffer buffer) {
    Settings.Save save = environment.settings().save();
    if (done || !isEnding && !isEndingAround.getAsBoolean()) {
      return;
    }
    if (save.onExit().isPresent()) {
      try {
        closed.add(Picture.of(List.of(buffer)));
      } catch (VirtualMachineError | LinkageError | RuntimeException e) {
        environment.reports().failed();
      }
    }
    if (save.isReported()) {
      report(List.of(buffer));
    }
  }

  /** Applies a changed configuration. */
  public synchronized void changed() {
    if (done) {
      return;
    }
    Settings.Save save = environment.settings().save();
    hook(save.onExit().isPresent() || save.isReported());
    save.onExit().ifPresent(this::checkDirectory); // at the end it is too late to fix it
    if (!save.onOutOfMemory().equals(Optional.ofNullable(guard).map(MemoryGuard::file))) {
      closeGuard();
      save.onOutOfMemory()
          .ifPresent(file -> guard = new MemoryGuard(file, this::save, this::letGo));
    }
    int wanted = hooked || guard != null ? reserveSize() : 0;
    if (wanted == 0) {
      reserve = null;
    } else if (reserve == null || reserve.length < wanted) {
      reserve = new byte[wanted];
    }
  }

  /** A copy of the largest ring of a CPU, and as much again to work with. */
  private int reserveSize() {
    long largest = 0;
    for (Buffer buffer : buffers.list()) {
      largest = Math.max(largest, (long) buffer.config().pages() * buffer.config().pageSize());
    }
    return (int) Math.min(MAX_RESERVE, MIN_RESERVE + 2 * largest);
  }

  private void letGo() {
    reserve = null;
  }

  private void hook(boolean wanted) {
    if (wanted == hooked) {
      return;
    }
    try {
      if (wanted) {
        Runtime.getRuntime().addShutdownHook(hook);
      } else {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
      hooked = wanted;
    } catch (IllegalStateException ending) {
      // the process is ending: the hook is running, or never will
    }
  }

  private void stop() {
    kept.finish();
    scheduler.finish(environment.settings().stopTimeout());
    triggered.finish();
    exitApart();
    synchronized (this) {
      hook(false);
      closeGuard();
    }
  }

  /** The caller's thread may have been interrupted, which closes the files that it works with. */
  private void exitApart() {
    Thread apart = null;
    try {
      apart = Threads.start("pagewheel-save", this::exit);
    } catch (OutOfMemoryError noThread) {
      exit();
    }
    if (apart != null) {
      Threads.join(apart);
    }
  }

  private void closeGuard() {
    if (guard != null) {
      guard.close();
      guard = null;
    }
  }

  /** Once; by the hook or by {@link #stop}. */
  private synchronized void exit() {
    if (done) {
      return;
    }
    done = true;
    reserve = null;
    Path file = environment.settings().save().onExit().orElse(null);
    if (file != null) {
      save(file);
    }
    if (environment.settings().save().isReported()) {
      report(buffers.list());
    }
  }

  private void report(List<Buffer> reported) {
    try {
      ExitReport.print(reported, environment.settings().stopTimeout(), System.err);
    } catch (VirtualMachineError | LinkageError | RuntimeException e) {
      environment.reports().failed(); // what is saved is more than what is told
    }
  }

  private void checkDirectory(Path file) {
    try {
      OwnDirectory.make(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      environment
          .reports()
          .problem("nothing will be saved to %s: %s".formatted(file, Reason.of(e)));
    }
  }

  /** Saves, with several attempts if there is no memory; returns whether it could. */
  private boolean save(Path file) {
    for (int attempt = 1; ; attempt++) {
      try {
        return trySave(file);
      } catch (OutOfMemoryError e) {
        if (attempt == ATTEMPTS) {
          environment.reports().failed();
          return false; // there is no memory to report it either
        }
      }
      Threads.pause(PAUSE); // other threads die of it too, and release memory
    }
  }

  private boolean trySave(Path file) {
    try {
      List<Picture> gone = List.copyOf(closed);
      List<Buffer> all = new ArrayList<>(buffers.list());
      gone.forEach(each -> all.removeAll(each.buffers()));
      if (all.isEmpty() && gone.isEmpty()) {
        return false;
      }
      OwnDirectory.make(file.toAbsolutePath().getParent());
      Saver.save(file, all, gone);
      return true;
    } catch (IOException | RuntimeException | LinkageError e) {
      String what = Reason.of(e);
      String named = file + ": ";
      what = what.startsWith(named) ? what.substring(named.length()) : what;
      environment.reports().failure("the buffers could not be saved to " + file + ": " + what);
      return false;
    }
  }
}
