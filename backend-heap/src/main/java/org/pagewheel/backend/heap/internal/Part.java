package org.pagewheel.backend.heap.internal;

import java.lang.foreign.MemorySegment;
import org.pagewheel.format.PageEncoder;

/** The committed, unread part of a page, as it was when it was marked out. */
final class Part {
  final Frame frame;
  final long sequence;
  final int from;
  final int to;
  final long time;
  final int firstEntry;
  final boolean oldest;

  /** Lost events that it is to report. */
  final long missed;

  /** Found by counting: events, and the time of the last record. */
  int entries;

  long endTime;

  /** Why counting failed: the copy is torn, or the page is damaged; null if it did not fail. */
  Exception damage;

  /** Whether the page is damaged and an event in it is still being written. */
  boolean withheld;

  /** Where in the page the open reservations begin that it leaves out; null if there are none. */
  private final int[] leftOut;

  /** Whether none is open after it, so that nothing of the page is held back. */
  final boolean whole;

  /** Whether the taker parks the page. */
  boolean passes;

  Part(Frame frame, int to, boolean oldest, long missed) {
    this(frame, to, oldest, missed, null, false);
  }

  Part(Frame frame, int to, boolean oldest, long missed, int[] leftOut, boolean whole) {
    this.leftOut = leftOut;
    this.whole = whole;
    this.frame = frame;
    this.sequence = frame.sequence;
    this.from = frame.readBytes;
    this.to = to;
    this.time = frame.readTime;
    this.firstEntry = frame.readEntries;
    this.oldest = oldest;
    this.missed = oldest ? missed : 0;
  }

  /** Whether the frame still holds the page that was copied, as it was. */
  boolean isIntact(Pages pages) {
    boolean intact = frame.sequence == sequence && frame.isInStream();
    for (int i = 0; intact && leftOut != null && i < leftOut.length; i++) {
      intact = pages.isUncommitted(frame, leftOut[i]);
    }
    return intact;
  }

  /** The same for the taker, and also that what was counted is all there is to take. */
  boolean isStillToTake(Pages pages) {
    boolean all = !passes || frame.open > 0 && frame.unread() == entries;
    return all && frame.readBytes == from && isIntact(pages);
  }

  /** Turns what a copy leaves out into records that readers skip. */
  void leaveOut(MemorySegment into) {
    for (int i = 0; leftOut != null && i < leftOut.length; i++) {
      PageEncoder.discard(into, 0, leftOut[i] - from);
    }
  }
}
