package org.pagewheel.runtime.internal.save;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.pagewheel.Buffer;
import org.pagewheel.runtime.internal.lifecycle.Scheduler;
import org.pagewheel.runtime.internal.plugin.Environment;
import org.pagewheel.runtime.internal.ring.SwappableBuffer;
import org.pagewheel.runtime.internal.trigger.Trigger;
import org.pagewheel.spi.Reason;

/**
 * Snapshots that triggers take: of the moment of the event, whenever they get round to it.
 *
 * <p>How it works: the writer only notes the time and goes on. A thread copies the rings at once,
 * for what is oldest is soon overwritten, and leaves out what is later than the moment. Another
 * thread writes the copies to files; a few may wait for it, as they cost memory, and the next one
 * is copied after that. Moments that wait for their copy are bounded, too: an event that comes when
 * there are too many does not fire its trigger.
 */
public final class TriggeredSnapshots {
  private static final int MAX_MOMENTS = 64;
  private static final int MAX_COPIES = 3;

  private final Environment environment;
  private final Supplier<List<Buffer>> all;
  private final Semaphore moments = new Semaphore(MAX_MOMENTS);
  private final Semaphore copies = new Semaphore(MAX_COPIES);
  private final ThreadPoolExecutor writer = Scheduler.oneThread("pagewheel-snapshots");

  /**
   * @param all the buffers there are, for a trigger that takes all of them
   */
  public TriggeredSnapshots(Environment environment, Supplier<List<Buffer>> all) {
    this.environment = environment;
    this.all = all;
  }

  /**
   * Asks for one, by a writer.
   *
   * @param moment the time of the event
   * @return false if too many are asked for already
   */
  public boolean begin(Trigger trigger, SwappableBuffer buffer, long moment) {
    if (!moments.tryAcquire()) {
      return false;
    }
    List<Moment> chosen = new ArrayList<>();
    chosen.add(new Moment(buffer, buffer.config().clock(), moment));
    if (environment.settings().snapshots().allBuffers()) {
      all.get().stream().filter(other -> other != buffer).map(Moment::of).forEach(chosen::add);
    }
    environment.soon(() -> copy(trigger, chosen));
    return true;
  }

  private void copy(Trigger trigger, List<Moment> chosen) {
    moments.release();
    try {
      copies.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // everything stops
      return;
    }
    try {
      List<Buffer> buffers = chosen.stream().map(Moment::buffer).toList();
      Picture picture = Picture.of(buffers).until(chosen);
      writer.execute(() -> write(trigger, picture));
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      copies.release();
      if (!(e instanceof RejectedExecutionException)) {
        failed(trigger, chosen.getFirst().buffer(), e);
      }
    }
  }

  private void write(Trigger trigger, Picture picture) {
    Buffer buffer = picture.buffers().getFirst();
    try {
      Path file = Snapshots.write(environment.settings().snapshots(), picture);
      trigger.worked();
      environment.reports().news(who(trigger, buffer) + ": wrote " + file);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      failed(trigger, buffer, e);
    } finally {
      copies.release();
    }
  }

  private void failed(Trigger trigger, Buffer buffer, Throwable e) {
    String what = Reason.of(e);
    if (trigger.failed(what)) {
      environment.reports().problem(who(trigger, buffer) + " failed: " + what);
    }
  }

  private static String who(Trigger trigger, Buffer buffer) {
    return "%s: snapshot at %s".formatted(buffer, trigger.text().event());
  }

  /** Finishes what was asked for, in time. */
  public void finish() {
    Scheduler.finish(writer, environment.settings().stopTimeout());
  }
}
