package org.pagewheel.ring;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import org.pagewheel.format.RecordLayout;

/** Does for the ring of one CPU what {@link Unfinished} notes. */
final class Amends {
  private static final int WORD = RecordLayout.WORD;

  private final Writer writer;
  private final Mover mover;
  private final RingMemory memory;
  private final Unfinished unfinished;

  /** Where page 0 begins in {@link Writer#words}. */
  private final long firstPage;

  private final int shift;

  Amends(Writer writer, Mover mover, long firstPage) {
    this.writer = writer;
    this.mover = mover;
    this.memory = writer.ring.memory;
    this.unfinished = mover.unfinished;
    this.firstPage = firstPage;
    this.shift = memory.layout.pageShift;
  }

  /**
   * Finishes what threads left when an error hit them: a record that no thread will fill becomes a
   * discarded one, which no counter shows. An error thrown here leaves the rest for the next
   * thread.
   */
  void finish() {
    while (unfinished.count > 0) {
      int kind;
      long first;
      long second;
      long time;
      synchronized (unfinished) {
        int i = unfinished.count - 1;
        if (i < 0) {
          return;
        }
        kind = unfinished.kinds[i];
        first = unfinished.firsts[i];
        second = unfinished.seconds[i];
        time = unfinished.times[i];
        unfinished.count = i;
      }
      try {
        switch (kind) {
          case Unfinished.RECORD -> {
            takeBack((int) first, second, (first & Unfinished.EXTENDED) != 0, time);
            kind = Unfinished.LOOK; // the page may be used again from here on
            first = second - firstPage >>> shift;
            writer.finished((int) first);
          }
          case Unfinished.COUNT -> memory.add(first, second);
          case Unfinished.LOOK -> writer.finished((int) first);
          case Unfinished.CLOSED -> mover.closed(first, (int) second, (int) (second >>> 32));
          case Unfinished.BUSY -> {
            int lost = mover.lost(second);
            mover.free(first, second);
            kind = Unfinished.COUNT;
            first = RingLayout.PAGES_LOST;
            second = lost;
            memory.add(first, second);
          }
          case Unfinished.RETURNED -> writer.ring.reader.putBack((int) first);
          default -> {}
        }
      } catch (VirtualMachineError e) {
        synchronized (unfinished) { // without a call: see there
          int i = unfinished.count;
          if (i < Unfinished.MAX) {
            unfinished.kinds[i] = kind;
            unfinished.firsts[i] = first;
            unfinished.seconds[i] = second;
            unfinished.times[i] = time;
            unfinished.count = i + 1;
          }
        }
        throw e;
      }
    }
  }

  /** Repeats each store, whether it was done or not, in the order in which a walk may see them. */
  private void takeBack(int size, long start, boolean extended, long delta) {
    MemorySegment words = writer.words();
    long record = start;
    int small = (int) delta;
    if (extended) {
      RingMemory.announceExtend(words, record, delta);
      record += RecordLayout.EXTEND_SIZE;
      small = 0;
    }
    if (RingMemory.getIntPlain(words, record) == 0) {
      RingMemory.announce(words, record, Records.PENDING | RecordLayout.word(0, small));
    }
    RingMemory.announce(words, record + WORD, size - WORD);
    RingMemory.setIntRelease(words, record, RecordLayout.word(RecordLayout.PADDING, small));
    Reference.reachabilityFence(writer);
  }
}
