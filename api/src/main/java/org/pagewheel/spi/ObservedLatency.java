package org.pagewheel.spi;

import java.util.List;

/**
 * How the lengths of spans, or of what lies between two events, are spread, as far as somebody
 * observes them on a buffer.
 *
 * @param question what is observed, as it was asked
 * @param count how many were met
 * @param sum of their lengths, nanoseconds
 * @param p50 half of them took at most so long, nanoseconds; 0 if there was none, as those below
 * @param p90 of ten nine did
 * @param p99 of a hundred 99 did
 * @param p999 of a thousand 999 did
 * @param max the longest
 * @param bounds some lengths, nanoseconds, rising
 * @param counts for each bound how many took at most so long, to three digits
 * @param waiting begins and ends that wait for the other half
 * @param unpaired those that found none
 * @param missed events that the observer did not see; −1 if their number is unknown
 * @param busy how much of its time the observer is at work, from 0 to 1
 */
public record ObservedLatency(
    String question,
    long count,
    long sum,
    long p50,
    long p90,
    long p99,
    long p999,
    long max,
    List<Long> bounds,
    List<Long> counts,
    long waiting,
    long unpaired,
    long missed,
    double busy) {

  /** Copies the lists. */
  public ObservedLatency {
    bounds = List.copyOf(bounds);
    counts = List.copyOf(counts);
  }
}
