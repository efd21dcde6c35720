package org.pagewheel.tck.reference;

import java.util.BitSet;
import org.pagewheel.format.PageLayout;
import org.pagewheel.format.RecordLayout;

/** What the ring knows about one page; the bytes are elsewhere. Guarded by its CPU. */
final class SimplePage {
  /** Where the page lies in its CPU's memory. */
  final long base;

  /** The records, by offset / 4, that are reserved and neither committed nor discarded. */
  private final BitSet open;

  /** How many those are. */
  int pending;

  /** The number in the CPU's stream. */
  long sequence;

  /** Bytes of records reserved. */
  int used;

  /** Events committed, and how many of them were read. */
  int entries;

  int entriesRead;

  /** Bytes of records that were read. */
  int bytesRead;

  /** Whether an event was taken back. */
  boolean discards;

  /** Left by the writers: full, flushed or sealed. */
  boolean closed;

  /** Out of the ring although an event is still being written in it. */
  boolean parked;

  SimplePage(long base, int pageSize) {
    this.base = base;
    this.open = new BitSet(pageSize / RecordLayout.WORD);
  }

  void reset(long newSequence) {
    sequence = newSequence;
    used = 0;
    entries = 0;
    entriesRead = 0;
    bytesRead = 0;
    discards = false;
    closed = false;
    parked = false;
  }

  void reserve(int at) {
    open.set(at / RecordLayout.WORD);
    pending++;
  }

  void settle(int at) {
    if (!open.get(at / RecordLayout.WORD)) {
      throw new IllegalStateException(
          "the event at offset " + (base + at) + " was committed or discarded already");
    }
    open.clear(at / RecordLayout.WORD);
    pending--;
  }

  int unread() {
    return entries - entriesRead;
  }

  /** Whether nothing will be added to it any more. */
  boolean isComplete() {
    return closed && pending == 0;
  }

  /** Bytes of records before the first one that is still being written. */
  int committedBytes() {
    int first = open.nextSetBit(0);
    return first < 0 ? used : first * RecordLayout.WORD - PageLayout.DATA;
  }
}
