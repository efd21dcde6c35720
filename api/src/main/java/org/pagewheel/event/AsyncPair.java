package org.pagewheel.event;

import org.pagewheel.Buffer;

/** The two types of an asynchronous span's events. */
record AsyncPair<B extends Record, E>(EventType.OfSpan<B> begins, EventType.OfSpan<?> ends)
    implements AsyncSpanType<B, E> {
  @Override
  public boolean begin(Buffer buffer, long id, B event) {
    return begins.begin(buffer, id, event);
  }

  @Override
  public boolean end(Buffer buffer, long id, E event) {
    return event != null
        ? ends.begin(buffer, id, (Record) event)
        : ends.isEnabled(buffer) && ends.endWithout(buffer, id);
  }

  @Override
  public EventType<B> beginType() {
    return begins;
  }

  @Override
  public EventType<?> endType() {
    return ends;
  }
}
