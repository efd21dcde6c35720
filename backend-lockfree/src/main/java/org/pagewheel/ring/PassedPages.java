package org.pagewheel.ring;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The pages that a reader has passed because an event was still being written on them, and the ring
 * was full behind it. What was committed was handed on as a copy; the frame stays out of the ring
 * until its last event is committed, too. An event that is committed so late counts as overrun.
 */
final class PassedPages {
  private record Passed(int page, int events) {}

  private final RingMemory memory;
  private final RingLayout layout;
  private final Spares spares;
  private final List<Passed> passed = new ArrayList<>();

  PassedPages(RingMemory memory, Spares spares) {
    this.memory = memory;
    this.layout = memory.layout;
    this.spares = spares;
  }

  /** A page that has left the ring, of which so many events have been read. */
  synchronized void add(int page, int events) {
    passed.add(new Passed(page, events));
  }

  /** Makes spares of those whose last event is committed or discarded; true if none is left. */
  synchronized boolean giveBack() {
    for (Iterator<Passed> all = passed.iterator(); all.hasNext(); ) {
      Passed one = all.next();
      int used = layout.pageWords.used(memory.getPageWordAcquire(one.page));
      if (Records.completeEvents(memory, one.page, used) >= 0) {
        memory.add(RingLayout.LATE, late(one));
        layout.segmentOf(memory.segment, one.page).fill((byte) 0);
        spares.put(one.page);
        all.remove();
      }
    }
    return passed.isEmpty();
  }

  /** Events that were committed after their page was passed. */
  synchronized long late() {
    long late = memory.getCounterAcquire(RingLayout.LATE);
    for (Passed one : passed) {
      late += late(one);
    }
    return late;
  }

  private long late(Passed one) {
    return PageWalk.committed(memory, one.page) - one.events;
  }
}
