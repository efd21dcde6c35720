package org.pagewheel.backend.offheap.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingWriter;

/** The event of these tests: it knows its writer and its number, and whether it is whole. */
record StepEvent(int writer, long number) {
  /** Of the kernel's text marks, which every process knows. */
  private static final int ID = 5;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int WRITER = 8;
  private static final int NUMBER = 12;
  private static final int CHECK = 20;

  /** Lengths differ, up to beyond the border of long records. */
  int length() {
    return CHECK + 8 + (int) (number % 37) * 4;
  }

  private long check() {
    return (number + 1) * 0x9e3779b97f4a7c15L ^ writer * 0xff51afd7ed558ccdL;
  }

  void write(RingWriter ring, long at) {
    MemorySegment memory = ring.memory(at);
    long offset = Reservation.offset(at);
    memory.set(INT, offset, ID);
    memory.set(INT, offset + 4, 1);
    memory.set(INT, offset + WRITER, writer);
    memory.set(LONG, offset + NUMBER, number);
    memory.set(LONG, offset + CHECK, check());
    for (int i = CHECK + 8; i < length(); i += 4) {
      memory.set(INT, offset + i, (int) check() + i);
    }
  }

  /** Null if the bytes are none. */
  static StepEvent read(MemorySegment payload) {
    if (payload.byteSize() < CHECK + 8) {
      return null;
    }
    StepEvent event = new StepEvent(payload.get(INT, WRITER), payload.get(LONG, NUMBER));
    if (event.number < 0
        || payload.get(LONG, CHECK) != event.check()
        || event.length() > payload.byteSize()) {
      return null;
    }
    for (int i = CHECK + 8; i < event.length(); i += 4) {
      if (payload.get(INT, i) != (int) event.check() + i) {
        return null;
      }
    }
    return event;
  }

  static StepEvent readWhole(MemorySegment payload) {
    StepEvent event = read(payload);
    assertTrue(event != null, "a torn event");
    assertEquals(ID, payload.get(INT, 0) & 0xffff);
    return event;
  }
}
