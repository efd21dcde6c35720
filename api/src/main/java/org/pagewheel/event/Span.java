package org.pagewheel.event;

import java.util.Iterator;
import org.pagewheel.Buffer;
import org.pagewheel.event.internal.SpanIds;

/**
 * A span that has begun and is to be ended, once, best by {@code try} as {@link SpanType} shows.
 *
 * <p>Ending never throws because of the state of the span or the buffer, and each case has one
 * meaning:
 *
 * <ul>
 *   <li>The begin was refused, or its type disabled: the end writes nothing. The buffer has counted
 *       the refusal, {@link SpanType#skipped} counts the end.
 *   <li>The type was disabled, or another ring put beneath the buffer, since the begin: the end is
 *       written, so that each begin has one.
 *   <li>The end is refused, as in a full ring in mode discard: the buffer counts it, and the begin
 *       stays alone in the file.
 *   <li>{@link #end} a second time, or after {@link #close}: nothing is written, and {@link
 *       SpanType#skipped} counts it.
 *   <li>{@link #close} without {@link #end}, as when an exception is on its way: the end is written
 *       with {@code ended=false} and without a result.
 *   <li>Spans that end in another order than that of their begins: each pair is known by its
 *       number, so that all have their own times.
 *   <li>Ended on another thread: the end event has that thread. A span must not be used by two
 *       threads at once; if it is, it may be ended twice.
 *   <li>Never ended: its begin stays alone in the file, and readers of the file count it.
 * </ul>
 *
 * <p>Nothing is allocated for a span once its caller is compiled by C2, if it does not leave the
 * method in which it begins, whether that is left by an exception or not. A second call of {@link
 * #end} in a branch that is hardly ever taken, but is taken, costs 32 bytes for each span.
 *
 * @param <E> the record at the end; {@link Void} if there is none
 */
public final class Span<E> implements AutoCloseable {
  private static final int OPEN = 0;
  private static final int ENDED = 1;
  private static final int REFUSED = 2;

  private final SpanEnds<E> ends;
  private final Buffer buffer;

  /** The span's number, or when it began. */
  private final long key;

  private int state;

  /** All is done here, for constructors are compiled into their callers however rare they are. */
  <B extends Record> Span(SpanPair<B, E> type, Buffer buffer, B event) {
    ends = type.ends();
    this.buffer = buffer;
    key = type.begins().isEnabled(buffer) ? SpanIds.next() : 0;
    state = type.begins().begin(buffer, key, event) ? OPEN : REFUSED;
  }

  Span(SpanEnds<E> type, Buffer buffer) {
    ends = type;
    this.buffer = buffer;
    boolean isEnabled = type.type().isEnabled(buffer);
    key = isEnabled ? System.nanoTime() : 0;
    state = isEnabled ? OPEN : REFUSED;
  }

  /** A call of {@link #end}: a constructor, as that of the span. */
  private static final class Ending {
    private final boolean written;

    <E> Ending(Span<E> span, E result) {
      long value = span.take();
      SpanEnds<E> ends = span.ends;
      written =
          result != null
              ? ends.type().end(span.buffer, value, (Record) result)
              : value != 0 && ends.type().endWithout(span.buffer, value);
    }
  }

  /**
   * Ends the span.
   *
   * @param result what has come of it; null leaves it open what, as {@link #close} does
   * @return whether the event was written; if not, see above
   */
  public boolean end(E result) {
    return new Ending(this, result).written;
  }

  /** Ends the span without a result, unless it has ended. Does nothing the second time. */
  @Override
  public void close() {
    closed(this);
  }

  /**
   * What closes a span. The call on the way of an exception is rare, and C2 leaves out what is rare
   * but for methods of up to six bytes, as {@link #close} is, for constructors, and for methods
   * that return an {@link Iterator}, as this one.
   */
  private static Iterator<Object> closed(Span<?> span) {
    if (span.state != ENDED) {
      new Ending(span, null);
    }
    return null;
  }

  /** The key, once; 0 if there is nothing to end. */
  private long take() {
    int before = state;
    state = ENDED;
    if (before != OPEN) {
      ends.skippedEnds().increment();
      return 0;
    }
    return key;
  }
}
