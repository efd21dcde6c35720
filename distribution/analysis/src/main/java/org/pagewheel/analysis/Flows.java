package org.pagewheel.analysis;

/**
 * Which flows have been met, of a fixed size: a flow that another one has taken the place of is met
 * for the first time again.
 */
final class Flows {
  private static final int PLACES = 1 << 16;

  private final long[] numbers = new long[PLACES];

  /** Returns whether the number, which is not 0, is met for the first time. */
  boolean add(long number) {
    int place = (int) (number >>> 32) & PLACES - 1;
    boolean isNew = numbers[place] != number;
    numbers[place] = number;
    return isNew;
  }
}
