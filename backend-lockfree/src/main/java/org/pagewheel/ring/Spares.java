package org.pagewheel.ring;

/**
 * The page frames that are in no slot and held by nobody; all zero. Readers lock it for a moment,
 * writers never come here.
 */
final class Spares {
  private final int[] stack;
  private int count;
  private int held;

  /** All frames from {@code first} to {@code end} − 1 are there. */
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

  /** A frame that is all zero comes back, the same as was taken or another in its place. */
  synchronized void put(int page) {
    held--;
    stack[count++] = page;
  }

  /** How many are out. */
  synchronized int held() {
    return held;
  }
}
