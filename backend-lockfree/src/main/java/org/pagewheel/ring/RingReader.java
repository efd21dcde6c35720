package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Mode;
import org.pagewheel.Page;
import org.pagewheel.RingView.PageView;
import org.pagewheel.RingView.State;
import org.pagewheel.format.PageLayout;

/** Takes pages out of the ring of one CPU. One thread at a time; others wait for it here. */
final class RingReader {
  // A complete page leaves the ring by one compare-and-exchange of its slot word, LIVE to FREE with
  // a spare frame in its place. All that was read of the page before is proved by it: the slot held
  // that page all the time, so no writer had it emptied.
  //
  // A page whose pending event holds up a full ring (mode DISCARD) leaves it the same way, complete
  // or not: what is committed is copied to another spare first. Its frame is nobody's until the
  // event is committed after all: PassedPages.
  //
  // What is committed of a page that is not complete is copied out; the compare-and-exchange that
  // records how many events were read comes behind the copying and decides whether it counts.

  private final int cpu;
  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final Mover mover;
  private final Losses losses;
  private final Spares spares;
  private final PassedPages passed;
  private final PageCopier copier;
  private final Runnable released;

  /** The page that was taken last, for drawing. */
  private PageView takenLast;

  /** Nanoseconds for which a page may hold up the ring: longer than threads are preempted. */
  static final long PATIENCE = 100_000_000;

  /** For tests, which cannot wait. */
  long patience = PATIENCE;

  /** Which page was found to hold up the ring, since when, and how many were refused then. */
  private long blockedAt = -1;

  private long blockedSince;
  private long refusedThen;

  RingReader(
      int cpu,
      RingMemory memory,
      Mover mover,
      Spares spares,
      PassedPages passed,
      Runnable released) {
    this.cpu = cpu;
    this.memory = memory;
    this.layout = memory.layout;
    this.slots = layout.slotWord;
    this.mover = mover;
    this.losses = new Losses(memory, passed);
    this.spares = spares;
    this.passed = passed;
    this.copier = new PageCopier(memory);
    this.released = released;
  }

  /** See {@link org.pagewheel.PageSource#take}. */
  synchronized Page take(boolean open) {
    long head = memory.getCounterAcquire(RingLayout.HEAD);
    passed.giveBack();
    while (true) {
      memory.setCounterRelease(RingLayout.HEAD, head);
      long tail = CurrentWord.sequence(memory.getCurrentAcquire());
      if (head > tail) {
        return null;
      }
      long slot = memory.getSlotAcquire(head);
      long ahead = slots.ahead(slot, head);
      if (ahead != 0) {
        head += ahead - layout.slots + 1; // overwritten; that is the oldest there can be
        losses.lookAgain();
        continue;
      }
      if (slots.state(slot) != SlotWord.LIVE) {
        head++; // given up
        losses.lookAgain();
        continue;
      }
      long unread = mover.unreadIfComplete(head, slot);
      // What was found counts only if the page was in the slot all the time: one that is being
      // emptied looks like one with an event still being written.
      if ((unread == 0 && head == tail || unread < 0 && !open) && !memory.isSlotStill(head, slot)) {
        continue;
      }
      if (unread == 0 && head == tail) {
        return null; // closed, and all read: goes when the writers go on
      }
      if (unread == 0) {
        mover.empty(head, slot, 0);
        continue;
      }
      if (spares.isEmpty()) {
        return null; // until a page is released
      }
      if (unread < 0 && isInTheWay(head, tail)) {
        Page rest = pass(head, slot);
        if (rest != null) {
          return rest;
        }
        if (!memory.isSlotStill(head, slot)) {
          continue;
        }
      }
      if (unread < 0 && !open) {
        return null;
      }
      Page page = unread > 0 ? swap(head, tail, slot, unread) : copyOut(head, slot);
      if (page != null || memory.isSlotStill(head, slot)) {
        return page;
      }
    }
  }

  // ---- a complete page

  private Page swap(long head, long tail, long slot, long unread) {
    int page = slots.page(slot);
    int spare = spares.take();
    if (spare < 0) {
      return null;
    }
    memory.emptied(spare, head + layout.slots);
    long word = memory.getPageWordAcquire(page);
    if (head == tail) {
      mover.raiseCarry(memory.getTimeOpaque(page) + layout.pageWords.time(word));
    }
    long lost = losses.total();
    memory.hold(page, head, unread, lost);
    if (!memory.casSlot(head, slot, slots.of(head, spare, SlotWord.FREE, 0))) {
      memory.letGo(page);
      spares.put(spare);
      return null;
    }
    memory.setCounterRelease(RingLayout.HEAD, head + 1);
    addToCounter(RingLayout.READ, unread);
    addToCounter(RingLayout.PAGES_READ, 1);
    MemorySegment segment = layout.segmentOf(memory.segment, page);
    long memo = memory.getMemoOpaque(page);
    int used = layout.pageWords.used(word);
    if (slots.count(slot) == 0 && MemoWord.isAt(memo, head) && !MemoWord.isMixed(memo)) {
      Settling.finishPlain(segment, used, tell(lost));
    } else {
      settle(segment, used, slots.count(slot), tell(lost));
    }
    return handOut(page, head, slots.count(slot), (int) unread, segment);
  }

  /** Finishes a page that is this thread's alone; it is handed out whatever was written over it. */
  private void settle(MemorySegment segment, int used, int read, long missed) {
    String damage = Settling.finish(segment, used, read, missed);
    if (damage != null) {
      mover.broken(damage);
    }
  }

  private Page handOut(int page, long sequence, int firstEntry, int events, MemorySegment segment) {
    int used = segment.get(PageLayout.INT, PageLayout.COMMIT) & PageLayout.COMMIT_MASK;
    takenLast = new PageView(sequence - layout.slots, State.READER, used, events);
    return new Page(
        cpu, sequence - layout.slots, firstEntry, segment, done -> giveBack(page, segment));
  }

  private void giveBack(int page, MemorySegment segment) {
    memory.letGo(page);
    segment.fill((byte) 0);
    spares.put(page);
    released.run();
  }

  /** What to tell of losses in the next page. */
  private long tell(long lost) {
    long told = memory.getCounterAcquire(RingLayout.TOLD);
    if (lost <= told) {
      return 0;
    }
    memory.setCounterRelease(RingLayout.TOLD, lost);
    return lost - told;
  }

  private void addToCounter(long counter, long value) {
    memory.setCounterRelease(counter, memory.getCounterAcquire(counter) + value);
  }

  // ---- a page with an event still being written

  /** Copies what is committed and unread up to the first event that is not committed, or null. */
  private Page copyOut(long head, long slot) {
    int spare = spares.take();
    if (spare < 0) {
      return null;
    }
    MemorySegment segment = layout.segmentOf(memory.segment, spare);
    int page = slots.page(slot);
    int before = slots.count(slot);
    int events = copier.copyPrefix(page, segment);
    long lost = losses.total();
    long read = slots.of(head, page, SlotWord.LIVE, events);
    memory.hold(spare, head, events - before, lost);
    if (events <= before || !memory.casSlot(head, slot, read)) {
      memory.letGo(spare);
      segment.fill((byte) 0);
      spares.put(spare);
      return null;
    }
    addToCounter(RingLayout.READ, events - before);
    settle(segment, copier.used(), before, tell(lost));
    return handOut(spare, head, before, events - before, segment);
  }

  // ---- a page that is in the way of the writers

  /**
   * Whether a page with a pending event has held up the ring for too long: all behind it is full,
   * and events were refused because of it. (In mode overwrite writers step over it.)
   */
  private boolean isInTheWay(long head, long tail) {
    boolean full =
        layout.mode == Mode.DISCARD
            && tail - head == layout.slots - 1
            && !PageWord.isOpen(
                memory.getPageWordAcquire(CurrentWord.page(memory.getCurrentAcquire())));
    if (!full) {
      return false;
    }
    long refused = memory.getCounterAcquire(RingLayout.COMMIT_OVERRUN);
    if (blockedAt != head) {
      blockedAt = head;
      blockedSince = System.nanoTime();
      refusedThen = refused;
    }
    return refused > refusedThen && System.nanoTime() - blockedSince >= patience;
  }

  /**
   * Takes the page out of the ring and hands on a copy without the pending events; null if there is
   * nothing to hand on, or it cannot be done.
   */
  private Page pass(long head, long slot) {
    int spare = spares.take();
    int copy = spare < 0 ? -1 : spares.take();
    if (copy < 0) {
      putBack(spare);
      return null;
    }
    MemorySegment segment = layout.segmentOf(memory.segment, copy);
    int before = slots.count(slot);
    int events = copier.copyCommitted(slots.page(slot), segment);
    memory.emptied(spare, head + layout.slots);
    long lost = losses.total();
    long free = slots.of(head, spare, SlotWord.FREE, 0);
    memory.hold(copy, head, events - before, lost);
    if (events < before || !memory.casSlot(head, slot, free)) {
      memory.letGo(copy);
      segment.fill((byte) 0);
      putBack(copy);
      putBack(spare);
      return null;
    }
    passed.add(slots.page(slot), events);
    memory.setCounterRelease(RingLayout.HEAD, head + 1);
    addToCounter(RingLayout.READ, events - before);
    addToCounter(RingLayout.PAGES_READ, 1);
    if (events == before) {
      memory.letGo(copy);
      segment.fill((byte) 0);
      putBack(copy);
      return null;
    }
    settle(segment, copier.used(), before, tell(lost));
    return handOut(copy, head, before, events - before, segment);
  }

  private void putBack(int spare) {
    if (spare >= 0) {
      spares.put(spare);
    }
  }

  // ---- for drawing

  /** The page that was taken last, if one is still held; else null. */
  synchronized PageView takenView() {
    return spares.held() > 0 ? takenLast : null;
  }
}
