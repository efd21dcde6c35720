package org.pagewheel.analysis;

/**
 * Which flows have been seen, of a fixed size: a flow displaced by another one counts as new when
 * it comes again.
 */
final class Flows {
  private static final int PLACES = 1 << 16;

  private final long[] numbers = new long[PLACES];

  /** Whether the number, which is not 0, is new. */
  boolean add(long number) {
    int place = (int) (number >>> 32) & PLACES - 1;
    boolean isNew = numbers[place] != number;
    numbers[place] = number;
    return isNew;
  }
}
