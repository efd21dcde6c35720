package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Page;
import org.pagewheel.RingView.PageView;
import org.pagewheel.RingView.State;
import org.pagewheel.format.PageLayout;
import org.pagewheel.spi.CountedPage;

/** Takes pages out of the ring of one CPU. One thread at a time; others wait for it here. */
final class RingReader {
  // A complete page leaves the ring by one compare-and-exchange of its slot word, LIVE to FREE with
  // a spare frame in its place. It proves everything read from the page before: the slot held that
  // page all the time, so no writer emptied it.
  //
  // A page all of whose pending events are old (mode DISCARD, see Patience) leaves it the same way
  // if anything committed waits for them: what is committed is copied to another spare first. The
  // page is closed by then, so it gets no more events. Its frame belongs to no one until the last
  // event is finished after all: PassedPages. A pending event that nothing waits for is left alone.
  //
  // What is committed on an incomplete page is copied out; the compare-and-exchange that records
  // how many events were read comes after the copying and decides whether it counts.

  //
  // Errors in the middle: everything that can be done before that exchange is, including
  // allocations and giving a copy its final form. The rest, Taking.complete, stores what was
  // determined before, so that it can be repeated from the beginning; until it is done, and the
  // page handed out, the next take goes on with it. Frames that were fetched for an attempt that
  // failed stay in hand for the next.

  private final int cpu;
  private final Writer writer;
  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final Mover mover;
  private final Losses losses;
  private final Spares spares;
  private final PassedPages passed;
  private final Patience patience;
  private final PageCopier copier;
  private final Runnable released;

  /**
   * How many times one call looks at a page that changes meanwhile. It can change once for each
   * page that the writers turn; more often if others also write the memory.
   */
  private static final int MAX_TRIES = 1000;

  /** What must be stored once a page is taken. */
  private final Taking taking = new Taking();

  /** Whether a page was taken and not handed out yet. Written under this. */
  private volatile boolean taken;

  /** That page; null if there is nothing on it. */
  private Page page;

  /** Frames fetched and not used, or −1: the first is to go into a slot. Written under this. */
  private volatile int first = -1;

  private volatile int second = -1;

  /** Whether they may hold data. */
  private boolean firstUsed;

  private boolean secondUsed;

  /** The page that was handed out last, for drawing. */
  private long shownSequence;

  private int shownUsed;
  private int shownEvents;

  RingReader(
      int cpu,
      Writer writer,
      Mover mover,
      Spares spares,
      PassedPages passed,
      Losses losses,
      Patience patience,
      Runnable released) {
    this.cpu = cpu;
    this.writer = writer;
    this.memory = writer.ring.memory;
    this.patience = patience;
    this.layout = memory.layout;
    this.slots = layout.slotWord;
    this.mover = mover;
    this.losses = losses;
    this.spares = spares;
    this.passed = passed;
    this.copier = new PageCopier(memory);
    this.released = released;
  }

  /** See {@link org.pagewheel.spi.PageSource#take}. */
  synchronized Page take(boolean open) {
    if (taken) {
      Page rest = handOut();
      if (rest != null) {
        return rest;
      }
    }
    long head = memory.getCounterAcquire(RingLayout.HEAD);
    passed.giveBack();
    int tries = MAX_TRIES;
    while (tries-- > 0) {
      long tail = CurrentWord.sequence(memory.getCurrentAcquire());
      head = Math.max(head, tail - layout.slots + 1); // older pages are overwritten
      memory.setCounterRelease(RingLayout.HEAD, head);
      if (head > tail) {
        return null;
      }
      long slot = memory.getSlotAcquire(head);
      if (!slots.isAt(slot, head) || slots.state(slot) != SlotWord.LIVE) {
        head++; // overwritten, given up or empty
        tries++;
        continue;
      }
      long unread = mover.unreadIfComplete(head, slot);
      // The result counts only if the page was in the slot all the time: one that is being emptied
      // looks like one with an event still being written.
      if ((unread == 0 && head == tail || unread < 0 && !open) && !memory.isSlotStill(head, slot)) {
        continue;
      }
      if (unread == 0 && head == tail) {
        return null; // closed, and all read: leaves when the writers go on
      }
      if (unread == 0) {
        mover.empty(head, slot, 0);
        continue;
      }
      if (!fetchFirst()) {
        return null; // until a page is released
      }
      Page page = unread > 0 ? swap(head, tail, slot, unread) : open ? copyOut(head, slot) : null;
      if (page == null && unread < 0 && !(open && copier.isWhole())) {
        page = pass(head, tail, slot, open);
      }
      if (page != null || memory.isSlotStill(head, slot)) {
        return page;
      }
    }
    return null;
  }

  // ---- spare frames

  /** Makes sure that a zeroed frame is in hand. */
  private boolean fetchFirst() {
    if (first < 0) {
      first = spares.take();
    }
    if (first < 0) { // the other does as well
      firstUsed = secondUsed;
      first = second;
      second = -1;
    }
    if (first >= 0 && firstUsed) {
      layout.segmentOf(memory.segment, first).fill((byte) 0);
      firstUsed = false;
    }
    return first >= 0;
  }

  private boolean fetchSecond() {
    if (second < 0) {
      second = spares.take();
    }
    if (second >= 0 && secondUsed) {
      layout.segmentOf(memory.segment, second).fill((byte) 0);
      secondUsed = false;
    }
    return second >= 0;
  }

  /** Whether a page of this ring is held. */
  boolean isHolding() {
    return spares.held() > (first < 0 ? 0 : 1) + (second < 0 ? 0 : 1);
  }

  // ---- a complete page

  private Page swap(long head, long tail, long slot, long unread) {
    int frame = slots.page(slot);
    int read = slots.count(slot);
    memory.emptied(first, head + layout.slots);
    long word = memory.getPageWordAcquire(frame);
    long time = memory.getTimeOpaque(frame);
    if (head == tail) {
      mover.raiseCarry(time + layout.pageWords.time(word));
    }
    long lost = losses.total();
    taking.plan(memory, head + 1, unread, 1, lost);
    MemorySegment segment = layout.segmentOf(memory.segment, frame);
    int used = layout.pageWords.used(word);
    long memo = memory.getMemoAcquire(frame);
    if (read == 0 && MemoWord.isAt(memo, head) && !MemoWord.isMixed(memo)) {
      taking.settlePlain(segment, used, time);
    } else if (!taking.settle(memory, mover, head, slot, segment, used)) {
      return null;
    }
    Page full = page(frame, head, read, segment);
    memory.hold(frame, head, unread, lost);
    if (!memory.casSlot(head, slot, slots.of(head, first, SlotWord.FREE, 0))) {
      memory.letGo(frame);
      return null;
    }
    taken = true; // no call from the exchange to here, nor to the next
    first = -1;
    page = full;
    return handOut();
  }

  /** Allocates what is handed out later. */
  private Page page(int frame, long head, int firstEntry, MemorySegment segment) {
    return new CountedPage(cpu, head - layout.slots, firstEntry, segment, done -> giveBack(frame));
  }

  /** Hands out what was taken; null if it was nothing but a page in the way. */
  private Page handOut() {
    taking.complete(memory, passed);
    Page done = page;
    if (done != null) {
      shownSequence = done.sequence();
      shownUsed = PageLayout.used(done.memory());
      shownEvents = taking.events();
    }
    page = null;
    taken = false;
    return done;
  }

  /** Whether a page is taken and not handed out: only for a moment, unless there was an error. */
  boolean isTaken() {
    return taken;
  }

  /** How many events are on it, if so. */
  int eventsTaken() {
    return taken ? taking.events() : 0;
  }

  /** Drops a taken page when the ring is closed. */
  synchronized void drop() {
    if (taken) {
      Page done = handOut();
      if (done != null) {
        done.release();
      }
    }
  }

  private void giveBack(int frame) {
    boolean back = false;
    try {
      putBack(frame);
      back = true;
      released.run();
    } catch (VirtualMachineError e) {
      if (back) {
        return; // the next thread frees the memory
      }
      synchronized (mover.unfinished) { // without a call: see there
        int i = mover.unfinished.count;
        if (i < Unfinished.MAX) {
          mover.unfinished.kinds[i] = Unfinished.RETURNED;
          mover.unfinished.firsts[i] = frame;
          mover.unfinished.count = i + 1;
        }
      }
    }
  }

  /** Takes back the frame of a page that is no longer held; putting it back is the last step. */
  void putBack(int frame) {
    memory.letGo(frame);
    layout.segmentOf(memory.segment, frame).fill((byte) 0);
    spares.put(frame);
  }

  // ---- a page with an event still being written

  /** Copies what is committed and unread up to the first event that is not committed, or null. */
  private Page copyOut(long head, long slot) {
    firstUsed = true;
    MemorySegment segment = layout.segmentOf(memory.segment, first);
    int before = slots.count(slot);
    int events = copier.copy(slots.page(slot), head, null, segment);
    long read = slots.of(head, slots.page(slot), SlotWord.LIVE, events);
    if (events <= before || !memory.isSlotStill(head, slot)) {
      return null;
    }
    long lost = losses.total();
    taking.plan(memory, head, events - before, 0, lost);
    taking.settle(mover, segment, copier.used(), before);
    Page copy = page(first, head, before, segment);
    memory.hold(first, head, events - before, lost);
    if (!memory.casSlot(head, slot, read)) {
      memory.letGo(first);
      return null;
    }
    taken = true; // no call from the exchange to here, nor to the next
    firstUsed = false;
    first = -1;
    page = copy;
    return handOut();
  }

  // ---- a page with an event that has been written for too long

  /**
   * Takes the page out of the ring and hands on a copy without the pending events; null if there is
   * nothing to hand on, or it cannot be done.
   */
  private Page pass(long head, long tail, long slot, boolean open) {
    Patience.Limit old = patience.forTake();
    int frame = slots.page(slot);
    long word = memory.getPageWordAcquire(frame);
    // Until it is full, the page being written is only for callers that ask for it. A page still to
    // be opened has nothing, and may be open by the time it is looked at: an open page must not
    // leave its slot, or writers would go on with a frame that is used again.
    if (old == null
        || PageWord.state(word) == PageWord.EMPTIED
        || PageWord.isOpen(word) && !open
        || !fetchFirst()
        || !fetchSecond()) {
      return null;
    }
    secondUsed = true;
    MemorySegment segment = layout.segmentOf(memory.segment, second);
    int before = slots.count(slot);
    int events = copyPassable(head, tail, slot, old, segment);
    if (events < 0) {
      return null;
    }
    if (PageWord.isOpen(word)) {
      word = close(head, frame);
      events = copyPassable(head, tail, slot, old, segment);
      if (events < 0) {
        return null;
      }
    }
    if (head == tail) { // else the thread that turned to the next page did it
      mover.raiseCarry(memory.getTimeOpaque(frame) + layout.pageWords.time(word));
    }
    memory.emptied(first, head + layout.slots);
    long lost = losses.total();
    taking.plan(memory, head + 1, events - before, 1, lost);
    Page rest = null;
    if (events > before) {
      taking.settle(mover, segment, copier.used(), before);
      rest = page(second, head, before, segment);
    } else {
      taking.settleNothing();
    }
    taking.passes(frame, events);
    if (rest != null) {
      memory.hold(second, head, events - before, lost);
    }
    if (!memory.casSlot(head, slot, slots.of(head, first, SlotWord.FREE, 0))) {
      memory.letGo(second);
      return null;
    }
    taken = true; // no call from the exchange to here, nor to the next
    first = -1;
    page = rest;
    if (rest != null) {
      secondUsed = false;
      second = -1;
    }
    return handOut();
  }

  /** How many events can be handed on, including those read; −1 if the page is not to be passed. */
  private int copyPassable(
      long head, long tail, long slot, Patience.Limit old, MemorySegment into) {
    int before = slots.count(slot);
    int events = copier.copy(slots.page(slot), head, old, into);
    boolean passable =
        copier.isWhole()
            && events >= before
            && (events > before || isWaitedFor(head, tail))
            && memory.isSlotStill(head, slot);
    return passable ? events : -1;
  }

  /** Whether a page has anything for a reader after it, or writers need its room. */
  private boolean isWaitedFor(long head, long tail) {
    int newest = CurrentWord.page(memory.getCurrentAcquire());
    if (tail - head == layout.slots - 1 && !PageWord.isOpen(memory.getPageWordAcquire(newest))) {
      return true;
    }
    for (long sequence = head + 1; sequence <= tail; sequence++) {
      long slot = memory.getSlotAcquire(sequence);
      if (slots.isAt(slot, sequence)
          && slots.state(slot) == SlotWord.LIVE
          && PageWalk.committed(memory, slots.page(slot)) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Closes the current page, as a flush does; returns its word. */
  private long close(long sequence, int frame) {
    while (true) {
      long word = memory.getPageWordAcquire(frame);
      if (!PageWord.isOpen(word)) {
        return word;
      }
      if (mover.close(sequence, frame, word)) {
        writer.leave(sequence, frame, layout.frames);
      }
    }
  }

  // ---- for drawing

  /** The page that was taken last, if one is still held; else null. */
  synchronized PageView takenView() {
    return isHolding() && !taken
        ? PageView.of(shownSequence, State.READER, shownUsed, shownEvents)
        : null;
  }
}
