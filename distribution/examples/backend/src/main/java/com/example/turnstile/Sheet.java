package com.example.turnstile;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.pagewheel.format.RecordLayout;

/** A page of a ring: its bytes, and what the lane it belongs to knows about them. */
final class Sheet {
  /** Which of the ring's sheets it is; part of its events' reservations. */
  final int number;

  /** Backed by longs, so that 8-byte fields of events can be aligned. */
  final MemorySegment memory;

  /** The events that are reserved and not finished, by the place of their payload in words. */
  private final BitSet open;

  /** The number in the CPU's stream. */
  long sequence;

  /** Bytes of records. */
  int used;

  /** Events committed, and how much of them was read while the sheet was still being written. */
  int entries;

  int entriesRead;
  int bytesRead;

  /** Whether an event was taken back. */
  boolean discards;

  /** Whether nobody reserves here any more. */
  boolean closed;

  /** Out of the ring although an event is still being written here. */
  boolean parked;

  Sheet(int number, int size) {
    this.number = number;
    this.memory = MemorySegment.ofArray(new long[size / Long.BYTES]);
    this.open = new BitSet(size / RecordLayout.WORD);
  }

  /** Makes it the next page of the stream. */
  void begin(long nextSequence) {
    sequence = nextSequence;
    used = 0;
    entries = 0;
    entriesRead = 0;
    bytesRead = 0;
    discards = false;
    closed = false;
    parked = false;
  }

  void reserve(int payload) {
    open.set(payload / RecordLayout.WORD);
  }

  /** Ends a reservation; misuse is told to the one who misuses. */
  void settle(int payload) {
    if (!isOpen(payload)) {
      throw new IllegalStateException(
          "the event at " + payload + " was committed or discarded already");
    }
    open.clear(payload / RecordLayout.WORD);
  }

  boolean isOpen(int payload) {
    return open.get(payload / RecordLayout.WORD);
  }

  boolean hasOpenEvents() {
    return !open.isEmpty();
  }

  /** Whether nothing will be added or changed any more. */
  boolean isComplete() {
    return closed && !hasOpenEvents();
  }

  int unread() {
    return entries - entriesRead;
  }
}
