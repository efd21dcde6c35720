package org.pagewheel.runtime.internal.ring;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.pagewheel.spi.Leftovers;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;
import org.pagewheel.spi.WritableBuffer;

/** Writes an event whose payload exists already. */
final class RawEvent {
  private RawEvent() {}

  static boolean write(WritableBuffer buffer, byte[] payload) {
    RingWriter ring = buffer.writer();
    long at = ring.reserve(payload.length);
    while (at == Refusal.SEALED) {
      ring = buffer.successor(ring);
      at = ring.reserve(payload.length);
    }
    if (at < 0) {
      Leftovers.settle();
      return false;
    }
    try {
      long offset = Reservation.offset(at);
      MemorySegment.copy(
          payload, 0, ring.memory(at), ValueLayout.JAVA_BYTE, offset, payload.length);
      ring.commit(at);
      return true;
    } catch (Throwable e) {
      try {
        ring.discard(at);
      } catch (Throwable full) {
        synchronized (Leftovers.RINGS) { // nothing is called: the stack is full
          if (Leftovers.count < Leftovers.MAX) {
            Leftovers.RINGS[Leftovers.count] = ring;
            Leftovers.RESERVATIONS[Leftovers.count++] = at;
          }
        }
      }
      throw e;
    }
  }
}
