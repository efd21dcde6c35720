package org.pagewheel;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** The clock x86-tsc: the counter's raw counts. */
final class TscClock implements Clock {
  // The scale is measured over the whole life of the clock, so it becomes the better the later it
  // is asked for; the two samples are off by some 10 ns at most. After MIN_NANOS it is off by at
  // most 0.2 millionths. Whoever makes the clock waits for that, and nobody who asks for the scale:
  // a writer whose event fires a trigger does.

  private static final int TRIES = 32;
  private static final long MIN_NANOS = 100_000_000;

  private final CounterSample first = sample();

  TscClock() {
    boolean isInterrupted = false;
    long rest = MIN_NANOS;
    while (rest > 0) {
      LockSupport.parkNanos(rest);
      isInterrupted |= Thread.interrupted(); // or it would not wait any more
      rest = MIN_NANOS - (System.nanoTime() - first.mono());
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

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
    double nanos = last.mono() - first.mono();
    return Optional.of(
        ClockScale.of(nanos / (last.count() - first.count()), last.count(), last.mono()));
  }

  @Override
  public String toString() {
    return "clock x86-tsc";
  }
}
