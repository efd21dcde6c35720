package org.pagewheel.analysis;

import java.util.Arrays;

/**
 * When scheduling events of a CPU are missing. A thread that is not on a CPU may have run there
 * meanwhile. Begins and ends come in the order of their times.
 */
final class Gaps {
  private long[] begins = new long[16];
  private int count;
  private int open;
  private long lastEnd = Long.MIN_VALUE;

  void begin(long time) {
    if (count == begins.length) {
      begins = Arrays.copyOf(begins, 2 * count);
    }
    begins[count++] = time;
    open++;
  }

  void end(long time) {
    open--;
    lastEnd = time;
  }

  boolean isOpen() {
    return open > 0;
  }

  /** The number of the first gap that touches a time which begins now. */
  int mark() {
    return open > 0 ? count - 1 : count;
  }

  /** When the first gap begins in a time that began at a mark; its end if there is none. */
  long first(int mark, long from, long to) {
    return mark < count ? Math.clamp(begins[mark], from, to) : to;
  }

  /** From when on there is no gap up to a time, which is now. */
  long sure(long from, long now) {
    return open > 0 ? now : Math.clamp(lastEnd, from, now);
  }
}
