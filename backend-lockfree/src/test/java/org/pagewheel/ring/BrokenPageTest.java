package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;

/** A writer that writes beyond its reservation breaks its CPU's ring and nothing else. */
class BrokenPageTest {
  @Test
  void aRecordThatDoesNotEndWhereTheNextBeginsDisablesTheCpuAndIsToldOnce() {
    List<String> faults = new ArrayList<>();
    RingLayout layout = new RingLayout(Mode.OVERWRITE, 2, 1, 4096);
    RingMemory memory =
        new RingMemory(MemorySegment.ofArray(new long[(int) layout.bytes() / 8]), layout);
    memory.format();
    CpuRing ring = new CpuRing(7, memory, Clock.MONO, () -> {}, () -> {}, faults::add);
    long first = ring.writer.reserve(1000);
    long second = ring.writer.reserve(1000);
    ring.writer.commit(second);
    ring.writer.segment.set(PageLayout.INT, Reservation.offset(first) - Integer.BYTES, 1 << 20);
    ring.writer.commit(first);
    long at = 0;
    for (int i = 0; i < 100 && at >= 0; i++) {
      at = ring.writer.reserve(1000);
      if (at >= 0) {
        ring.writer.commit(at);
      }
    }
    assertEquals(Refusal.DISABLED, at);
    assertEquals(Refusal.DISABLED, ring.writer.reserve(1));
    assertEquals(1, faults.size(), faults.toString());
    assertTrue(faults.getFirst().startsWith("CPU 7 "), faults.toString());
    assertEquals(2, ring.account().counters().disabled());
  }
}
