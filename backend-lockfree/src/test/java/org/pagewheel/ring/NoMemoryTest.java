package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.spi.Refusal;
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
    assertEquals(
        "CPU 2 has no memory", assertThrows(IOException.class, () -> ring.prepare(2)).getMessage());
    assertEquals(3, faults.size(), faults::toString);
    ring.close();
    assertEquals(Refusal.SEALED, ring.reserve(16));
    assertEquals(500, ring.counters(1).disabled());
  }

  /** So that the writers of a ring that was put in the place of another need not wait for it. */
  @Test
  void aPreparedCpuAsksForNothingAtItsFirstEvent() throws IOException {
    AtomicInteger cpu = new AtomicInteger();
    AtomicInteger given = new AtomicInteger();
    BufferConfig config =
        BufferConfig.of("some", "lockfree").withPages(2, 4096).withClock(2, Clock.MONO, cpu::get);
    CpuMemories memories =
        new CpuMemories() {
          @Override
          public MemorySegment get(int number, long bytes) {
            given.addAndGet(number + 1);
            return MemorySegment.ofArray(new long[(int) (bytes / Long.BYTES)]);
          }

          @Override
          public void giveBack(int number, MemorySegment memory) {}

          @Override
          public void free() {}
        };
    PageRing ring = new PageRing(RingConfig.of(config), LAYOUT, memories);
    ring.prepare(1);
    ring.prepare(1);
    assertEquals(2, given.get(), "memory of CPU 1, once");
    cpu.set(1);
    ring.commit(ring.reserve(16));
    assertEquals(2, given.get(), "memory that an event asked for");
    cpu.set(0);
    ring.commit(ring.reserve(16));
    assertEquals(3, given.get(), "memory of CPU 0");
    ring.close();
    ring.prepare(0);
    assertEquals(3, given.get(), "memory for a closed ring");
  }
}
