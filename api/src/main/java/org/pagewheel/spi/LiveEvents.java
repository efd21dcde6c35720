package org.pagewheel.spi;

import java.lang.foreign.MemorySegment;
import org.pagewheel.Page;
import org.pagewheel.format.DamagedPageException;

/**
 * Iterates over one CPU's events without consuming them, while writers write. The page being
 * written is copied again each time its events are used up; {@link #returned} events of it are
 * skipped then.
 */
final class LiveEvents extends CpuEvents {
  private final ConsumingEvents consuming;
  private final MemorySegment memory;

  /** The page copied last, and how many of its events have been passed; −1 before the first. */
  private long sequence = -1;

  private int behind;

  /** Whether the last look found the page that we are in. */
  private boolean stillThere;

  LiveEvents(PageSource source, ConsumingEvents consuming, int cpu) {
    super(source, cpu);
    this.consuming = consuming;
    this.memory = newPage(source.pageSize());
  }

  @Override
  void returned() {
    behind++;
  }

  /** Begins anew, with nothing missed, if its current page has been cleared. */
  @Override
  boolean dropIfCleared() {
    if (sequence < 0 || sequence >= source.clearedBefore(cpu)) {
      return false;
    }
    forget();
    page = null;
    sequence = -1;
    behind = 0;
    return true;
  }

  @Override
  boolean fetch() throws DamagedPageException {
    dropIfCleared();
    if (sequence < 0) {
      return fetchFirst();
    }
    if (fetch(sequence)) {
      return true;
    }
    if (source.copy(cpu, sequence + 1, memory) == null) {
      return false;
    }
    // There is a newer page, so the one we are in no longer grows: its last copy has everything
    // that came since. If it is gone, it may have had events that we have not seen: the next call
    // finds another page in its place, and reports it.
    return fetch(sequence) || stillThere && fetch(sequence + 1);
  }

  private boolean fetchFirst() throws DamagedPageException {
    Page rest = consuming.copyRest();
    if (rest == null) {
      return fetch(0);
    }
    sequence = rest.sequence();
    behind = rest.firstEntry();
    enter(rest);
    addMissed(cursor.missed());
    return true;
  }

  /** Enters the first page from a sequence on, after the events that were returned already. */
  private boolean fetch(long from) throws DamagedPageException {
    Page next = source.copy(cpu, from, memory);
    stillThere = next != null && next.sequence() == sequence;
    if (next == null) {
      return false;
    }
    boolean same = stillThere;
    int skip = same ? behind - next.firstEntry() : 0;
    cursorFor(next).reset(next.memory());
    long told = cursor.missed();
    if (same && cursor.count(next.memory()) <= skip) {
      return false;
    }
    if (from == sequence && !same) {
      // It has gone, with events that we may not have seen.
      addMissed(-1);
    } else if (sequence < 0) {
      addMissed(told);
    } else if (skip < 0 || !same && isBehindAGap(next)) {
      addMissed(-1);
    }
    enter(next);
    for (int i = 0; i < skip; i++) {
      cursor.next();
    }
    behind = Math.max(next.firstEntry(), same ? behind : 0);
    sequence = next.sequence();
    return true;
  }

  /** Whether pages between went, or events of this one were consumed, before we came to it. */
  private boolean isBehindAGap(Page next) {
    return next.sequence() > sequence + 1 || next.firstEntry() > 0;
  }
}
