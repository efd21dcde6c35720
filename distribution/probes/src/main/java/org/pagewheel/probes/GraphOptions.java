package org.pagewheel.probes;

import java.time.Duration;
import java.util.Optional;

/**
 * What a function graph records. Immutable; made from {@link #of}, and other ones from it.
 *
 * @param pattern which methods, see the {@linkplain org.pagewheel.probes description of the
 *     package}
 * @param depth calls at most so deep in the graph are recorded
 * @param longer only calls that last at least so long are recorded; zero for all
 * @param threads only on threads of these names, {@code *} stands for any characters; empty for all
 * @param from only this method and what it calls, by the method's whole name; empty for everything
 * @param limit how many methods may be meant
 */
public record GraphOptions(
    String pattern,
    int depth,
    Duration longer,
    Optional<String> threads,
    Optional<String> from,
    int limit) {
  /** How many methods may be meant unless more are asked for. */
  public static final int LIMIT = 10_000;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is wrong
   */
  public GraphOptions {
    if (depth < 1) {
      throw new IllegalArgumentException("depth " + depth + ": from 1 on is right");
    }
    if (longer.isNegative()) {
      throw new IllegalArgumentException("longer " + longer + ": from 0 on is right");
    }
    if (limit < 1) {
      throw new IllegalArgumentException("limit " + limit + ": from 1 on is right");
    }
  }

  /**
   * All calls of methods.
   *
   * @param pattern which methods
   * @return of every depth and duration, on all threads
   */
  public static GraphOptions of(String pattern) {
    return new GraphOptions(
        pattern, Integer.MAX_VALUE, Duration.ZERO, Optional.empty(), Optional.empty(), LIMIT);
  }

  /**
   * The same to some depth.
   *
   * @param depth 1 for calls from outside alone
   * @return other options
   */
  public GraphOptions withDepth(int depth) {
    return new GraphOptions(pattern, depth, longer, threads, from, limit);
  }

  /**
   * The same of calls that last.
   *
   * @param longer at least so long
   * @return other options
   */
  public GraphOptions withLonger(Duration longer) {
    return new GraphOptions(pattern, depth, longer, threads, from, limit);
  }

  /**
   * The same on some threads.
   *
   * @param threads their names, in which {@code *} stands for any characters
   * @return other options
   */
  public GraphOptions withThreads(String threads) {
    return new GraphOptions(pattern, depth, longer, Optional.of(threads), from, limit);
  }

  /**
   * The same below a method.
   *
   * @param from the method's whole name, {@code com.acme.Orders.place}
   * @return other options
   */
  public GraphOptions withFrom(String from) {
    return new GraphOptions(pattern, depth, longer, threads, Optional.of(from), limit);
  }

  /**
   * The same with another limit.
   *
   * @param limit how many methods may be meant
   * @return other options
   */
  public GraphOptions withLimit(int limit) {
    return new GraphOptions(pattern, depth, longer, threads, from, limit);
  }
}
