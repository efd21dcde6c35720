package org.pagewheel.runtime.internal.trigger;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Clock;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;

/**
 * The writer's side of a ring of a buffer that has triggers: every event is looked at before it is
 * committed, and what it triggers happens after. A buffer without triggers has the ring itself, so
 * that it pays nothing. Where the stack or the heap is full, an event may trigger nothing.
 *
 * @param ring the ring
 * @param table the triggers
 */
public record TriggeringRing(RingWriter ring, TriggerTable table) implements RingWriter {
  @Override
  public long reserve(int length) {
    return ring.reserve(length);
  }

  @Override
  public long reserve(int length, Clock clock, long time) {
    return ring.reserve(length, clock, time);
  }

  @Override
  public MemorySegment memory(long reservation) {
    return ring.memory(reservation);
  }

  @Override
  public void commit(long reservation) {
    TriggerTable.Watch[] fired = null;
    long moment = 0;
    try {
      TriggerTable.Watch[] matched =
          table.match(ring.memory(reservation), Reservation.offset(reservation));
      if (matched != null) {
        moment = table.now(); // before the commit: nothing later than the event belongs to it
        fired = matched;
      }
    } catch (RuntimeException e) {
      // the payload is shorter than its type says: a raw writer's, and no trigger's business
    } catch (StackOverflowError | OutOfMemoryError full) {
      // this event triggers nothing
    }
    ring.commit(reservation);
    if (fired != null) {
      try {
        table.fire(fired, moment);
      } catch (StackOverflowError | OutOfMemoryError full) {
        // it triggers nothing, but it is written: its writer must not take it back
      }
    }
  }

  @Override
  public void discard(long reservation) {
    ring.discard(reservation);
  }

  @Override
  public int maxEventSize() {
    return ring.maxEventSize();
  }
}
