package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.function.IntPredicate;
import org.pagewheel.Clock;
import org.pagewheel.Page;
import org.pagewheel.format.PageEncoder;
import org.pagewheel.spi.CountedPage;

/**
 * One CPU's ring in memory that another process writes, or wrote before it died. Only reads, so the
 * memory may be mapped read-only, and trusts nothing: whatever the bytes are, it terminates, stays
 * within the memory, and returns no inconsistent page. For one thread.
 */
public final class ForeignRing {
  /** How many times one call looks at a page that changes. */
  private static final int MAX_TRIES = 1000;

  private final int cpu;
  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final PageSalvage salvage;

  /**
   * The clock is unknown here, so only the order of reserving says what is old: a dead thread of
   * the other process costs a follower up to 200 ms.
   */
  final Patience patience;

  /** Pages of lower sequences hold nothing back: see {@link CopyingReader}. */
  private long settled;

  /** Gives the page frames of a ring of which only the words are in memory. */
  @FunctionalInterface
  public interface Frames {
    /**
     * Gives a frame.
     *
     * @param at where it begins, counted from the ring's first word
     * @return its bytes, valid until the next call; null if they are missing
     */
    MemorySegment get(long at);
  }

  /**
   * Looks at memory.
   *
   * @param cpu the CPU whose ring it is
   * @param memory of {@link RingLayout#bytes} bytes, at a multiple of 8
   * @param layout of the ring that is in it
   * @param isEventId whether an event can have an id; an unknown one ends its page as damaged
   */
  public ForeignRing(int cpu, MemorySegment memory, RingLayout layout, IntPredicate isEventId) {
    this(cpu, new RingMemory(memory, layout), at -> memory.asSlice(at, layout.pageSize), isEventId);
  }

  /**
   * Looks at words in memory, and at pages one after another.
   *
   * @param cpu the CPU whose ring it is
   * @param words the first {@link RingLayout#wordBytes} bytes, aligned to 8 bytes
   * @param frames gives the pages
   * @param layout of the ring
   * @param isEventId whether an event can have an id; an unknown one ends its page as damaged
   * @return the ring, which can be salvaged but not followed
   */
  public static ForeignRing of(
      int cpu, MemorySegment words, Frames frames, RingLayout layout, IntPredicate isEventId) {
    return new ForeignRing(cpu, RingMemory.ofWords(words, layout), frames, isEventId);
  }

  private ForeignRing(int cpu, RingMemory memory, Frames frames, IntPredicate isEventId) {
    this.cpu = cpu;
    this.memory = memory;
    this.layout = memory.layout;
    this.slots = layout.slotWord;
    this.patience = new Patience(memory, Clock.of("none", () -> 0));
    this.salvage = new PageSalvage(memory, page -> frames.get(layout.page(page)), isEventId);
  }

  /**
   * Copies a page while the other process writes, as {@link org.pagewheel.spi.PageSource#copy}
   * does. Always copies from the first event of the page, read or unread. Reports losses only as
   * gaps in the sequences.
   *
   * @param from the lowest sequence wanted
   * @param into memory of one page
   * @return the page, or null if there is none now
   */
  public Page copy(long from, MemorySegment into) {
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    long wanted = Math.clamp(from, 0, Long.MAX_VALUE - layout.slots) + layout.slots;
    long oldest = Math.max(tail - layout.slots + 1, layout.slots);
    long sequence = Math.max(oldest, Math.min(wanted, settled));
    Patience.Limit old = patience.forCopy();
    int tries = MAX_TRIES;
    while (sequence <= tail && tries > 0) {
      long slot = memory.getSlotAcquire(sequence);
      if (isLive(slot, sequence)) {
        int events = salvage.prefix(slots.page(slot), sequence, old, into);
        if (!memory.isSlotStill(sequence, slot)) {
          tail = CurrentWord.sequence(memory.getCurrentAcquire());
          sequence = Math.max(sequence, tail - layout.slots + 1);
          tries--;
          continue;
        }
        if (sequence >= wanted && events > 0) {
          PageEncoder.finish(into, 0, layout.pageSize, salvage.used(), 0, false);
          return new CountedPage(cpu, sequence - layout.slots, 0, into, page -> {});
        }
        if (salvage.isWaiting() && sequence < tail) {
          return null; // later pages wait for this page's events
        }
      }
      if (sequence++ < tail) {
        settled = Math.max(settled, sequence); // a page that the writers left gets no new events
      }
    }
    return null;
  }

  private boolean isLive(long slot, long sequence) {
    return slots.isAt(slot, sequence)
        && slots.state(slot) == SlotWord.LIVE
        && slots.page(slot) < layout.frames;
  }

  /**
   * Saves what a dead process left: every committed event in the memory, including those that a
   * reader had taken and not given back. Takes memory for a few words of each page.
   *
   * @return the consistent pages, what is missing between them, and what was wrong with the others
   */
  public Salvage salvage() {
    Salvage result = new Salvage(cpu, memory, salvage);
    if (memory.getCurrentAcquire() == 0) {
      result.unknown("its words are zero"); // which they never are in a ring
      return result.finish();
    }
    BitSet placed = new BitSet(layout.frames);
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    for (int i = 0; i < layout.slots; i++) {
      long slot = memory.getSlotAcquire(i);
      int page = slots.page(slot);
      int state = slots.state(slot);
      // The sequence of a live page in this slot; a page of the first lap has at least this one.
      long sequence = tail - Math.floorMod(tail - i, (long) layout.slots);
      if (page >= layout.frames || placed.get(page)) {
        result.damaged(sequence, "slot " + i + " names page " + page + ", which cannot be there");
        continue;
      }
      placed.set(page);
      if (state == SlotWord.LIVE) {
        if (slots.isAt(slot, tail + 1) && layout.slotIndex(tail + 1) == i) {
          continue; // killed on the way to this page, which is empty
        }
        if (!slots.isAt(slot, sequence)) {
          result.damaged(sequence, "slot " + i + " has a sequence that cannot be there");
        } else {
          result.inRing(sequence, page, slots.count(slot));
        }
      } else if (state > SlotWord.FREE) {
        result.damaged(sequence, "slot " + i + " has no state");
      }
    }
    for (int entry = 0; entry < layout.frames - layout.slots; entry++) {
      long page = memory.getHeldAcquire(entry, RingLayout.HELD_FRAME) - 1;
      if (page >= 0 && page < layout.frames && !placed.get((int) page)) {
        placed.set((int) page);
        result.held(entry, (int) page);
      }
    }
    return result.finish();
  }
}
