package org.pagewheel;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The clock x86-tsc: the counter's raw counts. */
final class TscClock implements Clock {
  // The scale is measured over the whole life of the clock, so it becomes the better the later it
  // is asked for; the two samples are off by some 10 ns at most. The first one is long enough ago
  // after MIN_NANOS: then the scale is off by at most 0.2 millionths.

  private static final int TRIES = 32;
  private static final long MIN_NANOS = 100_000_000;

  private final CounterSample first = sample();

  private static CounterSample sample() {
    return CounterSample.take(Tsc::read, System::nanoTime, TRIES);
  }

  @Override
  public long now() {
    return Tsc.read();
  }

  @Override
  public String name() {
    return "x86-tsc";
  }

  @Override
  public Optional<ClockScale> scale() {
    CounterSample last = sample();
    while (last.mono() - first.mono() < MIN_NANOS && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(MIN_NANOS - (last.mono() - first.mono()));
      last = sample();
    }
    double nanos = last.mono() - first.mono();
    return Optional.of(
        ClockScale.of(nanos / (last.count() - first.count()), last.count(), last.mono()));
  }

  @Override
  public String toString() {
    return "clock x86-tsc";
  }
}
