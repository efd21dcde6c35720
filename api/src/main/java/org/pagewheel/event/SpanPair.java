package org.pagewheel.event;

import org.pagewheel.Buffer;

/**
 * The two types of a span's events. A record, as are {@link SpanEnds} and {@link AsyncPair}: of a
 * constant record the compiler takes the fields for constants, too, so that it knows which class of
 * event type is called.
 */
record SpanPair<B extends Record, E>(EventType.OfSpan<B> begins, SpanEnds<E> ends)
    implements SpanType<B, E> {
  @Override
  public Span<E> begin(Buffer buffer, B event) {
    return new Span<>(this, buffer, event);
  }

  @Override
  public EventType<B> beginType() {
    return begins;
  }

  @Override
  public EventType<?> endType() {
    return ends.type();
  }

  @Override
  public long skipped() {
    return ends.skipped();
  }
}
