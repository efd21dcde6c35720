package org.pagewheel.ring;

/**
 * The pages that a reader passed because an event on them had been open for too long while others
 * waited for it. What was committed was handed on as a copy; the frame stays out of the ring until
 * its last event is finished too. An event committed that late counts as overrun.
 */
final class PassedPages {
  private final RingMemory memory;
  private final RingLayout layout;
  private final Spares spares;

  // All guarded by this. Adding and removing are done by the last store, after all calls.
  private final int[] frames;
  private final int[] read;

  /** Whether its late events have been counted. */
  private final boolean[] counted;

  private int count;

  PassedPages(RingMemory memory, Spares spares) {
    this.memory = memory;
    this.layout = memory.layout;
    this.spares = spares;
    int most = layout.frames - layout.slots; // each takes a spare
    this.frames = new int[most];
    this.read = new int[most];
    this.counted = new boolean[most];
  }

  /** Adds a page that has left the ring, of which this many events were read. */
  synchronized void add(int frame, int events) {
    frames[count] = frame;
    read[count] = events;
    counted[count] = false;
    count++;
  }

  /** Makes spares of the pages whose last event is committed or discarded; true if none is left. */
  synchronized boolean giveBack() {
    for (int i = count - 1; i >= 0; i--) {
      if (!counted[i] && isComplete(frames[i])) {
        memory.setCounterRelease(
            RingLayout.LATE, memory.getCounterAcquire(RingLayout.LATE) + late(i));
        counted[i] = true;
      }
      if (counted[i]) {
        layout.segmentOf(memory.segment, frames[i]).fill((byte) 0);
        spares.put(frames[i]);
        int last = count - 1;
        frames[i] = frames[last];
        read[i] = read[last];
        counted[i] = counted[last];
        count = last;
      }
    }
    return count == 0;
  }

  private boolean isComplete(int frame) {
    int used = layout.pageWords.used(memory.getPageWordAcquire(frame));
    return Records.completeEvents(memory, frame, used) >= 0;
  }

  /** Events that were committed after their page was passed. */
  synchronized long late() {
    long late = memory.getCounterAcquire(RingLayout.LATE);
    for (int i = 0; i < count; i++) {
      late += counted[i] ? 0 : late(i);
    }
    return late;
  }

  private long late(int i) {
    return PageWalk.committed(memory, frames[i]) - read[i];
  }
}
