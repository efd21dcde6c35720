package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.function.IntPredicate;
import org.pagewheel.Page;
import org.pagewheel.format.PageEncoder;

/**
 * One CPU's ring in memory that another process writes, or wrote before it died. Only reads, so the
 * memory may be mapped read-only, and believes nothing: whatever the bytes are, it ends, stays
 * within the memory, and gives no page that does not hold together. For one thread.
 */
public final class ForeignRing {
  private final int cpu;
  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final PageSalvage salvage;

  /**
   * Looks at memory.
   *
   * @param cpu the CPU whose ring it is
   * @param memory of {@link RingLayout#bytes} bytes, at a multiple of 8
   * @param layout of the ring that is in it
   * @param isEventId whether an event can have an id; what is no event ends a page as damaged
   */
  public ForeignRing(int cpu, MemorySegment memory, RingLayout layout, IntPredicate isEventId) {
    this.cpu = cpu;
    this.memory = new RingMemory(memory, layout);
    this.layout = layout;
    this.slots = layout.slotWord;
    this.salvage = new PageSalvage(this.memory, isEventId);
  }

  /**
   * Copies a page while the other process writes, as {@link org.pagewheel.PageSource#copy} does; of
   * a page from its first event on, be it read there or not. Losses are told by gaps in the
   * sequences alone.
   *
   * @param from the lowest sequence wanted
   * @param into memory of one page
   * @return the page, or null if there is none now
   */
  public Page copy(long from, MemorySegment into) {
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    long wanted = Math.clamp(from, 0, Long.MAX_VALUE - layout.slots) + layout.slots;
    long sequence = Math.max(tail - layout.slots + 1, layout.slots);
    while (sequence <= tail) {
      long slot = memory.getSlotAcquire(sequence);
      if (isLive(slot, sequence)) {
        int events = salvage.prefix(slots.page(slot), into);
        if (!memory.isSlotStill(sequence, slot)) {
          tail = CurrentWord.sequence(memory.getCurrentAcquire());
          sequence = Math.max(sequence, tail - layout.slots + 1);
          continue;
        }
        if (sequence >= wanted && events > 0) {
          PageEncoder.finish(into, 0, layout.pageSize, salvage.used(), 0, false);
          return new Page(cpu, sequence - layout.slots, 0, into, page -> {});
        }
        if (salvage.torn() > 0 && sequence < tail) {
          return null; // what is behind waits for this page's events
        }
      }
      sequence++;
    }
    return null;
  }

  private boolean isLive(long slot, long sequence) {
    return slots.isAt(slot, sequence)
        && slots.state(slot) == SlotWord.LIVE
        && slots.page(slot) < layout.frames;
  }

  /**
   * Saves what a dead process has left: every committed event that is in the memory, those that a
   * reader had taken but not given back included.
   *
   * @param available how many bytes of the memory are there; behind them the file was cut
   * @return the pages that hold together, and what was wrong with the others
   */
  public Salvage salvage(long available) {
    Salvage result = new Salvage(cpu, layout.pageSize);
    BitSet placed = new BitSet(layout.frames);
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    for (int i = 0; i < layout.slots; i++) {
      long slot = memory.getSlotAcquire(i);
      int page = slots.page(slot);
      int state = slots.state(slot);
      long behind = slots.behind(slot, tail);
      if (page >= layout.frames || placed.get(page)) {
        result.damaged("slot " + i + " names page " + page + ", which cannot be there");
        continue;
      }
      placed.set(page);
      if (state == SlotWord.LIVE) {
        if (layout.page(page) + layout.pageSize > available) {
          result.damaged("page " + page + " is cut off");
        } else if (slots.isAt(slot, tail + 1) && layout.slotIndex(tail + 1) == i) {
          continue; // killed on the way to this page, which is empty
        } else if (behind >= layout.slots || layout.slotIndex(tail - behind) != i) {
          result.damaged("slot " + i + " has a sequence that cannot be there");
        } else {
          save(result, page, tail - behind, false);
        }
      } else if (state > SlotWord.FREE) {
        result.damaged("slot " + i + " has no state");
      }
    }
    for (int page = placed.nextClearBit(0); page < layout.frames; ) {
      if (layout.page(page) + layout.pageSize <= available) {
        save(result, page, -1, true);
      }
      page = placed.nextClearBit(page + 1);
    }
    return result.finish(new Losses(memory)::total, memory.getCounterAcquire(RingLayout.TOLD));
  }

  private void save(Salvage result, int page, long sequence, boolean held) {
    MemorySegment into = MemorySegment.ofArray(new long[layout.pageSize / Long.BYTES]);
    String problem = held ? salvage.held(page, into) : salvage.whole(page, into);
    if (problem != null) {
      result.damaged("page " + page + ": " + problem);
      return;
    }
    result.torn(salvage.torn());
    if (salvage.events() > 0) {
      result.add(
          new Salvage.Saved(
              sequence,
              held,
              salvage.events(),
              salvage.firstTime(),
              salvage.lastTime(),
              salvage.used(),
              into));
    }
  }
}
