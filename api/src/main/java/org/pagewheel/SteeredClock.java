package org.pagewheel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Another clock's time by a counter that is cheaper to read: the counter is multiplied by a rate
 * that is measured while it runs.
 *
 * <p>Whoever reads it after a piece of 20 ms has ended compares the two clocks, which takes less
 * than a microsecond, and makes the next piece; no thread of its own is needed. As long as the
 * counter goes on, its time never runs backwards, on any thread or CPU. If the other clock is found
 * more than {@link #BOUND} away, it is read itself from then on.
 */
abstract class SteeredClock implements Clock {
  // Time is a function of the counter in pieces, each a straight line from a count on, for a number
  // of counts. A piece is an immutable object. It is published before anybody uses it, and what it
  // gives is never changed: beyond its end it gives nothing. So:
  //
  // S1  A count has one time, whoever reads it and when, for pieces do not overlap: the next piece
  //     begins where the last one ends, or later.
  // S2  The next piece begins with the time that the last one ends with, or with a later one, and
  //     no line falls. Hence a later count has no earlier time.
  // S3  A reader loads the piece once and reads the counter after that. If the processor has read
  //     the counter before, the count may lie before a piece that was published meanwhile: outside
  //     it, so the reader tries again. No reader goes on with two pieces.
  //
  // The error is measured where a piece ends. Below LOUD it is mostly the noise of measuring, so
  // half of it is taken out over the next piece, and a small part goes into the rate. Above, the
  // other clock has changed its speed, as NTP does: then the rate is that of the last piece, and
  // all
  // of the error is taken out. The first pieces are short, and the rate is that since the
  // beginning.
  //
  // Where nobody has read it for longer than a piece, no time has been given, and the next piece
  // begins with the other clock's time. So whatever happened then, such as a suspend, is healed.

  /** The largest error, in nanoseconds; beyond it the other clock is read. */
  static final long BOUND = 10_000;

  private static final long PERIOD = 20_000_000;
  private static final long FIRST = 2_000_000;
  private static final double LOUD = 250;
  private static final double USUAL_PART = 0.5;
  private static final double RATE_PART = 1.0 / 16;

  /** How much a rate that was measured over a gap may differ from the last one. */
  private static final double UNLIKELY = 1e-3;

  private static final int TRIES = 4;
  private static final int MORE_TRIES = 64;

  /** A moment that is known to half of this is good enough. */
  private static final double WIDE = 500;

  private static final int RETRIES = 100;

  /** So many pieces, some 5 s, are one half of what {@link #error} looks back on. */
  private static final int REMEMBERED = 256;

  /** Nanoseconds per count are stored as that times 1 << 56. */
  private static final int SHIFT = 8;

  private static final double ONE = 1L << Long.SIZE - SHIFT;

  private static final VarHandle PIECE;

  static {
    try {
      PIECE = MethodHandles.lookup().findVarHandle(SteeredClock.class, "piece", Piece.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** A straight line, and what the next one is made of. */
  private static final class Piece {
    final long from;

    /** Counts; 0 in the last piece, after which the other clock is read. */
    final long length;

    final long base;
    final long factor;

    /** Nanoseconds per count, without what takes out the error. */
    final double rate;

    final CounterSample sample;

    /** The first sample, until pieces have their full length; null after that. */
    CounterSample origin;

    int steps;
    long worst;
    long worstBefore;

    Piece(long from, long length, long base, double slope, double rate, CounterSample sample) {
      this.from = from;
      this.length = length;
      this.base = base;
      this.factor = (long) (slope * ONE);
      this.rate = rate;
      this.sample = sample;
    }

    long at(long count) {
      return base + Math.multiplyHigh(count - from << SHIFT, factor);
    }

    long end() {
      return from + length;
    }

    /** Before it is published. */
    void remember(Piece last, long error) {
      boolean isFull = last.steps == REMEMBERED;
      steps = isFull ? 1 : last.steps + 1;
      worst = Math.max(isFull ? 0 : last.worst, error);
      worstBefore = isFull ? last.worst : last.worstBefore;
    }
  }

  private final LongSupplier counter = this::count;
  private final LongSupplier other = this::mono;

  /** By getAcquire, which pairs with the compareAndSet of the thread that made it. */
  @SuppressWarnings("unused") // by its handle
  private volatile Piece piece;

  SteeredClock() {
    CounterSample first = CounterSample.take(counter, other, MORE_TRIES);
    CounterSample last = first;
    while (last.mono() - first.mono() < FIRST) {
      last = CounterSample.take(counter, other, TRIES);
    }
    last = CounterSample.take(counter, other, MORE_TRIES);
    double rate = rate(first, last);
    long length = (long) (FIRST / rate);
    piece = new Piece(last.count(), length, last.mono(), rate, rate, last);
    piece.origin = first;
  }

  private static double rate(CounterSample from, CounterSample to) {
    return (double) (to.mono() - from.mono()) / (to.count() - from.count());
  }

  /** Reads the counter. */
  abstract long count();

  /** Reads the other clock. */
  abstract long mono();

  /** Once, when it has come to read the other clock; on a thread that may be in the midst of it. */
  abstract void fallen(long error);

  @Override
  public final long now() {
    Piece now = (Piece) PIECE.getAcquire(this);
    long counts = count() - now.from;
    if (Long.compareUnsigned(counts, now.length) < 0) {
      return now.base + Math.multiplyHigh(counts << SHIFT, now.factor);
    }
    return slowly();
  }

  private long slowly() {
    for (int i = 0; ; i++) {
      Piece last = (Piece) PIECE.getAcquire(this);
      long count = count();
      if (Long.compareUnsigned(count - last.from, last.length) < 0) {
        return last.at(count);
      }
      if (last.length == 0) {
        return Math.max(mono(), last.base);
      }
      if (count - last.from >= 0 || i >= RETRIES) {
        next(last);
      }
    }
  }

  private void next(Piece last) {
    CounterSample sample = CounterSample.take(counter, other, TRIES);
    if (sample.width() * last.rate > WIDE) {
      sample = CounterSample.take(counter, other, MORE_TRIES);
    }
    long gap = sample.count() - last.end();
    boolean isNext = gap >= 0 && gap < last.length;
    Piece next = isNext ? continued(last, sample) : begun(last, sample);
    long error = isNext ? last.at(sample.count()) - sample.mono() : next.base - sample.mono();
    boolean isFar = Math.abs(error) > BOUND;
    if (isFar) {
      next = new Piece(last.end(), 0, last.at(last.end()), 0, last.rate, sample);
    }
    next.remember(last, Math.abs(error));
    if (PIECE.compareAndSet(this, last, next) && isFar) {
      fallen(error);
    }
  }

  /** The next piece after one that somebody may have read up to its end. */
  private static Piece continued(Piece last, CounterSample sample) {
    double error = last.at(sample.count()) - sample.mono();
    boolean isLoud = Math.abs(error) > LOUD;
    double counts = sample.count() - last.sample.count();
    double rate = last.rate - RATE_PART * error / counts;
    if (isLoud) {
      rate = rate(last.sample, sample);
    } else if (last.origin != null) {
      rate = rate(last.origin, sample);
    }
    long full = (long) (PERIOD / rate);
    long length = Math.min(2 * last.length, full);
    double slope = rate - (isLoud ? 1 : USUAL_PART) * error / length;
    long base = last.at(last.end());
    Piece next = new Piece(last.end(), length, base, Math.max(slope, rate / 2), rate, sample);
    next.origin = length < full ? last.origin : null;
    return next;
  }

  /** The next piece after a time in which nobody has read it, or that the counter has left. */
  private static Piece begun(Piece last, CounterSample sample) {
    double measured = rate(last.sample, sample);
    boolean isLikely = Math.abs(measured / last.rate - 1) < UNLIKELY;
    double rate = isLikely ? measured : last.rate;
    long base = Math.max(sample.mono(), last.at(last.end()));
    return new Piece(sample.count(), last.length, base, rate, rate, sample);
  }

  /** The largest difference between the two clocks that was measured in the last 5 to 10 s. */
  @Override
  public final OptionalLong error() {
    Piece now = (Piece) PIECE.getAcquire(this);
    return OptionalLong.of(now.length == 0 ? 0 : Math.max(now.worst, now.worstBefore));
  }

  /** Whether it reads the other clock by now. */
  final boolean isFallen() {
    return ((Piece) PIECE.getAcquire(this)).length == 0;
  }
}
