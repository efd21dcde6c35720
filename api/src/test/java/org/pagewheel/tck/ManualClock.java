package org.pagewheel.tck;

import java.util.concurrent.atomic.AtomicLong;
import org.pagewheel.Clock;

/** A clock that a test sets; it goes on by a step at each reading. */
final class ManualClock implements Clock {
  /** Far enough from 0 that running back does not go below. */
  static final long START = 1_000_000_000_000L;

  private final AtomicLong time = new AtomicLong(START);
  private final AtomicLong readings = new AtomicLong();
  private volatile long step = 1000;
  private volatile Runnable onReading = () -> {};

  @Override
  public long now() {
    readings.incrementAndGet();
    onReading.run();
    return time.getAndAdd(step);
  }

  /** What the next reading gives. */
  long next() {
    return time.get();
  }

  void set(long next) {
    time.set(next);
  }

  void advance(long nanos) {
    time.addAndGet(nanos);
  }

  void step(long nanos) {
    step = nanos;
  }

  /** Runs something at each reading, on the reading thread. */
  void onReading(Runnable action) {
    onReading = action;
  }

  long readings() {
    return readings.get();
  }

  @Override
  public String name() {
    return "counter";
  }
}
