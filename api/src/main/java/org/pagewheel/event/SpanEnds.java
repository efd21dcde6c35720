package org.pagewheel.event;

import java.lang.invoke.MethodHandles.Lookup;
import java.util.concurrent.atomic.LongAdder;
import org.pagewheel.event.internal.EventRegistry;
import org.pagewheel.event.internal.EventTypes;
import org.pagewheel.event.internal.Part;

/**
 * The type of the event that a span's end writes.
 *
 * @param skippedEnds counts ends that write nothing
 */
record SpanEnds<E>(EventType.OfSpan<?> type, LongAdder skippedEnds) {
  static <E> SpanEnds<E> of(EventType.OfSpan<?> type) {
    return new SpanEnds<>(type, new LongAdder());
  }

  /** Defines the type of one event. */
  @SuppressWarnings("unchecked") // the class that is made for R is one of a span's
  static <R extends Record> EventType.OfSpan<R> part(
      String system, Class<R> record, Class<? extends Record> named, Part part, Lookup lookup) {
    return (EventType.OfSpan<R>)
        EventRegistry.PROCESS.define(
            EventTypes.of(system, record, named, part), named.getName(), lookup);
  }

  long skipped() {
    return skippedEnds.sum();
  }
}
