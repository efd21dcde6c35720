package org.pagewheel;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongUnaryOperator;
import org.pagewheel.spi.Refusal;
import org.pagewheel.spi.RingWriter;

/**
 * The account of one CPU, or of several added up: a value for each {@link Counter}. At any moment
 * at which no writer and no reader is at work:
 *
 * <ul>
 *   <li>{@code written = read + unread + overrun}; in {@link Buffer#totals} {@code + cleared}
 *   <li>{@code attempted = written + refused}, where an attempt is a {@link RingWriter#reserve}
 *       that was not answered with {@link Refusal#SEALED} and not taken back by {@link
 *       RingWriter#discard}, and {@code refused} the sum of {@link Counter#isRefusal refusals}.
 * </ul>
 *
 * <p>Two accounts are equal if all values are. An account does not change.
 */
public final class Counters {
  /** The time of nothing. */
  public static final long NONE = Long.MIN_VALUE;

  private static final Counter[] ALL = Counter.values();

  /** Nothing has happened: all 0, and no oldest event. */
  public static final Counters ZERO = builder().build();

  /** By {@link Counter#ordinal}. */
  private final long[] values;

  private Counters(long[] values) {
    this.values = values;
  }

  /**
   * Begins an account.
   *
   * @return a builder in which nothing has happened
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Begins an account with these values.
   *
   * @return a new builder
   */
  public Builder toBuilder() {
    return new Builder(values);
  }

  /**
   * The value of a counter.
   *
   * @param counter which
   * @return its value, in its {@link Counter#unit}
   */
  public long get(Counter counter) {
    return values[counter.ordinal()];
  }

  /**
   * The sum of two accounts.
   *
   * @param other the account of another CPU or ring
   * @return the sum; {@link #oldest} is the older one
   */
  public Counters plus(Counters other) {
    long[] sum = new long[ALL.length];
    for (Counter counter : ALL) {
      sum[counter.ordinal()] = counter.together(get(counter), other.get(counter));
    }
    return new Counters(sum);
  }

  /**
   * The same account when what is unread has been given up: it is overrun now.
   *
   * @return an account without anything unread
   */
  public Counters givenUp() {
    return withUnreadAs(Counter.OVERRUN);
  }

  /**
   * The same account when what is unread has been cleared, see {@link Buffer#clear}.
   *
   * @return an account without anything unread
   */
  public Counters withUnreadCleared() {
    return withUnreadAs(Counter.CLEARED);
  }

  private Counters withUnreadAs(Counter counter) {
    return toBuilder()
        .add(counter, unread())
        .set(Counter.BYTES, 0)
        .set(Counter.OLDEST, NONE)
        .build();
  }

  /**
   * The events that can still be read: the kernel's {@code entries}.
   *
   * @return {@code written - read - overrun - cleared}
   */
  public long unread() {
    return written() - read() - overrun() - cleared();
  }

  /**
   * The events refused, by whatever cause.
   *
   * @return a number of at least 0
   */
  public long refused() {
    long sum = 0;
    for (Counter counter : ALL) {
      sum += counter.isRefusal() ? get(counter) : 0;
    }
    return sum;
  }

  /**
   * The value of {@link Counter#WRITTEN}.
   *
   * @return its value
   */
  public long written() {
    return get(Counter.WRITTEN);
  }

  /**
   * The value of {@link Counter#READ}.
   *
   * @return its value
   */
  public long read() {
    return get(Counter.READ);
  }

  /**
   * The value of {@link Counter#OVERRUN}.
   *
   * @return its value
   */
  public long overrun() {
    return get(Counter.OVERRUN);
  }

  /**
   * The value of {@link Counter#COMMIT_OVERRUN}.
   *
   * @return its value
   */
  public long commitOverrun() {
    return get(Counter.COMMIT_OVERRUN);
  }

  /**
   * The value of {@link Counter#DROPPED}.
   *
   * @return its value
   */
  public long dropped() {
    return get(Counter.DROPPED);
  }

  /**
   * The value of {@link Counter#DISABLED}.
   *
   * @return its value
   */
  public long disabled() {
    return get(Counter.DISABLED);
  }

  /**
   * The value of {@link Counter#TOO_LONG}.
   *
   * @return its value
   */
  public long tooLong() {
    return get(Counter.TOO_LONG);
  }

  /**
   * The value of {@link Counter#RECURSION}.
   *
   * @return its value
   */
  public long recursion() {
    return get(Counter.RECURSION);
  }

  /**
   * The value of {@link Counter#DISCARDED}.
   *
   * @return its value
   */
  public long discarded() {
    return get(Counter.DISCARDED);
  }

  /**
   * The value of {@link Counter#CLEARED}.
   *
   * @return its value
   */
  public long cleared() {
    return get(Counter.CLEARED);
  }

  /**
   * The value of {@link Counter#BYTES}.
   *
   * @return its value
   */
  public long bytes() {
    return get(Counter.BYTES);
  }

  /**
   * The value of {@link Counter#PAGES_WRITTEN}.
   *
   * @return its value
   */
  public long pagesWritten() {
    return get(Counter.PAGES_WRITTEN);
  }

  /**
   * The value of {@link Counter#PAGES_READ}.
   *
   * @return its value
   */
  public long pagesRead() {
    return get(Counter.PAGES_READ);
  }

  /**
   * The value of {@link Counter#PAGES_LOST}.
   *
   * @return its value
   */
  public long pagesLost() {
    return get(Counter.PAGES_LOST);
  }

  /**
   * The value of {@link Counter#OLDEST}.
   *
   * @return its value
   */
  public long oldest() {
    return get(Counter.OLDEST);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counters counters && Arrays.equals(values, counters.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  /** Each value that is not that of {@link #ZERO}, with its name. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (Counter counter : ALL) {
      if (get(counter) != counter.none()) {
        text.append(text.length() > 1 ? ", " : "")
            .append(counter.label())
            .append(String.format(Locale.ROOT, " %d", get(counter)));
      }
    }
    return text.append(']').toString();
  }

  /**
   * Makes an account, counter by counter; what is not set is as in {@link #ZERO}. For one thread.
   */
  public static final class Builder {
    private final long[] values;

    private Builder() {
      values = new long[ALL.length];
      for (Counter counter : ALL) {
        values[counter.ordinal()] = counter.none();
      }
    }

    private Builder(long[] from) {
      values = from.clone();
    }

    /**
     * Sets a counter.
     *
     * @param counter which
     * @param value its value, in its {@link Counter#unit}
     * @return this builder
     */
    public Builder set(Counter counter, long value) {
      values[counter.ordinal()] = value;
      return this;
    }

    /**
     * Sets the counter of each refusal.
     *
     * @param counts how many there were of a {@link Counter#refusal}
     * @return this builder
     */
    public Builder setRefusals(LongUnaryOperator counts) {
      for (Counter counter : ALL) {
        if (counter.isRefusal()) {
          set(counter, counts.applyAsLong(counter.refusal()));
        }
      }
      return this;
    }

    /**
     * Raises a counter, or lowers it.
     *
     * @param counter which
     * @param by the difference
     * @return this builder
     */
    public Builder add(Counter counter, long by) {
      values[counter.ordinal()] += by;
      return this;
    }

    /**
     * Ends the account.
     *
     * @return it; the builder may be used for another
     */
    public Counters build() {
      return new Counters(values.clone());
    }
  }
}
