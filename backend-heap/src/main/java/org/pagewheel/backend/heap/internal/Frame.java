package org.pagewheel.backend.heap.internal;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.pagewheel.Page;
import org.pagewheel.spi.CountedPage;

/** One page of a CPU's memory and what is known of it. Guarded by the lock of its CPU. */
final class Frame implements CountedPage.Releaser {
  /** The states of a frame. */
  enum State {
    /** One of the spares, or about to be. */
    FREE,
    /** In the stream, the last: being written. */
    OPEN,
    /** In the stream, left by the writers; complete when no reservation is open. */
    CLOSED,
    /** Given up while reservations were open; free as soon as the last of them is finished. */
    PARKED,
    /** With a reader. */
    HELD
  }

  /** Where it begins in the memory of its CPU. */
  final long base;

  /** The same bytes as a separate segment. */
  final MemorySegment segment;

  private final Consumer<Frame> releaser;

  State state = State.FREE;

  /** The number of the page in it; stays when the frame becomes free, until it is opened again. */
  long sequence = -1;

  /** Bytes of records, and the time of the last of them. */
  int used;

  long time;

  /** Reservations neither committed nor discarded. */
  int open;

  /** Events committed. */
  int committed;

  /** Whether there are discarded records. */
  boolean discards;

  /** What a reader has consumed of it by copies: bytes, events, and the time of the last. */
  int readBytes;

  int readEntries;
  long readTime;

  Frame(long base, MemorySegment segment, Consumer<Frame> releaser) {
    this.base = base;
    this.segment = segment;
    this.releaser = releaser;
  }

  /** Its last reader releases it; called without the lock. */
  @Override
  public void release(Page page) {
    releaser.accept(this);
  }

  /** Committed events that no reader has received. */
  int unread() {
    return committed - readEntries;
  }

  /** Whether it will not change again. */
  boolean isComplete() {
    return state == State.CLOSED && open == 0;
  }

  boolean isInStream() {
    return state == State.OPEN || state == State.CLOSED;
  }
}
