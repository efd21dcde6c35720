package org.pagewheel.ring;

/**
 * The zeroed page frames that are in no slot and not held. Readers lock it for a moment, writers
 * never come here.
 */
final class Spares {
  private final int[] stack;
  private int count;
  private int held;

  /** All frames from {@code first} to {@code end} − 1 are present. */
  Spares(int first, int end) {
    stack = new int[end - first];
    for (int page = end - 1; page >= first; page--) {
      stack[count++] = page;
    }
  }

  /** A frame, or −1 if all are held. */
  synchronized int take() {
    if (count == 0) {
      return -1;
    }
    held++;
    return stack[--count];
  }

  /** Takes back a zeroed frame, the one that was taken or another in its place. */
  synchronized void put(int page) {
    held--;
    stack[count++] = page;
  }

  /** How many are out. */
  synchronized int held() {
    return held;
  }
}
