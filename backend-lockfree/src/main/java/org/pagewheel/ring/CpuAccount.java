package org.pagewheel.ring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.pagewheel.Counter;
import org.pagewheel.Counters;
import org.pagewheel.RingView;
import org.pagewheel.RingView.PageView;
import org.pagewheel.RingView.State;
import org.pagewheel.format.PageLayout;

/**
 * The account of one CPU and its picture: nothing is counted per event, so both come from looking
 * at the words, and at the pages that have not been looked at before.
 */
final class CpuAccount {
  private final int cpu;
  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final Mover mover;
  private final Losses losses;
  private final RingReader reader;

  CpuAccount(int cpu, RingMemory memory, Mover mover, Losses losses, RingReader reader) {
    this.reader = reader;
    this.losses = losses;
    this.cpu = cpu;
    this.memory = memory;
    this.layout = memory.layout;
    this.slots = layout.slotWord;
    this.mover = mover;
  }

  Counters counters() {
    return counters(true);
  }

  /** The same at less cost: without the bytes and the oldest event, and from memos. */
  Counters about() {
    return counters(false);
  }

  private Counters counters(boolean exact) {
    long unread = 0;
    long bytes = 0;
    long oldest = Counters.NONE;
    long head = memory.getCounterAcquire(RingLayout.HEAD);
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    for (long sequence = Math.max(head, tail - layout.slots + 1); sequence <= tail; sequence++) {
      long slot = memory.getSlotAcquire(sequence);
      if (!slots.isAt(slot, sequence) || slots.state(slot) != SlotWord.LIVE) {
        continue;
      }
      long known = exact ? Records.INCOMPLETE : mover.unreadIfComplete(sequence, slot);
      if (known >= 0) {
        unread += known;
        continue;
      }
      int alreadyRead = slots.count(slot);
      int page = slots.page(slot);
      long memo = memory.getMemoAcquire(page);
      if (alreadyRead == 0 && oldest != Counters.NONE && MemoWord.isAt(memo, sequence)) {
        unread += MemoWord.events(memo); // it has been walked over
        int used = layout.pageWords.used(memory.getPageWordAcquire(page));
        bytes += MemoWord.events(memo) > 0 ? used : 0;
        continue;
      }
      PageWalk walk = new PageWalk(memory, page);
      int events = 0;
      int pageBytes = alreadyRead == 0 ? walk.bytesLeft() : 0;
      while (walk.next()) {
        if (walk.isCommittedEvent() && ++events == alreadyRead) {
          pageBytes = walk.bytesLeft();
        } else if (walk.isCommittedEvent() && oldest == Counters.NONE && events > alreadyRead) {
          oldest = walk.time();
        }
      }
      unread += Math.max(0, events - alreadyRead);
      bytes += events > alreadyRead ? pageBytes : 0;
    }
    unread += reader.eventsTaken();
    long overrun = losses.total();
    long read = memory.getCounterAcquire(RingLayout.READ);
    return Counters.builder()
        .set(Counter.WRITTEN, read + unread + overrun)
        .set(Counter.READ, read)
        .set(Counter.OVERRUN, overrun)
        .setRefusals(memory::getRefusedAcquire)
        .set(Counter.DISCARDED, memory.getCounterAcquire(RingLayout.DISCARDED))
        .set(Counter.BYTES, bytes)
        .set(Counter.PAGES_WRITTEN, memory.getCounterAcquire(RingLayout.PAGES_WRITTEN))
        .set(Counter.PAGES_READ, memory.getCounterAcquire(RingLayout.PAGES_READ))
        .set(Counter.PAGES_LOST, memory.getCounterAcquire(RingLayout.PAGES_LOST))
        .set(Counter.OLDEST, oldest)
        .build();
  }

  /** The approximate number of full pages that wait for a reader. */
  int unreadPages() {
    long current = memory.getCurrentAcquire();
    long tail = CurrentWord.sequence(current);
    long head = memory.getCounterAcquire(RingLayout.HEAD);
    long word = memory.getPageWordAcquire(CurrentWord.page(current));
    boolean full = PageWord.state(word) == PageWord.CLOSED && layout.pageWords.used(word) > 0;
    long oldest = Math.max(head, tail - layout.pages + 1);
    int taken = reader.isTaken() ? 1 : 0;
    return (int) Math.max(0, tail - oldest + (full ? 1 : 0)) + taken;
  }

  /** Whether no page of the ring has an event that is being written. */
  boolean isComplete() {
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    // One beyond the page that the ring has turned to: a page that is stepped over moves there
    // first, and the current word may be stopped before it follows. (A live page there was never
    // opened.)
    for (long sequence = tail - layout.slots + 1; sequence <= tail + 1; sequence++) {
      long slot = memory.getSlotAcquire(sequence);
      int state = slots.state(slot);
      boolean used = state == SlotWord.LIVE && sequence <= tail || state == SlotWord.PARKED;
      if (used && slots.isAt(slot, sequence) && mover.unreadIfComplete(sequence, slot) < 0) {
        return false;
      }
    }
    return true;
  }

  // ---- drawing

  /** As a ring of just its pages, without the one kept empty ahead of the writers. */
  RingView view(PageView reader) {
    long head = memory.getCounterAcquire(RingLayout.HEAD);
    long tail = CurrentWord.sequence(memory.getCurrentAcquire());
    int size = layout.pages;
    List<PageView> pages = new ArrayList<>(Collections.nCopies(size, PageView.EMPTY));
    long first = -1;
    long pending = -1;
    for (long sequence = tail - size + 1; sequence <= tail; sequence++) {
      PageView page = pageView(sequence, head);
      pages.set((int) Math.floorMod(sequence - layout.slots, (long) size), page);
      boolean unread = sequence >= head && page.entries() > 0;
      first = first < 0 && unread ? sequence : first;
      pending = pending < 0 && page.state() == State.PENDING ? sequence : pending;
    }
    return RingView.builder(cpu, PageLayout.capacity(layout.pageSize), pages)
        .reader(reader)
        .head(first < 0 ? -1 : place(first))
        .tail(place(Math.max(tail, layout.slots)))
        .commit(pending < 0 ? -1 : place(pending))
        .build();
  }

  static RingView emptyView(int cpu, RingLayout layout) {
    List<PageView> pages = Collections.nCopies(layout.pages, PageView.EMPTY);
    return RingView.builder(cpu, PageLayout.capacity(layout.pageSize), pages).build();
  }

  private int place(long sequence) {
    return (int) Math.floorMod(sequence - layout.slots, (long) layout.pages);
  }

  private PageView pageView(long sequence, long head) {
    long slot = memory.getSlotAcquire(sequence);
    int state = slots.state(slot);
    boolean used = state == SlotWord.LIVE && sequence >= head || state == SlotWord.PARKED;
    long word = memory.getPageWordAcquire(slots.page(slot));
    if (!used || !slots.isAt(slot, sequence) || PageWord.state(word) == PageWord.EMPTIED) {
      return PageView.EMPTY;
    }
    int events = PageWalk.committed(memory, slots.page(slot));
    boolean complete = mover.unreadIfComplete(sequence, slot) >= 0;
    State shown = PageWord.isOpen(word) ? State.OPEN : complete ? State.FULL : State.PENDING;
    long shownSequence = state == SlotWord.PARKED ? -1 : sequence - layout.slots;
    return PageView.of(shownSequence, shown, layout.pageWords.used(word), events);
  }
}
