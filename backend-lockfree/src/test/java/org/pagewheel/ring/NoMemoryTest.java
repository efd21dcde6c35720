package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Refusal;
import org.pagewheel.spi.RingConfig;

/** A ring whose CPUs ask for memory that is not there. */
class NoMemoryTest {
  private static final RingLayout LAYOUT = new RingLayout(Mode.OVERWRITE, 2, 2, 4096);

  private static final class None implements CpuMemories {
    int asked;

    @Override
    public MemorySegment get(int cpu, long bytes) throws IOException {
      asked++;
      throw new IOException("none");
    }

    @Override
    public void giveBack(int cpu, MemorySegment memory) {
      throw new IllegalStateException("nothing was given");
    }

    @Override
    public void free() {}
  }

  @Test
  void theFaultIsReportedOnceForEachCpuAndEachEventIsCounted() {
    List<String> faults = new ArrayList<>();
    AtomicInteger cpu = new AtomicInteger();
    BufferConfig config =
        BufferConfig.of("none", "lockfree").withPages(2, 4096).withClock(3, Clock.MONO, cpu::get);
    None memories = new None();
    PageRing ring = new PageRing(new RingConfig(config, () -> {}, faults::add), LAYOUT, memories);
    for (int i = 0; i < 1000; i++) {
      cpu.set(i & 1);
      assertEquals(Refusal.DISABLED, ring.reserve(16));
    }
    assertEquals(2, faults.size(), faults::toString);
    assertEquals(2, memories.asked, "asked for memory");
    assertEquals(500, ring.counters(0).disabled());
    assertEquals(500, ring.counters(1).disabled());
    ring.close();
    assertEquals(Refusal.SEALED, ring.reserve(16));
    assertEquals(500, ring.counters(1).disabled());
  }
}
