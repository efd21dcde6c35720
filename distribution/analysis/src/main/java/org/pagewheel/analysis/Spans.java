package org.pagewheel.analysis;

import java.util.Arrays;

/** Spans of time, those that overlap joined. They are added in about the order of their begin. */
final class Spans {
  private static final int MAX = 1 << 20;

  private long[] begins = new long[16];
  private long[] ends = new long[16];
  private int size;

  /** Returns whether there was room. */
  boolean add(long begin, long end) {
    if (size > 0 && begin >= begins[size - 1] && begin <= ends[size - 1]) {
      ends[size - 1] = Math.max(ends[size - 1], end);
      return true;
    }
    if (size == MAX) {
      return false;
    }
    if (size == begins.length) {
      begins = Arrays.copyOf(begins, 2 * size);
      ends = Arrays.copyOf(ends, 2 * size);
    }
    int at = size;
    for (; at > 0 && begins[at - 1] > begin; at--) { // a clock that went back
      begins[at] = begins[at - 1];
      ends[at] = ends[at - 1];
    }
    begins[at] = begin;
    ends[at] = end;
    size++;
    return true;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean contains(long time) {
    int at = Arrays.binarySearch(begins, 0, size, time);
    int before = at >= 0 ? at : -at - 2;
    return before >= 0 && time <= ends[before];
  }
}
