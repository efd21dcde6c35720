package org.pagewheel;

/**
 * How the counts of a clock become nanoseconds of the clock {@code mono}: {@code count * multiplier
 * >>> shift}, plus an offset. Multiplier and shift are those of the option TSC2NSEC of trace files.
 *
 * <p>It is exact at the moment it was measured. Before and after that it is off by as much as the
 * two clocks have drifted apart since, usually well below a millionth of the time in between.
 *
 * @param multiplier nanoseconds of {@code 1 << shift} counts, an unsigned number
 * @param shift from 0 to 32
 * @param offset nanoseconds to add
 */
public record ClockScale(int multiplier, int shift, long offset) {
  /** Beyond this, tools do not shift right. */
  public static final int MAX_SHIFT = 32;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the multiplier is 0 or the shift is out of its range
   */
  public ClockScale {
    if (multiplier == 0 || shift < 0 || shift > MAX_SHIFT) {
      throw new IllegalArgumentException(
          "multiplier "
              + Integer.toUnsignedString(multiplier)
              + " and shift "
              + shift
              + " are none");
    }
  }

  /**
   * The scale of a clock of which this is known: nanoseconds per count, and one moment.
   *
   * @param nanosPerCount from 1e-9 to 4e9
   * @param count the clock in that moment
   * @param mono the clock {@code mono} in that moment
   * @return the scale with the most digits
   */
  static ClockScale of(double nanosPerCount, long count, long mono) {
    int shift = MAX_SHIFT;
    while (nanosPerCount * (1L << shift) >= 1L << Integer.SIZE && shift > 0) {
      shift--;
    }
    int multiplier = (int) (long) Math.rint(nanosPerCount * (1L << shift));
    long offset = mono - new ClockScale(multiplier, shift, 0).nanos(count);
    return new ClockScale(multiplier, shift, offset);
  }

  /**
   * A time of the clock {@code mono}.
   *
   * @param count what the clock has counted, an unsigned number
   * @return nanoseconds
   */
  public long nanos(long count) {
    long factor = Integer.toUnsignedLong(multiplier);
    long high = Math.unsignedMultiplyHigh(count, factor);
    long nanos = count * factor >>> shift | (shift == 0 ? 0 : high << Long.SIZE - shift);
    return nanos + offset;
  }

  /**
   * How long it is between two counts.
   *
   * @param counts the difference, also a negative one
   * @return nanoseconds, rounded
   */
  public long length(long counts) {
    return Math.round((double) counts * Integer.toUnsignedLong(multiplier) / (1L << shift));
  }

  /**
   * How much a clock counts meanwhile.
   *
   * @param nanos nanoseconds, negative ones too
   * @return counts, rounded
   */
  public long counts(long nanos) {
    return Math.round((double) nanos * (1L << shift) / Integer.toUnsignedLong(multiplier));
  }
}
