package org.pagewheel.ring;

import java.lang.invoke.VarHandle;
import org.pagewheel.Mode;
import org.pagewheel.spi.Refusal;

/**
 * Turns the ring of one CPU to the next page. Every step is one compare-and-exchange that any
 * writer can do and that fails harmlessly if it is already done, so no thread waits for the one
 * that began. Only the emptying of a page belongs to one thread, and a writer that needs the page
 * meanwhile steps over it.
 */
final class Mover {
  // Invariants of the whole ring, cited by the tests:
  //
  // I1  every byte of a page belongs to at most one reservation; used only rises while the page is
  //     open, except when the newest reservation is given back
  // I2  every committed event comes out once, whole and in the order of reserving, or is counted as
  //     overrun once, or can still be read
  // I3  a page leaves its slot by one compare-and-exchange: the reader has it, or one emptier
  // I4  only a complete page is taken or emptied, or in mode DISCARD one whose pending events are
  // all
  //     old (see RingReader); the frame of a FREE slot is all zero and EMPTIED for the sequence at
  //     which the slot is used next
  // I5  a page is open only while it is current; after a seal none is
  // I6  times never run backwards: within a page by the exchange that fixes them, across pages by
  //     the carry
  // I7  what a thread reads from a page that it does not own counts only if the slot word is the
  //     same afterwards
  //
  // The page s is current and closed; n = s + 1. In this order:
  //
  //   1 carry     raise the carried time to that of the last event of s
  //   2 account   add what was lost with the page that gives way to the loss word, tagged n
  //   3 casSlot   FREE (n - slots) -> LIVE (n)
  //   4 casCurrent  s -> n
  //   5 casTime   untimed (n) -> the page's time, not before the carried one
  //   6 casPageWord  EMPTIED (n) -> OPEN
  //
  // A late thread finds the slot, the current word, the time or the page word changed: all carry n
  // in full, so none of them can be mistaken for that of another lap.
  //
  // Opening comes last, and only for the current page: so an open page is always current, a word
  // that is OPEN needs no tag, and a seal, which stops the current word, stops all opening.
  // (Opening before step 4, as is natural with a commit count, lets a writer that read an earlier
  // current word reserve on the new page after a seal: the model finds this, mistake OPENEARLY.)
  //
  // A slot is emptied for the lap in advance, by the thread that has opened the page before it:
  //
  //   casSlot     LIVE or PARKED, complete -> BUSY, with the number of events lost
  //   zero the page, setTime untimed, setPageWord EMPTIED     (the owner of BUSY alone)
  //   casSlot     BUSY -> FREE
  //
  // Rejected: all helpers zero the page (a late one zeroes a live page); zeroing when opening
  // (other threads would have to wait or step over the page at every turn, not only when its owner
  // stalls).

  /** The result of a step after which the caller looks again. */
  static final long AGAIN = 0;

  /** The same, after a page was stepped over. */
  static final long STEPPED = 1;

  final Unfinished unfinished = new Unfinished();

  private final RingMemory memory;
  private final RingLayout layout;
  private final SlotWord slots;
  private final LossWord lossWord;
  private final CpuEvents events;
  private final boolean overwrite;

  /** Where {@link #isAnyUsableBehind} last found a page: a hint, written in any order. */
  private long usable;

  /** How many slots were looked at for it; for tests. */
  long looks;

  /** The notifications of a ring to its owner. */
  interface CpuEvents {
    /** A page was closed: from now on each commit on it checks whether it completes the page. */
    void left();

    /** A page can be taken that could not before. */
    void wakeUp();

    /** An invariant does not hold. */
    void broken(String what);
  }

  Mover(RingMemory memory, CpuEvents events) {
    this.memory = memory;
    this.layout = memory.layout;
    this.slots = layout.slotWord;
    this.lossWord = layout.lossWord;
    this.overwrite = layout.mode == Mode.OVERWRITE;
    this.events = events;
  }

  /** An invariant does not hold: the CPU's ring takes no more events. */
  void broken(String what) {
    events.broken(what);
  }

  // ---- opening and closing

  /** Opens the current page; true if this call did. */
  boolean open(long sequence, int page, long pageWord, long now) {
    long untimed = RingMemory.untimed(sequence);
    if (memory.getTimeOpaque(page) == untimed) {
      long time = Math.max(now, memory.getCarryAcquire());
      memory.casTime(page, untimed, Math.max(time, Long.MIN_VALUE / 2));
    }
    return memory.casPageWord(page, pageWord, PageWord.OPEN);
  }

  /**
   * Closes an open page if its word is unchanged; true if this call did.
   *
   * @param sequence the sequence of the current page, which is this one or was replaced meanwhile;
   *     a hint
   */
  boolean close(long sequence, int page, long pageWord) {
    int used = layout.pageWords.used(pageWord);
    boolean mine = false;
    try {
      mine = memory.casPageWord(page, pageWord, PageWord.closed(pageWord));
      if (mine && used > 0) {
        closed(sequence, page, used);
      }
      return mine;
    } catch (Throwable e) {
      if (mine) {
        synchronized (unfinished) { // without a call: see there
          int i = unfinished.count;
          if (i < Unfinished.MAX) {
            unfinished.kinds[i] = Unfinished.CLOSED;
            unfinished.firsts[i] = sequence;
            unfinished.seconds[i] = (long) used << 32 | page;
            unfinished.count = i + 1;
          }
        }
      }
      throw e;
    }
  }

  /**
   * What follows the closing of a page that has records; the last step can be done once. Commits
   * begin to check before the page is counted: what the count misses wakes readers by itself,
   * whatever becomes of the closing thread, which may be refused or meet a seal.
   */
  void closed(long sequence, int page, int used) {
    events.left();
    long count = Records.completeEvents(memory, page, used);
    if (count >= 0) {
      memory.setMemoRelease(page, MemoWord.of(sequence, (int) count));
      events.wakeUp();
    }
    memory.add(RingLayout.PAGES_WRITTEN, 1);
  }

  /** To be called after a commit on a closed page, which may complete it. */
  void finishedOnClosedPage(int page, long pageWord) {
    // Pairs with itself: of two threads that commit the last two events, one sees both. Without it
    // each may look while its own store is still under way, and neither finds the page complete.
    VarHandle.fullFence();
    if (PageWord.state(pageWord) == PageWord.CLOSED
        && layout.pageWords.used(pageWord) > 0
        && Records.completeEvents(memory, page, layout.pageWords.used(pageWord)) >= 0) {
      events.wakeUp();
    }
  }

  /** Whether a page was complete when it was closed, or has been found complete since. */
  boolean isKnownComplete(long sequence, int page) {
    return page == layout.frames || MemoWord.isAt(memory.getMemoAcquire(page), sequence);
  }

  /** Closes the page at which the current word was stopped. */
  void closeForGood(long current) {
    int page = CurrentWord.page(current);
    long emptied = PageWord.emptied(CurrentWord.sequence(current));
    while (true) {
      long word = memory.getPageWordAcquire(page);
      if (PageWord.isOpen(word)
          ? close(CurrentWord.sequence(current), page, word)
          : word != emptied) {
        return;
      }
      if (word == emptied && memory.casPageWord(page, word, PageWord.CLOSED)) {
        return;
      }
    }
  }

  /**
   * Raises the carried time to that of the last event of a page, if the page is closed and in its
   * slot.
   */
  void carry(long sequence) {
    long slot = memory.getSlotAcquire(sequence);
    if (!slots.isAt(slot, sequence) || slots.state(slot) != SlotWord.LIVE) {
      return; // taken, and carried by the taker; or stepped over
    }
    int page = slots.page(slot);
    long word = memory.getPageWordAcquire(page);
    if (PageWord.state(word) != PageWord.CLOSED || layout.pageWords.used(word) == 0) {
      return;
    }
    long time = memory.getTimeOpaque(page) + layout.pageWords.time(word);
    if (memory.isSlotStill(sequence, slot)) {
      raiseCarry(time);
    }
  }

  void raiseCarry(long time) {
    long carry = memory.getCarryAcquire();
    while (carry < time && !memory.casCarry(carry, time)) {
      carry = memory.getCarryAcquire();
    }
  }

  // ---- turning

  /**
   * Does one step on the way from a closed page to the next.
   *
   * @param current the current word, without flags; its page is closed, or it has none
   * @param stepped how many pages the caller has stepped over for its event
   * @return AGAIN, STEPPED, or a refusal, not counted
   */
  long turn(long current, int stepped) {
    long next = CurrentWord.sequence(current) + 1;
    if (next > CurrentWord.LAST_SEQUENCE) {
      events.broken("it has written 2^46 pages, which is as far as it can count");
      return AGAIN;
    }
    long slot = memory.getSlotAcquire(next);
    int state = slots.state(slot);
    if (slots.isAt(slot, next)) {
      int page = state == SlotWord.LIVE ? slots.page(slot) : layout.frames;
      memory.casCurrent(current, CurrentWord.of(next, page));
      return AGAIN;
    }
    if (!slots.isAt(slot, next - layout.slots)) {
      if (memory.getCurrentAcquire() == current) {
        // The current word never returns to what it was, so this was the slot beside it.
        events.broken("slot word " + Long.toHexString(slot) + " cannot be beside the current page");
      }
      return AGAIN; // the current word was read long ago
    }
    switch (state) {
      case SlotWord.FREE -> {
        carry(next - 1);
        account(next, slot);
        long live = slots.of(next, slots.page(slot), SlotWord.LIVE, 0);
        if (memory.casSlot(next, slot, live)) {
          memory.casCurrent(current, CurrentWord.of(next, slots.page(slot)));
        }
        return AGAIN;
      }
      case SlotWord.BUSY -> {
        return stepOver(current, next, slot, SlotWord.BUSY, stepped);
      }
      case SlotWord.LIVE, SlotWord.PARKED -> {
        long unread = unreadIfComplete(next - layout.slots, slot);
        if (unread < 0) {
          return state == SlotWord.LIVE && !overwrite
              ? refuse(current, next, slot, Refusal.COMMIT_OVERRUN)
              : stepOver(current, next, slot, SlotWord.PARKED, stepped);
        }
        if (state == SlotWord.LIVE && !overwrite && unread > 0) {
          return refuse(current, next, slot, Refusal.DROPPED);
        }
        empty(next - layout.slots, slot, (int) unread);
        return AGAIN;
      }
      default -> {
        events.broken("slot word " + Long.toHexString(slot));
        return AGAIN;
      }
    }
  }

  /** The verdict counts only if the slot is still unchanged and no seal caused it. */
  private long refuse(long current, long next, long slot, long refusal) {
    return memory.isSlotStill(next, slot) && memory.getCurrentAcquire() == current
        ? refusal
        : AGAIN;
  }

  private long stepOver(long current, long next, long slot, int state, int stepped) {
    if (stepped >= layout.slots - 1 || !isAnyUsableBehind(next)) {
      return refuse(current, next, slot, Refusal.COMMIT_OVERRUN);
    }
    carry(next - 1);
    if (!memory.casSlot(next, slot, slots.moved(slot, next, state))) {
      return AGAIN;
    }
    memory.casCurrent(current, CurrentWord.of(next, layout.frames));
    return STEPPED;
  }

  /**
   * Whether stepping over leads anywhere: nothing is given up for an event that is then refused. A
   * writer that steps over many pages in a row finds the same page each time, and looks there
   * first.
   */
  private boolean isAnyUsableBehind(long next) {
    long found = usable;
    if (found > next && found < next + layout.slots && isUsable(found)) {
      return true;
    }
    for (long sequence = next + 1; sequence < next + layout.slots; sequence++) {
      if (isUsable(sequence)) {
        usable = sequence;
        return true;
      }
    }
    return false;
  }

  private boolean isUsable(long sequence) {
    looks++;
    long slot = memory.getSlotAcquire(sequence);
    if (!slots.isAt(slot, sequence - layout.slots)) {
      return true; // other writers have gone on meanwhile
    }
    return switch (slots.state(slot)) {
      case SlotWord.FREE -> true;
      case SlotWord.BUSY -> false;
      default -> unreadIfComplete(sequence - layout.slots, slot) >= 0;
    };
  }

  /** Adds what was lost with an emptied page, once, when it is used again. */
  private void account(long next, long slot) {
    long loss = memory.getLossAcquire();
    if (lossWord.isAt(loss, next) || !memory.isSlotStill(next, slot)) {
      return;
    }
    long halves = memory.getCounterAcquire(RingLayout.LOSS_HALVES);
    if (memory.getLossAcquire() != loss) {
      return; // counted by another thread; the words read do not belong together
    }
    if (lossWord.isBehind(halves, loss)) {
      memory.casCounter(RingLayout.LOSS_HALVES, halves, halves + 1);
    }
    memory.casLoss(loss, lossWord.plus(loss, next, slots.count(slot)));
  }

  // ---- emptying

  /** Empties the page ahead of a sequence that was just opened, if that page has to give way. */
  void prepare(long next) {
    long slot = memory.getSlotAcquire(next);
    int state = slots.state(slot);
    boolean givesWay = state == SlotWord.PARKED || state == SlotWord.LIVE && overwrite;
    if (givesWay && slots.isAt(slot, next - layout.slots)) {
      long unread = unreadIfComplete(next - layout.slots, slot);
      if (unread >= 0) {
        empty(next - layout.slots, slot, (int) unread);
      }
    }
  }

  /**
   * The unread events of the page in a slot, or negative if it has uncommitted ones. Right if the
   * slot word is unchanged afterwards, which a compare-and-exchange of it proves.
   */
  long unreadIfComplete(long sequence, long slot) {
    int page = slots.page(slot);
    boolean live = slots.state(slot) == SlotWord.LIVE;
    long word = memory.getPageWordAcquire(page);
    if (PageWord.state(word) != PageWord.CLOSED) {
      return Records.INCOMPLETE;
    }
    long memo = live ? memory.getMemoAcquire(page) : 0;
    if (live && MemoWord.isAt(memo, sequence)) {
      return MemoWord.events(memo) - slots.count(slot);
    }
    long count = Records.completeEvents(memory, page, layout.pageWords.used(word));
    if (count == Records.DAMAGED && memory.isSlotStill(sequence, slot)) {
      events.broken("a record on page " + page + " does not end where the next begins");
    }
    if (count < 0) {
      return count;
    }
    if (live && memory.isSlotStill(sequence, slot)) {
      memory.setMemoRelease(page, MemoWord.of(sequence, (int) count));
    }
    return (count & Records.MIXED - 1) - slots.count(slot);
  }

  /**
   * Empties a complete page and frees its slot, unless another thread is faster. Only the thread
   * that made a slot BUSY changes it; a slot changed otherwise is damaged.
   */
  void empty(long sequence, long slot, int lost) {
    long busy = slots.of(sequence, slots.page(slot), SlotWord.BUSY, lost);
    boolean mine = false;
    boolean free = false;
    try {
      mine = memory.casSlot(sequence, slot, busy);
      if (mine) {
        free(sequence, busy);
        free = true;
        if (lost > 0) {
          memory.add(RingLayout.PAGES_LOST, 1);
        }
      }
    } catch (Throwable e) {
      if (mine) {
        synchronized (unfinished) { // without a call: see there
          int i = unfinished.count;
          if (i < Unfinished.MAX) {
            unfinished.kinds[i] = free ? Unfinished.COUNT : Unfinished.BUSY;
            unfinished.firsts[i] = free ? RingLayout.PAGES_LOST : sequence;
            unfinished.seconds[i] = free ? 1 : busy;
            unfinished.count = i + 1;
          }
        }
      }
      throw e;
    }
  }

  /** How many pages with unread events are lost with one that is emptied. */
  int lost(long busy) {
    return slots.count(busy) > 0 ? 1 : 0;
  }

  /**
   * Empties a page and frees its slot, for the one thread that owns it; from the beginning, if
   * another has begun. At the sequence the slot word was this one; it may have moved on since.
   */
  void free(long sequence, long word) {
    int page = slots.page(word);
    RingMemory.fenceTaken();
    zero(page);
    long at = sequence;
    long busy = word;
    while (true) {
      memory.emptied(page, at + layout.slots);
      if (memory.casSlot(at, busy, slots.moved(busy, at, SlotWord.FREE))) {
        return;
      }
      long now = memory.getSlotAcquire(at);
      long ahead = slots.ahead(now, at);
      boolean owned = slots.state(now) == SlotWord.BUSY && slots.page(now) == page;
      if (!owned || ahead == 0 || ahead % layout.slots != 0) {
        events.broken("the slot of page " + page + " is not its owner's");
        return;
      }
      at += ahead; // another thread stepped over it
      busy = slots.moved(busy, at, SlotWord.BUSY);
    }
  }

  /** Zeroes the records of a page, which its owner has to itself. */
  private void zero(int page) {
    long word = memory.getPageWordAcquire(page);
    if (PageWord.state(word) == PageWord.CLOSED) { // else this was done before an error
      memory.zeroRecords(page, layout.pageWords.used(word));
    }
  }
}
