package org.pagewheel.event;

import org.pagewheel.Buffer;

/** A span's only event. */
record DurationEvents<R extends Record>(SpanEnds<R> ends, EventType<R> eventType)
    implements DurationType<R> {
  @Override
  public Span<R> begin(Buffer buffer) {
    return new Span<>(ends, buffer);
  }

  @Override
  public long skipped() {
    return ends.skipped();
  }
}
