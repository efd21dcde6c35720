package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.pagewheel.Buffer;
import org.pagewheel.Clock;
import org.pagewheel.ClockScale;
import org.pagewheel.runtime.internal.config.Settings;
import org.pagewheel.runtime.internal.lifecycle.Scheduler;
import org.pagewheel.runtime.internal.lifecycle.Threads;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.runtime.internal.trigger.Trigger;
import org.pagewheel.runtime.internal.trigger.TriggerTable;
import org.pagewheel.runtime.internal.trigger.TriggerText;
import org.pagewheel.spi.Reason;

/**
 * Keeps what lies around the events of triggers: from some time before to some time after, in a
 * file of its own, written once the time after is over.
 *
 * <p>How it works: whoever fires only notes what is wanted and goes on. When its time has come, or
 * the buffer is closed, or everything stops, a thread copies the rings and leaves out what is
 * earlier or later; another one writes. The rings themselves hold what is to be kept until then:
 * what they have overwritten meanwhile is reported in the file and by the trigger. What waits is
 * bounded: an event that comes when there is too much does not fire its trigger.
 *
 * <p>A process may end while something waits: a shutdown hook, made with the first trigger that
 * keeps, saves it then.
 */
public final class KeptTraces {
  private static final int MAX_WANTED = 64;

  private final Environment environment;
  private final Supplier<List<Buffer>> all;

  /** What waits for its time; who takes one out copies it. */
  private final Set<Wanted> wanted = ConcurrentHashMap.newKeySet();

  private final ThreadPoolExecutor writer = Scheduler.oneThread("pagewheel-kept");

  /** Guarded by this. */
  private Thread hook;

  private volatile boolean isFinished;

  /**
   * A time of a buffer.
   *
   * @param buffer the buffer
   * @param clock its clock then
   * @param from by that clock
   * @param to by that clock
   */
  record Span(Buffer buffer, Clock clock, long from, long to) {
    /** Whether the buffer's events can be compared with it: not once it has another clock. */
    boolean isKnown() {
      return buffer.config().clock() == clock;
    }
  }

  /**
   * @param all the buffers there are
   */
  public KeptTraces(Environment environment, Supplier<List<Buffer>> all) {
    this.environment = environment;
    this.all = all;
  }

  /** A trigger that keeps is made. */
  public synchronized void expect() {
    if (hook == null && !isFinished) {
      Thread made = new Thread(this::saveNow, "pagewheel-keep");
      try {
        Runtime.getRuntime().addShutdownHook(made);
        hook = made;
      } catch (IllegalStateException ending) {
        // nothing will be kept any more
      }
    }
  }

  /**
   * Asks for one, by a writer or an observer.
   *
   * @return false if too many are asked for already
   */
  public boolean begin(Trigger trigger, SwappableBuffer buffer, TriggerTable.Reason reason) {
    if (isFinished || wanted.size() >= MAX_WANTED) {
      return false;
    }
    TriggerText.Window window = trigger.text().window();
    Clock clock = buffer.config().clock();
    long now = clock.now();
    Optional<ClockScale> scale = clock.scale();
    long from = reason.begin() - counts(scale, window.before());
    long to = reason.end() + counts(scale, window.after());
    long past = nanos(scale, now - from);
    long rest = nanos(scale, to - now);
    List<Span> spans = new ArrayList<>();
    spans.add(new Span(buffer, clock, from, to));
    if (environment.settings().kept().allBuffers()) {
      for (Buffer other : all.get()) {
        if (other != buffer) {
          Clock others = other.config().clock();
          long there = others == clock ? now : others.now();
          Optional<ClockScale> theirs = others.scale();
          long begin = there - counts(theirs, past);
          spans.add(new Span(other, others, begin, there + counts(theirs, rest)));
        }
      }
    }
    Wanted one = new Wanted(trigger, reason.event(), spans);
    wanted.add(one);
    Duration wait = Duration.ofNanos(Math.max(0, rest));
    // A millisecond more: the scheduler counts whole ones.
    environment.later(wait.plusMillis(1), () -> environment.soon(() -> copy(one)));
    return true;
  }

  private static long counts(Optional<ClockScale> scale, long nanos) {
    return scale.isPresent() ? scale.get().counts(nanos) : nanos;
  }

  private static long nanos(Optional<ClockScale> scale, long counts) {
    return scale.isPresent() ? scale.get().length(counts) : counts;
  }

  /** Once: by whoever takes it out. */
  private void copy(Wanted one) {
    if (wanted.remove(one)) {
      try {
        Picture picture = one.picture();
        String missing = one.missing(picture);
        writer.execute(() -> write(one, picture, missing));
      } catch (RejectedExecutionException stopped) {
        // everything has been stopped
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        failed(one, e);
      }
    }
  }

  private void write(Wanted one, Picture picture, String missing) {
    try {
      Settings.Kept kept = environment.settings().kept();
      Path file = Snapshots.keep(kept, one.fileName(), picture);
      one.trigger.worked();
      if (!missing.isEmpty()) {
        one.trigger.problem(missing);
      }
      environment
          .reports()
          .news(
              one.who()
                  + ": wrote "
                  + file
                  + (missing.isEmpty() ? "" : ", not all of it: " + missing));
    } catch (IOException e) {
      String why = Reason.of(e); // the system's own words know no file
      String directory = environment.settings().kept().directory().toAbsolutePath().toString();
      failed(one, new IOException(why.contains("/") ? why : directory + ": " + why, e));
    } catch (RuntimeException | OutOfMemoryError e) {
      failed(one, e);
    }
  }

  private void failed(Wanted one, Throwable e) {
    String what = Reason.of(e);
    if (one.trigger.failed(what)) {
      environment.reports().failure(one.who() + " failed: " + what);
    }
  }

  /** A buffer is about to be closed: what waits for more of it gets what there is. */
  public void closing(Buffer buffer) {
    for (Wanted one : wanted) {
      if (one.first() == buffer) {
        copy(one);
      }
    }
  }

  /** Saves what waits and what is being written, in time. */
  private void saveNow() {
    isFinished = true;
    List.copyOf(wanted).forEach(this::copy);
    Scheduler.finish(writer, environment.settings().stopTimeout());
  }

  /** Saves what waits, whatever its time, and ends. */
  public void finish() {
    Thread apart = null;
    try {
      // The caller's thread may have been interrupted, which closes the files that it works with.
      apart = Threads.start("pagewheel-keep", this::saveNow);
    } catch (OutOfMemoryError noThread) {
      saveNow();
    }
    if (apart != null) {
      Threads.join(apart);
    }
    synchronized (this) {
      if (hook != null) {
        try {
          Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
          // it runs, and finds nothing
        }
        hook = null;
      }
    }
  }
}
