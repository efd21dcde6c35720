package org.pagewheel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pagewheel.BufferConfig;
import org.pagewheel.Clock;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.Reservation;
import org.pagewheel.spi.RingConfig;

/** The memory of a closed ring is freed by who is the last to leave, whoever meets whom on it. */
class FreeingTest {
  private final AtomicInteger wakeups = new AtomicInteger();

  /** Memory on the heap, and how often it was freed. */
  private static final class Memories implements CpuMemories {
    final AtomicInteger freed = new AtomicInteger();
    RingMemory given;
    private final RingLayout layout;

    Memories(RingLayout layout) {
      this.layout = layout;
    }

    @Override
    public MemorySegment get(int cpu, long bytes) {
      MemorySegment memory = MemorySegment.ofArray(new long[(int) bytes / Long.BYTES]);
      given = new RingMemory(memory, layout);
      return memory;
    }

    @Override
    public void giveBack(int cpu, MemorySegment memory) {}

    @Override
    public void free() {
      freed.getAndIncrement();
    }
  }

  private PageRing open(Memories memories, Consumer<String> fault) {
    BufferConfig config =
        BufferConfig.of("free", "lockfree")
            .withPages(memories.layout.pages, memories.layout.pageSize)
            .withMode(memories.layout.mode)
            .withClock(1, Clock.MONO, () -> 0);
    return new PageRing(
        new RingConfig(config, wakeups::incrementAndGet, fault), memories.layout, memories);
  }

  /**
   * While the thread that closes looks at the ring, with the lock held, another one releases the
   * last page and finds the lock taken. The look is halted by a damaged page, which is whole again
   * when the look ends.
   */
  @Test
  void whoFindsTheLockTakenIsLookedAfterByItsHolder() {
    Memories memories = new Memories(new RingLayout(Mode.OVERWRITE, 4, 2, 4096));
    Page[] held = new Page[1];
    long[] at = new long[1];
    int[] length = new int[1];
    List<String> faults = new ArrayList<>();
    PageRing ring =
        open(
            memories,
            line -> {
              faults.add(line);
              Thread other = Thread.ofPlatform().start(held[0]::release);
              joined(other);
              memories.given.segment.set(PageLayout.INT, at[0], length[0]);
            });
    ring.commit(ring.reserve(1000));
    ring.flush(0);
    held[0] = ring.take(0, false);
    assertNotNull(held[0]);
    long reservation = ring.reserve(1000);
    ring.commit(reservation);
    at[0] = Reservation.offset(reservation) - Integer.BYTES;
    length[0] = memories.given.segment.get(PageLayout.INT, at[0]);
    memories.given.segment.set(PageLayout.INT, at[0], 1 << 20);

    ring.close();
    assertEquals(1, faults.size(), faults::toString);
    assertEquals(1, memories.freed.get(), "closed, quiet, and no page held");
  }

  private static void joined(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * One writer stops between its reservation on a page that it has opened and its leaving the page
   * before; then the page is closed by a seal, and the writer goes on. What it does then is done
   * here, with the numbers that it has read.
   */
  @Test
  void aLateLeaveDoesNotKeepTheMemoryOfAClosedRing() {
    Memories memories = new Memories(new RingLayout(Mode.OVERWRITE, 4, 2, 4096));
    PageRing ring = open(memories, line -> {});
    long pending = ring.reserve(1000);
    Writer writer = ring.writer(0);
    long current = memories.given.getCurrentAcquire();
    int page = CurrentWord.page(current);
    ring.close();
    writer.leave(CurrentWord.sequence(current) - 1, memories.layout.frames, page);
    assertEquals(0, memories.freed.get(), "while an event is being written");
    ring.commit(pending);
    assertEquals(1, memories.freed.get(), "when it is committed");
  }

  /** The same with a writer that goes on when the ring has turned to the next page. */
  @Test
  void aLateLeaveDoesNotKeepTheWakeUpOfAPage() {
    Memories memories = new Memories(new RingLayout(Mode.OVERWRITE, 4, 2, 4096));
    PageRing ring = open(memories, line -> {});
    long pending = ring.reserve(1000);
    Writer writer = ring.writer(0);
    long before = memories.given.getCurrentAcquire();
    long now = before;
    while (now == before) {
      ring.commit(ring.reserve(1000));
      now = memories.given.getCurrentAcquire();
    }
    assertEquals(0, wakeups.get(), "while an event is being written");
    writer.leave(CurrentWord.sequence(before) - 1, CurrentWord.page(now), CurrentWord.page(before));
    ring.commit(pending);
    assertEquals(1, wakeups.get(), "when it is committed");
  }

  /** A writer closes the last page of a full ring, in which an event is open, and is refused. */
  @Test
  void whoIsRefusedLeavesNoPageBehindThatNobodyLooksAt() {
    Memories memories = new Memories(new RingLayout(Mode.DISCARD, 2, 2, 4096));
    PageRing ring = open(memories, line -> {});
    long current = 0;
    long pending = 0;
    for (long at = ring.reserve(1000); at >= 0; at = ring.reserve(1000)) {
      long now = memories.given.getCurrentAcquire();
      if (now != current) {
        if (current != 0) {
          pending = at;
        }
        current = now;
      }
      if (at != pending) {
        ring.commit(at);
      }
    }
    assertEquals(1, wakeups.get(), "the first page");
    ring.commit(pending);
    assertEquals(2, wakeups.get(), "the second page, when its last event is committed");
  }

  /** The same of a writer that finds a mistake in the ring, which turns the CPU off. */
  @Test
  void whoTurnsTheCpuOffLeavesNoPageBehindThatNobodyLooksAt() {
    Memories memories = new Memories(new RingLayout(Mode.OVERWRITE, 4, 2, 4096));
    List<String> faults = new ArrayList<>();
    PageRing ring = open(memories, faults::add);
    long pending = ring.reserve(1000);
    ring.commit(ring.reserve(1000));
    long next = CurrentWord.sequence(memories.given.getCurrentAcquire()) + 1;
    long slot = memories.given.getSlotAcquire(next);
    assertTrue(memories.given.casSlot(next, slot, slot + (1L << 40)));
    for (long at = ring.reserve(1000); at >= 0; at = ring.reserve(1000)) {
      ring.commit(at);
    }
    assertEquals(1, faults.size(), faults::toString);
    assertEquals(0, wakeups.get(), "while an event is being written");
    ring.commit(pending);
    assertEquals(1, wakeups.get(), "when it is committed");
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void theMemoryIsFreedWhenAllThreadsHaveMetTheSeal(Mode mode) throws InterruptedException {
    RingLayout layout = new RingLayout(mode, 4, 2, 4096);
    for (int round = 0; round < 200; round++) {
      Memories memories = new Memories(layout);
      PageRing ring = open(memories, line -> {});
      AtomicLong written = new AtomicLong();
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        writers.add(Thread.ofPlatform().start(() -> written.addAndGet(writeUntilSealed(ring))));
      }
      while (ring.counters(0).written() < round % 11) {
        Thread.onSpinWait();
      }
      assertFalse(memories.freed.get() > 0, "before it is closed");
      ring.close();
      for (Thread writer : writers) {
        writer.join();
      }
      assertEquals(1, memories.freed.get(), "freed, in round " + round);
      assertEquals(written.get(), ring.counters(0).written(), "written, in round " + round);
      assertTrue(ring.isQuiet());
    }
  }

  private static long writeUntilSealed(PageRing ring) {
    long written = 0;
    for (long at = ring.reserve(900); at != Refusal.SEALED; at = ring.reserve(900)) {
      if (at >= 0) {
        ring.commit(at);
        written++;
      }
    }
    return written;
  }
}
